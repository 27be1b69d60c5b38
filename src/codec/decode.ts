/**
 * The way back from JSON text and buffers to a value; `tags.ts` has the form.
 *
 * A frame is hostile until it is decoded. Objects and arrays are always data, so only strings and entries of the side
 * table are looked at; each is compared with the one form that `encode` writes before anything is made of it, and
 * what is left of the parsed JSON is used as it is: `JSON.parse` has made each key an own property already.
 */
import { buildDOMException, buildError, setCause, sparseArray } from './building.js';
import { isArrayBuffer, resizableOf } from './buffers.js';
import {
  attempt,
  bigintOf,
  decimalOf,
  errorFieldsOf,
  indexOf,
  integerOf,
  isLength,
  isNode,
  numberOf,
  regExpOf,
  requireForm,
} from './forms.js';
import { limitsOf, protocolError, within, type Limits } from './limits.js';
import { byteLengthOf } from './reading.js';
import { instanceFrom, maxInstanceDepth, registeredTypeNamed } from './registered-types.js';
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
  /** How many objects there are so far. */
  nodes: number;
  /** Instances being made, and entries being filled for them: all that an instance refers to comes before it. */
  inside: number;
  /** Containers that are being revived, one inside the other. */
  nested: number;
  /** Which entries are filled, or about to be. */
  readonly filled: boolean[];
}

const hasOwn = Object.prototype.hasOwnProperty;
const { keys: keysOf } = Object;
const { isArray } = Array;
const hole = '~h';
/** Above what an encoder makes of {@link maxInstanceDepth} levels, and far below what any engine's stack bears. */
const maxCalls = 4 * maxInstanceDepth;

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
    nodes: 0,
    inside: 0,
    nested: 0,
    filled: [],
  } as Decoding);
}

function decodeTable(decoding: Decoding): unknown {
  const { table, made } = decoding;
  const [root] = table;
  if (typeof root === 'object') made[0] = root;
  for (let index = 1; index < table.length; index++) objectAt(decoding, index);
  for (let index = 1; index < table.length; index++) fillAt(decoding, index);
  return revive(decoding, root, 1);
}

/** Fills an entry unless that was begun before. */
function fillAt(decoding: Decoding, index: number): void {
  const { table, made, filled } = decoding;
  if (filled[index] === true) return;
  filled[index] = true;
  const entry = table[index];
  if (isArray(entry) && entry[0] === 'R') made[index] = instanceOf(decoding, entry);
  else if (typeof entry === 'object') fill(decoding, entry as object, made[index]);
}

/** The instance of a registered type. It stays unmade while its own data are read, so that a cycle is found. */
function instanceOf(decoding: Decoding, [, name, data]: unknown[]): object {
  const type = registeredTypeNamed(name);
  if (type === undefined)
    throw protocolError(
      `no type is registered as "${name as string}" here; call registerType with that name at both ends`,
      name,
    );
  decoding.inside++;
  const revived = revive(decoding, data, 3);
  decoding.inside--;
  return attempt(`"${type.name}"`, () => instanceFrom(type, revived));
}

/** The object of an entry, made at the first call and still empty then. */
function objectAt(decoding: Decoding, index: number): unknown {
  const { table, made } = decoding;
  const entry = table[index];
  if (made[index] === undefined) {
    made[index] = typeof entry === 'string' ? leafOf(decoding, entry) : shellOf(decoding, entry);
    countNodes(decoding);
  }
  return made[index];
}

/** Counts what is made, before it is. */
function countNodes(decoding: Decoding, more = 1): void {
  decoding.nodes = within(decoding.nodes + more, decoding.limits, 'maxNodes');
}

function shellOf(decoding: Decoding, entry: unknown): unknown {
  const { limits } = decoding;
  if (!isArray(entry)) return requireForm(isNode(entry), entry) && entry;
  const { length } = entry;
  const [kind, first, second] = entry as unknown[];
  switch (kind) {
    case 'A':
      return requireForm(length === 2 && isArray(first), entry) && first;
    case 'a':
      requireForm(length === 3 && isLength(first) && isNode(second) && !isArray(second), entry);
      return sparseArray(within(first as number, limits, 'maxArrayLength'));
    case 'M':
      return requireForm(length % 2 === 1, entry) && new Map();
    case 'S':
      return new Set();
    case 'E':
      requireForm(length === 4 || length === 5, entry);
      return requireForm(errorNames.includes(first as string), entry) && buildError(errorFieldsOf(entry));
    case 'T':
      return tableShell(decoding, entry);
    case 'R':
      requireForm(length === 3 && typeof first === 'string', entry);
      return undefined;
    case 'X':
      return requireForm(length === 4, entry) && buildDOMException(errorFieldsOf(entry));
    default:
      return requireForm(false, entry);
  }
}

/** Rows without cells. There are as many as each column has cells; a row that is another object is made elsewhere. */
function tableShell(decoding: Decoding, entry: unknown[]): unknown {
  const [, keys, ...columns] = entry as [string, unknown, ...unknown[]];
  requireForm(isArray(keys) && keys.length > 0 && keys.length === columns.length, entry);
  requireForm(
    (keys as unknown[]).every((key) => typeof key === 'string'),
    entry,
  );
  requireForm(new Set(keys as string[]).size === columns.length && columns.every(isArray), entry);
  const [first] = columns as [unknown[]];
  requireForm(
    (columns as unknown[][]).every((cells) => cells.length === first.length),
    entry,
  );
  countNodes(decoding, first.length);
  return first.map((cell) => (isRowReference(cell) ? undefined : {}));
}

function isRowReference(cell: unknown): cell is string {
  return typeof cell === 'string' && cell.charCodeAt(0) === MARK_CODE && cell.charAt(1) === '@';
}

function fillTable(decoding: Decoding, entry: unknown[], rows: unknown[]): void {
  const [, keys, ...columns] = entry as [string, string[], ...unknown[][]];
  const inherited = keys.map((key) => key in Object.prototype);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as Store | undefined;
    for (let column = 0; column < keys.length; column++) {
      const key = keys[column] as string;
      const cell = (columns[column] as unknown[])[at];
      if (row === undefined) {
        if (column > 0) requireForm(cell === hole, cell);
        else rows[at] = referred(decoding, (cell as string).slice(2));
      } else if (cell !== hole) {
        const value = typeof cell === 'string' || isNode(cell) ? revive(decoding, cell, 3) : cell;
        if (inherited[column] === true) put(row, key, value);
        else row[key] = value;
      }
    }
  }
}

/** Puts the children of an entry into the object made for it. */
function fill(decoding: Decoding, entry: object, object: unknown): void {
  if (!isArray(entry)) return reviveChildren(decoding, entry, 2);
  const [kind, first, second] = entry as unknown[];
  if (kind === 'T') return fillTable(decoding, entry, object as unknown[]);
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
  if (isNode(node)) reviveChildren(decoding, node, depth);
  return node;
}

function reviveChildren(decoding: Decoding, container: object, depth: number): void {
  within(depth, decoding.limits, 'maxDepth');
  countNodes(decoding);
  decoding.nested++;
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
    } else if (isNode(node)) reviveChildren(decoding, node, depth + 1);
  }
  decoding.nested--;
}

/** What a string that begins with the mark stands for. */
function meaningOf(decoding: Decoding, text: string): unknown {
  const letter = text.charAt(1);
  const rest = text.slice(2);
  if (letter === MARK) return text.slice(1);
  if (letter >= '0' && letter <= '9') return referred(decoding, text.slice(1));
  if (letter === 'g') return bigintOf(decoding.limits, rest);
  if (letter === 'p') return decoding.ports[indexOf(rest, decoding.ports)];
  if (text === '~u') return undefined;
  return rest === '' && hasOwn.call(specialNumbers, letter) ? specialNumbers[letter] : leafOf(decoding, text);
}

/** The object of the entry, or of the table's row, that `digits` name. */
function referred(decoding: Decoding, digits: string): unknown {
  const { made } = decoding;
  const dot = digits.indexOf('.');
  const index = indexOf(dot < 0 ? digits : digits.slice(0, dot), made);
  if (index > 0 && (decoding.inside > 0 || made[index] === undefined)) {
    if (decoding.inside + decoding.nested > maxCalls)
      throw protocolError('instances inside instances', digits);
    decoding.inside++;
    fillAt(decoding, index);
    decoding.inside--;
  }
  let object = made[index];
  if (dot >= 0) {
    requireForm(isTable(decoding, index), digits);
    object = (object as unknown[])[indexOf(digits.slice(dot + 1), object as unknown[])];
  }
  return requireForm(isNode(object), digits) && object;
}

function isTable({ table }: Decoding, index: number): boolean {
  const entry = table[index];
  return isArray(entry) && entry[0] === 'T';
}

/** The object without children that `text` describes. */
function leafOf(decoding: Decoding, text: string): unknown {
  const rest = text.slice(2);
  requireForm(text.charCodeAt(0) === MARK_CODE, text);
  switch (text.charAt(1)) {
    case 'd':
      return new Date(rest === '' ? NaN : numberOf(rest, /^-?\d{1,16}$/, 8.64e15));
    case 'r':
      return regExpOf(decoding.limits, rest);
    case 'T':
    case 'F':
      return requireForm(rest === '', text) && Object(text === '~T');
    case 'N':
      return Object(hasOwn.call(specialNumbers, rest) ? specialNumbers[rest] : decimalOf(rest));
    case 'S':
      return Object(rest);
    case 'G':
      return Object(bigintOf(decoding.limits, rest));
    case 'b':
      return bufferOf(decoding, rest);
    case 'v':
      return viewOf(decoding, rest);
    default:
      return requireForm(false, text);
  }
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
