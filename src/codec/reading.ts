/** What is read out of an object before it is written or copied: the same for both. */
import { slotReader, slots, type SlotReader } from './kind.js';
import { errorNames } from './tags.js';

/** Name, message and stack of an Error or a DOMException; `null` for what is absent. */
export type ErrorFields = readonly [name: string, message: string | null, stack: string | null];

/**
 * The standard takes only the standard names and an own message.
 * @see https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal at [[ErrorData]]
 */
export function readError(object: object): ErrorFields {
  const { name } = object as Error;
  const message = Object.getOwnPropertyDescriptor(object, 'message');
  const text = message !== undefined && 'value' in message ? String(message.value) : null;
  return [errorNames.includes(name) ? name : 'Error', text, stackOf(object)];
}

export function readDOMException(object: object): ErrorFields {
  const { name, message } = object as Error;
  return [name, message, stackOf(object)];
}

function stackOf(object: object): string | null {
  const stack: unknown = (object as Error).stack;
  return typeof stack === 'string' ? stack : null;
}

const flagReaders = [
  'hasIndices',
  'global',
  'ignoreCase',
  'multiline',
  'dotAll',
  'unicode',
  'unicodeSets',
  'sticky',
].map((name) => slotReader(RegExp.prototype, name));
const sourceReader = slotReader(RegExp.prototype, 'source') as SlotReader;

/** Flags and source by slot, whatever properties stand in front; not `lastIndex`, which is 0 in a clone. */
export function readRegExp(object: object): { flags: string; source: string } {
  let flags = '';
  flagReaders.forEach((read, index) => {
    if (read?.call(object) === true) flags += 'dgimsuvy'.charAt(index);
  });
  return { flags, source: sourceReader.call(object) as string };
}

const maxByteLengthReader = slotReader(ArrayBuffer.prototype, 'maxByteLength');
const resizableReader = slotReader(ArrayBuffer.prototype, 'resizable');

/** What a resizable buffer may grow to; `null` for one of fixed length. */
export function maxByteLengthOf(buffer: object): number | null {
  return resizableReader?.call(buffer) === true ? (maxByteLengthReader?.call(buffer) as number) : null;
}

export function byteLengthOf(buffer: ArrayBuffer): number {
  return slots.ArrayBuffer.call(buffer) as number;
}
