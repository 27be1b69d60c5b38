/**
 * The way back from JSON text and buffers to a value; `tags.ts` has the form.
 *
 * A frame is hostile until it is decoded. Objects and arrays are always data, so only strings and entries of the side
 * table are looked at; each is compared with the one form that `encode` writes before anything is made of it, and
 * what is left of the parsed JSON is used as it is: `JSON.parse` has made each key an own property already.
 */
import { buildDOMException, buildError, setCause, sparseArray } from './building.js';
import { isArrayBuffer, resizableOf } from './buffers.js';
import { slots } from './kind.js';
import { limitsOf, protocolError, within, type Limits } from './limits.js';
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

const hasOwn = Object.prototype.hasOwnProperty;
const { keys: keysOf } = Object;
const { isArray } = Array;

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
  if (!isArray(table) || table.length === 0 || keysOf(parsed).length !== 1)
    throw protocolError('no side table');
  return new Decoder(table, buffers, options).decode();
}

class Decoder {
  private readonly limits: Limits;
  /** What the entries have become; made before any of them is filled, so that cycles close. */
  private readonly made: unknown[] = [];
  private readonly used = new Set<ArrayBuffer>();

  constructor(
    private readonly table: unknown[],
    private readonly buffers: readonly ArrayBuffer[],
    private readonly options: DecodeOptions,
  ) {
    this.limits = limitsOf(options.limits);
    within(table.length - 1, this.limits, 'maxEntries');
  }

  decode(): unknown {
    const { table, made } = this;
    const root = table[0];
    made.push(typeof root === 'object' ? root : undefined);
    for (let index = 1; index < table.length; index++) made.push(undefined);
    for (let index = 1; index < table.length; index++) if (made[index] === undefined) this.make(index);
    for (let index = 1; index < table.length; index++) this.fill(table[index], made[index]);
    return this.revive(root, 1);
  }

  private make(index: number): unknown {
    const entry = this.table[index];
    const object = typeof entry === 'string' ? this.objectOf(entry) : this.shellOf(entry);
    this.made[index] = object;
    return object;
  }

  /** The object of an entry that is not a string, still empty. */
  private shellOf(entry: unknown): unknown {
    if (typeof entry !== 'object' || entry === null) throw protocolError('an entry that is no object', entry);
    if (!isArray(entry)) return entry;
    switch (entry[0]) {
      case 'A':
        return requireForm(entry.length === 2 && isArray(entry[1]), entry) && entry[1];
      case 'a':
        return (
          requireForm(isSparse(entry), entry) &&
          sparseArray(within(entry[1] as number, this.limits, 'maxArrayLength'))
        );
      case 'M':
        return requireForm(entry.length % 2 === 1, entry) && new Map();
      case 'S':
        return new Set();
      case 'E':
        return (
          requireForm(isError(entry, 5) && errorNames.includes(entry[1] as string), entry) &&
          buildError(fieldsOf(entry))
        );
      case 'X':
        return requireForm(isError(entry, 4), entry) && buildDOMException(fieldsOf(entry));
      default:
        throw protocolError('an entry of unknown kind', entry[0]);
    }
  }

  /** Puts the children of an entry into the object made for it. */
  private fill(entry: unknown, object: unknown): void {
    if (typeof entry !== 'object' || entry === null) return;
    if (!isArray(entry)) {
      this.reviveChildren(entry, 2);
      return;
    }
    if (entry[0] === 'A') this.reviveChildren(entry[1] as object, 2);
    else if (entry[0] === 'a') this.fillSparse(entry[2] as Store, object as unknown[]);
    else if (entry[0] === 'M') this.fillMap(entry, object as Map<unknown, unknown>);
    else if (entry[0] === 'S') this.fillSet(entry, object as Set<unknown>);
    else if (entry[0] === 'E' && entry.length === 5) setCause(object as Error, this.revive(entry[4], 3));
  }

  private fillMap(entry: unknown[], map: Map<unknown, unknown>): void {
    for (let index = 1; index < entry.length; index += 2) {
      map.set(this.revive(entry[index], 3), this.revive(entry[index + 1], 3));
    }
  }

  private fillSet(entry: unknown[], set: Set<unknown>): void {
    for (let index = 1; index < entry.length; index++) set.add(this.revive(entry[index], 3));
  }

  private fillSparse(members: Store, array: unknown[]): void {
    for (const key of keysOf(members)) {
      // Writing `length` or an index beyond it would change what the entry claimed.
      const index = Number(key);
      const inside = String(index) !== key || !(index >= array.length && index < 0xffffffff);
      if (key === 'length' || !inside) throw protocolError('a sparse array with a wrong key', key);
      put(array as unknown as Store, key, this.revive(members[key], 3));
    }
  }

  private revive(node: unknown, depth: number): unknown {
    if (typeof node === 'string') return node.charCodeAt(0) === MARK_CODE ? this.tagged(node) : node;
    if (typeof node === 'object' && node !== null) this.reviveChildren(node, depth);
    return node;
  }

  /** Replaces the tags inside a container in place. */
  private reviveChildren(container: object, depth: number): void {
    within(depth, this.limits, 'maxDepth');
    if (isArray(container)) this.reviveElements(container, depth + 1);
    else this.reviveMembers(container as Store, depth + 1);
  }

  private reviveElements(array: unknown[], depth: number): void {
    for (let index = 0; index < array.length; index++) {
      const node = array[index];
      if (node === '~h') delete array[index];
      else if (typeof node === 'string') {
        if (node.charCodeAt(0) === MARK_CODE) array[index] = this.tagged(node);
      } else if (typeof node === 'object' && node !== null) this.reviveChildren(node, depth);
    }
  }

  private reviveMembers(object: Store, depth: number): void {
    for (const key of keysOf(object)) {
      const node = object[key];
      if (typeof node === 'string') {
        // An own data property by JSON.parse, so this writes it, also if its name is `__proto__`.
        if (node.charCodeAt(0) === MARK_CODE) object[key] = this.tagged(node);
      } else if (typeof node === 'object' && node !== null) this.reviveChildren(node, depth);
    }
  }

  /** What a string that begins with the mark stands for. */
  private tagged(text: string): unknown {
    const letter = text.charAt(1);
    if (letter === MARK) return text.slice(1);
    if (letter >= '0' && letter <= '9') return this.referred(text.slice(1));
    if (letter === 'g') return this.bigint(text.slice(2));
    if (letter === 'p') return this.port(text.slice(2));
    if (text.length !== 2) return this.objectOf(text);
    if (letter === 'u') return undefined;
    return hasOwn.call(specialNumbers, letter) ? specialNumbers[letter] : this.objectOf(text);
  }

  private referred(digits: string): unknown {
    const object = this.made[indexOf(digits, this.made.length)];
    if (object === undefined || object === null) throw protocolError('a reference to nothing', digits);
    return object;
  }

  private port(digits: string): object {
    const ports = this.options.ports ?? [];
    return ports[indexOf(digits, ports.length)] as object;
  }

  /** The object without children that `text` describes. */
  private objectOf(text: string): object {
    requireForm(text.charCodeAt(0) === MARK_CODE, text);
    const rest = text.slice(2);
    switch (text.charAt(1)) {
      case 'd':
        return dateOf(rest);
      case 'r':
        return this.regExp(rest);
      case 'T':
      case 'F':
        return requireForm(rest === '', text) && Object(text === '~T');
      case 'N':
        return Object(numberOf(rest)) as object;
      case 'S':
        return Object(rest) as object;
      case 'G':
        return Object(this.bigint(rest)) as object;
      case 'b':
        return this.buffer(rest);
      case 'v':
        return this.view(rest);
      default:
        throw protocolError('an unknown tag', text);
    }
  }

  private bigint(text: string): bigint {
    within(text.length, this.limits, 'maxBigIntDigits');
    requireForm(/^-?[\da-f]+$/.test(text), text);
    if (typeof BigInt === 'undefined') throw protocolError('a BigInt, which this engine does not have', text);
    return text.charAt(0) === '-' ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  }

  private regExp(text: string): RegExp {
    within(text.length, this.limits, 'maxRegExpLength');
    const slash = text.indexOf('/');
    requireForm(slash >= 0, text);
    try {
      return new RegExp(text.slice(slash + 1), text.slice(0, slash));
    } catch (error) {
      throw protocolError(`a regular expression: ${(error as Error).message}`, text);
    }
  }

  private buffer(text: string): ArrayBuffer {
    const [digits = '', max] = text.split(',', 3);
    requireForm(max === undefined ? !text.includes(',') : text === `${digits},${max}`, text);
    const index = indexOf(digits, this.buffers.length);
    const buffer = this.buffers[index] as ArrayBuffer;
    requireForm(!this.used.has(buffer) && isArrayBuffer(buffer), text);
    this.used.add(buffer);
    const byteLength = within(slots.buffer.call(buffer) as number, this.limits, 'maxByteLength');
    if (max === undefined) return buffer;
    const maxByteLength = within(integerOf(max), this.limits, 'maxByteLength');
    requireForm(byteLength <= maxByteLength, text);
    return resizableOf(buffer, maxByteLength);
  }

  private view(text: string): ArrayBufferView {
    const fields = text.split(',', 5);
    requireForm(fields.length === 3 || fields.length === 4, text);
    const name = fields[0] as string;
    if (!isViewName(name)) throw protocolError('a view that this engine does not have', name);
    const index = indexOf(fields[1] as string, this.table.length);
    const entry = this.table[index];
    requireForm(typeof entry === 'string' && entry.charAt(1) === 'b' && index > 0, text);
    const buffer = (this.made[index] ?? this.make(index)) as ArrayBuffer;
    const byteOffset = integerOf(fields[2] as string);
    const length = fields.length === 3 ? null : integerOf(fields[3] as string);
    try {
      return viewOn(buffer, { name, buffer, byteOffset, length });
    } catch (error) {
      throw protocolError(`a view: ${(error as Error).message}`, text);
    }
  }
}

function requireForm(holds: boolean, value: unknown): true {
  if (!holds) throw protocolError('a malformed tag', value);
  return true;
}

function integerOf(digits: string): number {
  requireForm(/^(?:0|[1-9]\d{0,15})$/.test(digits), digits);
  return Number(digits);
}

function indexOf(digits: string, length: number): number {
  const index = integerOf(digits);
  if (index >= length) throw protocolError(`index ${digits} of ${length}`, digits);
  return index;
}

function dateOf(text: string): Date {
  if (text === '') return new Date(NaN);
  requireForm(/^-?\d{1,16}$/.test(text) && Math.abs(Number(text)) <= 8.64e15, text);
  return new Date(Number(text));
}

function numberOf(text: string): number {
  if (hasOwn.call(specialNumbers, text)) return specialNumbers[text] as number;
  requireForm(/^-?\d{1,25}(?:\.\d{1,25})?(?:e[+-]?\d{1,3})?$/.test(text), text);
  return Number(text);
}

function isSparse(entry: unknown[]): boolean {
  const [, length, members] = entry;
  const isLength = typeof length === 'number' && length >>> 0 === length;
  return (
    entry.length === 3 && isLength && typeof members === 'object' && members !== null && !isArray(members)
  );
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isError(entry: unknown[], maxLength: number): boolean {
  const { length } = entry;
  const isLength = length >= 4 && length <= maxLength;
  return isLength && typeof entry[1] === 'string' && isTextOrNull(entry[2]) && isTextOrNull(entry[3]);
}

function fieldsOf(entry: unknown[]): { name: string; message: string | null; stack: string | null } {
  return { name: entry[1] as string, message: entry[2] as string | null, stack: entry[3] as string | null };
}
