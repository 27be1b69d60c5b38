/**
 * The JSON text of a small message that is plain data, written while it is read: most messages are of this kind, and for
 * them a copy, a record of each object and `JSON.stringify` cost more than the writing itself.
 *
 * Each property is read once and what was read is kept, in order: where something turns up that JSON has no word for, the
 * full walk begins again and takes what was read from there (`Traversal.read`), so that no getter runs twice.
 */
import { jsonOf } from './json.js';
import { isDense, isLiteral } from './kind.js';
import { defaultLimits } from './limits.js';
import { MARK, MARK_CODE } from './tags.js';

/** More objects than this are a matter for the full walk, so that an attempt which gives up late costs little. No
 * more than `maxDepth` by default either, since all may lie one in the other. */
const maxSeen = defaultLimits.maxDepth;
/** So many are found in a list as fast as in a Set. */
const maxListed = 32;
/** Elements of an array; a longer one may be a table. */
const maxLength = 40;
/** Characters of a string that are looked at one by one; `JSON.stringify` is faster on longer ones. */
const maxScanned = 48;

const { isArray } = Array;
const { keys: keysOf } = Object;

/** What was read of a value so far. */
export interface Reading {
  /** The objects: the first of them, and all once there are more. */
  readonly seen: object[];
  seenAll: Set<object> | null;
  /** The keys of each of them, as far as they were asked for them. */
  readonly keys: (readonly string[])[];
  /** The values of their properties, in the order in which they were read. */
  readonly read: unknown[];
}

/** The text of `value`; empty where it is not plain, or not small. */
export function quickTextOf(value: unknown, reading: Reading): string {
  if (typeof value !== 'object' || value === null) return primitiveText(value);
  return isNew(value, reading) ? containerText(value, reading) : '';
}

/** The text of a value that is no object; empty for an object, and where JSON has no word for it. */
export function primitiveText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) === MARK_CODE ? '' : quoted(value);
    case 'number':
      return value - value === 0 && (value !== 0 || 1 / value > 0) ? `${value}` : '';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return value === null ? 'null' : '';
  }
}

/** Whether `object` is met for the first time, and there are not too many. */
function isNew(object: object, reading: Reading): boolean {
  const { seen } = reading;
  if (seen.length < maxListed) return seen.indexOf(object) < 0 && seen.push(object) > 0;
  const all = (reading.seenAll ??= new Set(seen));
  return all.size < maxSeen && !all.has(object) && all.add(object) === all;
}

function containerText(container: object, reading: Reading): string {
  let array: boolean;
  try {
    array = isArray(container);
    if (!array && !isLiteral(container)) return '';
  } catch {
    // A proxy: the full walk says what is wrong with it.
    return '';
  }
  return array ? arrayText(container as unknown[], reading) : objectText(container, reading);
}

function arrayText(array: readonly unknown[], reading: Reading): string {
  const { length } = array;
  if (length > maxLength) return '';
  const keys = keysOf(array);
  reading.keys.push(keys);
  if (!isDense(array, keys)) return '';
  let text = '[';
  for (let index = 0; index < length; index++) {
    const value = array[index];
    reading.read.push(value);
    const part = quickTextOf(value, reading);
    if (part === '') return '';
    text += index === 0 ? part : `,${part}`;
  }
  return `${text}]`;
}

function objectText(object: object, reading: Reading): string {
  let text = '{';
  const keys = keysOf(object);
  reading.keys.push(keys);
  for (const key of keys) {
    if (key === '__proto__' || key === MARK) return '';
    const value = (object as Record<string, unknown>)[key];
    reading.read.push(value);
    const part = quickTextOf(value, reading);
    if (part === '') return '';
    text += `${text === '{' ? '' : ','}${quoted(key)}:${part}`;
  }
  return `${text}}`;
}

function quoted(text: string): string {
  const { length } = text;
  if (length > maxScanned) return jsonOf(text);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 34 || code === 92 || code >= 0xd800) return jsonOf(text);
  }
  return `"${text}"`;
}
