/**
 * The way back from JSON text and buffers to a value; `tags.ts` has the form.
 *
 * A frame is hostile until it is decoded. Objects and arrays are always data, so only strings and entries of the side
 * table are looked at; each is compared with the one form that `encode` writes before anything is made of it, and
 * what is left of the parsed JSON is used as it is: `JSON.parse` has made each key an own property already.
 */
import { buildDOMException, buildError, setCause, sparseArray } from './building.js';
import { isArrayBuffer, resizableOf } from './buffers.js';
import { limitsOf, protocolError, within, type Limits } from './limits.js';
import { byteLengthOf, type ErrorFields } from './reading.js';
import { errorNames, MARK, MARK_CODE, specialNumbers } from './tags.js';
import { put, type Store } from './traversal.js';
import { isViewName, viewOn } from './view.js';

/** What {@link decode} may be told. */
export interface DecodeOptions {
  /** The platform objects that arrived with the message, by their numbers. */
  readonly ports?: readonly object[];
  /** Where the limits differ from the defaults. */
  readonly limits?: Partial<Limits>;
}

/** A message that is being decoded. */
interface Decoding {
  readonly table: unknown[];
  /** What the entries have become; made before any of them is filled, so that cycles close. */
  readonly made: unknown[];
  readonly buffers: readonly ArrayBuffer[];
  /** The buffers that have their place. */
  readonly used: Set<ArrayBuffer>;
  readonly ports: readonly object[];
  readonly limits: Limits;
}

const hasOwn = Object.prototype.hasOwnProperty;
const { keys: keysOf } = Object;
const { isArray } = Array;
const decimal = /^-?\d{1,25}(?:\.\d{1,25})?(?:e[+-]?\d{1,3})?$/;
const hole = '~h';

/**
 * Decodes a message: `parsed` is what `JSON.parse` made of {@link Encoded.text}, and becomes part of the result.
 * @throws LanesError `ERR_PROTOCOL` for anything that `encode` does not write, or that is above a limit.
 */
export function decode(
  parsed: unknown,
  buffers: readonly ArrayBuffer[],
  options: DecodeOptions = {},
): unknown {
  if (typeof parsed !== 'object' || parsed === null || !hasOwn.call(parsed, MARK)) return parsed;
  const table = (parsed as Store)[MARK];
  requireForm(isArray(table) && table.length > 0 && keysOf(parsed).length === 1, parsed);
  const made = (table as unknown[]).map(() => undefined);
  const limits = limitsOf(options.limits);
  within(made.length - 1, limits, 'maxEntries');
  return decodeTable({
    table,
    made,
    buffers,
    used: new Set(),
    ports: options.ports ?? [],
    limits,
  } as Decoding);
}

function decodeTable(decoding: Decoding): unknown {
  const { table, made } = decoding;
  const [root] = table;
  if (typeof root === 'object') made[0] = root;
  for (let index = 1; index < table.length; index++) objectAt(decoding, index);
  for (let index = 1; index < table.length; index++) fill(decoding, table[index], made[index]);
  return revive(decoding, root, 1);
}

/** The object of an entry, made at the first call and still empty then. */
function objectAt(decoding: Decoding, index: number): unknown {
  const { table, made } = decoding;
  const entry = table[index];
  return (made[index] ??= typeof entry === 'string' ? leafOf(decoding, entry) : shellOf(decoding, entry));
}

function shellOf({ limits }: Decoding, entry: unknown): unknown {
  if (!isArray(entry)) return requireForm(isObject(entry), entry) && entry;
  const { length } = entry;
  const [kind, first, second] = entry as unknown[];
  switch (kind) {
    case 'A':
      return requireForm(length === 2 && isArray(first), entry) && first;
    case 'a':
      requireForm(length === 3 && isLength(first) && isObject(second) && !isArray(second), entry);
      return sparseArray(within(first as number, limits, 'maxArrayLength'));
    case 'M':
      return requireForm(length % 2 === 1, entry) && new Map();
    case 'S':
      return new Set();
    case 'E':
      requireForm(length === 4 || length === 5, entry);
      return requireForm(errorNames.includes(first as string), entry) && buildError(errorFieldsOf(entry));
    case 'X':
      return requireForm(length === 4, entry) && buildDOMException(errorFieldsOf(entry));
    default:
      return requireForm(false, entry);
  }
}

/** Puts the children of an entry into the object made for it. */
function fill(decoding: Decoding, entry: unknown, object: unknown): void {
  if (typeof entry === 'string') return;
  if (!isArray(entry)) return reviveChildren(decoding, entry as object, 2);
  const [kind, first, second] = entry as unknown[];
  const children: unknown[] = kind === 'A' || kind === 'a' || kind === 'X' ? [] : entry;
  if (kind === 'A') reviveChildren(decoding, first as object, 2);
  else if (kind === 'a') fillSparse(decoding, second as Store, object as unknown[]);
  // The fields of an Error are texts, not children.
  for (let index = kind === 'E' ? 4 : 1; index < children.length; index++) {
    const child = revive(decoding, children[index], 3);
    if (kind === 'S') (object as Set<unknown>).add(child);
    else if (kind === 'E') setCause(object as Error, child);
    else (object as Map<unknown, unknown>).set(child, revive(decoding, children[++index], 3));
  }
}

function fillSparse(decoding: Decoding, members: Store, array: unknown[]): void {
  for (const key of keysOf(members)) {
    // Writing `length` or an index beyond it would change what the entry claimed.
    const index = Number(key);
    const isBeyond = String(index) === key && isLength(index) && index >= array.length && index < 0xffffffff;
    requireForm(key !== 'length' && !isBeyond, key);
    put(array as unknown as Store, key, revive(decoding, members[key], 3));
  }
}

/** What `node` stands for; a container is changed in place. */
function revive(decoding: Decoding, node: unknown, depth: number): unknown {
  if (typeof node === 'string') return node.charCodeAt(0) === MARK_CODE ? meaningOf(decoding, node) : node;
  if (isObject(node)) reviveChildren(decoding, node, depth);
  return node;
}

function reviveChildren(decoding: Decoding, container: object, depth: number): void {
  within(depth, decoding.limits, 'maxDepth');
  const hasIndices = isArray(container);
  const keys = hasIndices ? null : keysOf(container);
  const count = keys === null ? (container as unknown[]).length : keys.length;
  for (let index = 0; index < count; index++) {
    const key = keys === null ? index : (keys[index] as string);
    // An own data property by JSON.parse, so that assigning writes it, also if its name is `__proto__`.
    const node = (container as unknown as Store)[key];
    if (typeof node === 'string') {
      if (node.charCodeAt(0) !== MARK_CODE) continue;
      if (hasIndices && node === hole) delete (container as unknown as Store)[key];
      else (container as unknown as Store)[key] = meaningOf(decoding, node);
    } else if (isObject(node)) reviveChildren(decoding, node, depth + 1);
  }
}

/** What a string that begins with the mark stands for. */
function meaningOf(decoding: Decoding, text: string): unknown {
  const letter = text.charAt(1);
  const rest = text.slice(2);
  if (letter === MARK) return text.slice(1);
  if (letter >= '0' && letter <= '9') return referred(decoding, text.slice(1));
  if (letter === 'g') return bigintOf(decoding, rest);
  if (letter === 'p') return decoding.ports[indexOf(rest, decoding.ports)];
  if (text === '~u') return undefined;
  return rest === '' && hasOwn.call(specialNumbers, letter) ? specialNumbers[letter] : leafOf(decoding, text);
}

function referred({ made }: Decoding, digits: string): unknown {
  const object = made[indexOf(digits, made)];
  return requireForm(isObject(object), digits) && object;
}

/** The object without children that `text` describes. */
function leafOf(decoding: Decoding, text: string): unknown {
  const rest = text.slice(2);
  requireForm(text.charCodeAt(0) === MARK_CODE, text);
  switch (text.charAt(1)) {
    case 'd':
      return new Date(rest === '' ? NaN : numberOf(rest, /^-?\d{1,16}$/, 8.64e15));
    case 'r':
      return regExpOf(decoding, rest);
    case 'T':
    case 'F':
      return requireForm(rest === '', text) && Object(text === '~T');
    case 'N':
      return Object(
        hasOwn.call(specialNumbers, rest) ? specialNumbers[rest] : numberOf(rest, decimal, Infinity),
      );
    case 'S':
      return Object(rest);
    case 'G':
      return Object(bigintOf(decoding, rest));
    case 'b':
      return bufferOf(decoding, rest);
    case 'v':
      return viewOf(decoding, rest);
    default:
      return requireForm(false, text);
  }
}

function bigintOf({ limits }: Decoding, text: string): bigint {
  within(text.length, limits, 'maxBigIntDigits');
  requireForm(/^-?[\da-f]+$/.test(text) && typeof BigInt !== 'undefined', text);
  return text.charAt(0) === '-' ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

function regExpOf({ limits }: Decoding, text: string): RegExp {
  within(text.length, limits, 'maxRegExpLength');
  const slash = text.indexOf('/');
  requireForm(slash >= 0, text);
  return attempt(text, () => new RegExp(text.slice(slash + 1), text.slice(0, slash)));
}

function bufferOf({ buffers, used, limits }: Decoding, text: string): ArrayBuffer {
  const fields = text.split(',', 3);
  const [digits, max] = fields as [string, string];
  const buffer = buffers[indexOf(digits, buffers)] as ArrayBuffer;
  requireForm(!used.has(buffer) && isArrayBuffer(buffer), text);
  used.add(buffer);
  const byteLength = within(byteLengthOf(buffer), limits, 'maxByteLength');
  if (fields.length === 1) return buffer;
  const maxByteLength = within(integerOf(max), limits, 'maxByteLength');
  requireForm(fields.length === 2 && byteLength <= maxByteLength, text);
  return resizableOf(buffer, maxByteLength);
}

function viewOf(decoding: Decoding, text: string): ArrayBufferView {
  const fields = text.split(',', 5);
  const [name, digits, offset, elements] = fields as [string, string, string, string];
  requireForm((fields.length === 3 || fields.length === 4) && isViewName(name), text);
  const index = indexOf(digits, decoding.table);
  const entry = decoding.table[index];
  requireForm(index > 0 && typeof entry === 'string' && entry.charAt(1) === 'b', text);
  const buffer = objectAt(decoding, index) as ArrayBuffer;
  const byteOffset = integerOf(offset);
  const length = fields.length === 3 ? null : integerOf(elements);
  return attempt(text, () => viewOn(buffer, { name, buffer, byteOffset, length }));
}

/** Makes what the engine itself checks. */
function attempt<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw protocolError(String(error), text);
  }
}

function requireForm(holds: boolean, value: unknown): true {
  if (!holds) throw protocolError('a malformed tag', value);
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isLength(value: unknown): boolean {
  return typeof value === 'number' && value >>> 0 === value;
}

function numberOf(text: string, form: RegExp, max: number): number {
  const number = Number(text);
  requireForm(form.test(text) && Math.abs(number) <= max, text);
  return number;
}

function integerOf(digits: string): number {
  return numberOf(digits, /^(?:0|[1-9]\d{0,15})$/, Infinity);
}

function indexOf(digits: string, list: readonly unknown[]): number {
  const index = integerOf(digits);
  requireForm(index < list.length, digits);
  return index;
}

function errorFieldsOf(entry: unknown[]): ErrorFields {
  const fields = entry.slice(1, 4);
  requireForm(
    fields.every((field, index) => typeof field === 'string' || (field === null && index > 0)),
    entry,
  );
  return fields as unknown as ErrorFields;
}
