/** What is read out of an object before it is written or copied: the same for both. */
import { slotReader, slots } from './kind.js';
import { errorNames } from './tags.js';

const { getOwnPropertyDescriptor } = Object;

/** Name, message and stack of an Error or DOMException; `null` for what is absent. */
export interface ErrorFields {
  readonly name: string;
  readonly message: string | null;
  readonly stack: string | null;
}

/** @see https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal (step for [[ErrorData]]) */
export function readError(object: object): ErrorFields {
  const given = (object as Error).name as unknown;
  const name = given === undefined ? 'Error' : String(given);
  const message = getOwnPropertyDescriptor(object, 'message');
  const stack = (object as Error).stack as unknown;
  return {
    name: errorNames.includes(name) ? name : 'Error',
    message: message !== undefined && 'value' in message ? String(message.value) : null,
    stack: typeof stack === 'string' ? stack : null,
  };
}

export function readDOMException(object: object): ErrorFields {
  const { name, message, stack } = object as Error;
  return { name, message, stack: typeof stack === 'string' ? stack : null };
}

const flagReaders = [...'dgimsuvy'].map((letter, index) => {
  const names = [
    'hasIndices',
    'global',
    'ignoreCase',
    'multiline',
    'dotAll',
    'unicode',
    'unicodeSets',
    'sticky',
  ];
  return [letter, slotReader(RegExp.prototype, names[index] as string)] as const;
});

/** Flags and source by slot, whatever properties stand in front; not `lastIndex`, which is 0 in a clone. */
export function readRegExp(object: object): { flags: string; source: string } {
  let flags = '';
  for (const [letter, read] of flagReaders) if (read?.call(object) === true) flags += letter;
  return { flags, source: slots.source.call(object) as string };
}

/** What a resizable buffer may grow to; `null` for one of fixed length. */
export function maxByteLengthOf(buffer: object): number | null {
  const resizable = slots.resizable?.call(buffer) === true;
  return resizable ? (slots.maxByteLength?.call(buffer) as number) : null;
}
