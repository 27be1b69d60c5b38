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

/** Keys whose texts are remembered: those of an app's messages are few, and the same again and again. */
const maxKeys = 512;
/** Values of which the record keeps room for the next message. */
const maxKept = 256;

/**
 * What was read of a value so far, in order. One record serves message after message, for its lists would be most of what
 * a small message leaves to be collected; it holds nothing between them.
 */
export class Reading {
  /** The objects: the first of them, and all once there are more. */
  readonly seen: (object | null)[] = new Array<null>(maxListed).fill(null);
  seenAll: Set<object> | null = null;
  seenCount = 0;
  /** The keys of each of them, as far as they were asked for them. */
  readonly keys: (readonly string[] | null)[] = new Array<null>(maxListed).fill(null);
  keyCount = 0;
  /** The values of their properties. */
  readonly values: unknown[] = new Array<null>(maxKept).fill(null);
  valueCount = 0;

  noteKeys(keys: readonly string[]): void {
    this.keys[this.keyCount++] = keys;
  }

  note(value: unknown): void {
    this.values[this.valueCount++] = value;
  }

  /** Whether `object` is met for the first time, and there are not too many. */
  isNew(object: object): boolean {
    const { seen, seenCount } = this;
    if (seenCount >= maxListed) return this.isNewAmongMany(object);
    for (let at = 0; at < seenCount; at++) if (seen[at] === object) return false;
    seen[this.seenCount++] = object;
    return true;
  }

  private isNewAmongMany(object: object): boolean {
    const all = (this.seenAll ??= new Set(this.seen as object[]));
    return all.size < maxSeen && !all.has(object) && all.add(object) === all;
  }

  /** Lets go of everything. */
  clear(): void {
    const { seen, keys, values } = this;
    while (this.seenCount > 0) seen[--this.seenCount] = null;
    while (this.keyCount > 0) keys[--this.keyCount] = null;
    while (this.valueCount > 0) values[--this.valueCount] = null;
    this.seenAll = null;
    if (keys.length > maxListed) keys.length = maxListed;
    if (values.length > maxKept) values.length = maxKept;
  }
}

/** The text of `value`; empty where it is not plain, or not small. */
export function quickTextOf(value: unknown, reading: Reading): string {
  if (typeof value !== 'object' || value === null) return primitiveText(value);
  return reading.isNew(value) ? containerText(value, reading) : '';
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
  reading.noteKeys(keys);
  if (!isDense(array, keys)) return '';
  let text = '[';
  for (let index = 0; index < length; index++) {
    const value = array[index];
    reading.note(value);
    const part = quickTextOf(value, reading);
    if (part === '') return '';
    if (index > 0) text += ',';
    text += part;
  }
  return `${text}]`;
}

function objectText(object: object, reading: Reading): string {
  let text = '{';
  const keys = keysOf(object);
  reading.noteKeys(keys);
  for (const key of keys) {
    const name = keyTextOf(key);
    if (name === '') return '';
    const value = (object as Record<string, unknown>)[key];
    reading.note(value);
    const part = quickTextOf(value, reading);
    if (part === '') return '';
    if (text !== '{') text += ',';
    text += name;
    text += part;
  }
  return `${text}}`;
}

const keyTexts = new Map<string, string>();

/** A key as it stands before its value; empty for a key that has another meaning in our text. */
function keyTextOf(key: string): string {
  let text = keyTexts.get(key);
  if (text !== undefined) return text;
  text = key === '__proto__' || key === MARK ? '' : `${jsonOf(key)}:`;
  if (keyTexts.size === maxKeys) keyTexts.clear();
  if (key.length <= maxScanned) keyTexts.set(key, text);
  return text;
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
