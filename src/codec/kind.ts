/**
 * What kind of value an object is, for the structured clone algorithm: one table that `encode` and
 * `structuredClone` share, so that the two can never disagree.
 *
 * An object is known by its internal slots and not by its class, because it may come from another realm and its
 * `Symbol.toStringTag` may lie. ECMAScript shows a slot only through methods that throw without it, which is
 * slow; so the tag is believed to say which probe to try first, and the probe decides.
 *
 * @see https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal
 */
import { platformObject } from '../core/brand.js';

export type Kind =
  | 'object'
  | 'array'
  | 'map'
  | 'set'
  | 'error'
  | 'DOMException'
  | 'date'
  | 'regexp'
  | 'boolean'
  | 'number'
  | 'string'
  | 'bigint'
  | 'buffer'
  | 'shared'
  | 'view'
  | 'refused';

/** Reads an internal slot of `this`; throws a TypeError where it is missing. */
export type SlotReader = (this: unknown, ...args: unknown[]) => unknown;

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const objectPrototype: object = Object.prototype;
const builtinTag = Object.prototype.toString;

/** The getter or method `key` of `holder`, taken once so that a later patch of the prototype changes nothing. */
export function slotReader(holder: object | undefined, key: PropertyKey): SlotReader | undefined {
  const descriptor = holder && getOwnPropertyDescriptor(holder, key);
  return (descriptor?.get ?? descriptor?.value) as SlotReader | undefined;
}

const sharedPrototype = typeof SharedArrayBuffer === 'undefined' ? undefined : SharedArrayBuffer.prototype;
const bigintPrototype = typeof BigInt === 'undefined' ? undefined : BigInt.prototype;

/** Reads of internal slots; each throws a TypeError where the slot is missing. */
export const slots = {
  date: Date.prototype.getTime as SlotReader,
  boolean: Boolean.prototype.valueOf as SlotReader,
  number: Number.prototype.valueOf as SlotReader,
  string: String.prototype.valueOf as SlotReader,
  bigint: slotReader(bigintPrototype, 'valueOf'),
  symbol: Symbol.prototype.valueOf as SlotReader,
  map: slotReader(Map.prototype, 'size') as SlotReader,
  set: slotReader(Set.prototype, 'size') as SlotReader,
  buffer: slotReader(ArrayBuffer.prototype, 'byteLength') as SlotReader,
  shared: slotReader(sharedPrototype, 'byteLength'),
  maxByteLength: slotReader(ArrayBuffer.prototype, 'maxByteLength'),
  resizable: slotReader(ArrayBuffer.prototype, 'resizable'),
  source: slotReader(RegExp.prototype, 'source') as SlotReader,
  global: slotReader(RegExp.prototype, 'global') as SlotReader,
};

const isErrorObject = (Error as { isError?: (value: unknown) => boolean }).isError;

function has(read: SlotReader | undefined, object: object): boolean {
  if (read === undefined) return false;
  try {
    // RegExp.prototype has no slot, yet its getters answer `undefined` instead of throwing.
    return read.call(object) !== undefined;
  } catch {
    return false;
  }
}

const probes: readonly (readonly [Kind, (object: object) => boolean])[] = [
  ['map', (object) => has(slots.map, object)],
  ['set', (object) => has(slots.set, object)],
  ['date', (object) => has(slots.date, object)],
  ['buffer', (object) => has(slots.buffer, object)],
  ['error', (object) => (isErrorObject ? isErrorObject(object) : object instanceof Error)],
  ['regexp', (object) => has(slots.global, object)],
  ['boolean', (object) => has(slots.boolean, object)],
  ['number', (object) => has(slots.number, object)],
  ['string', (object) => has(slots.string, object)],
  ['bigint', (object) => has(slots.bigint, object)],
  ['refused', (object) => has(slots.symbol, object)],
  ['shared', (object) => has(slots.shared, object)],
];

/** The kinds that `Object.prototype.toString` tells by slot when no tag hides them. */
const byBuiltinTag = new Map<string, Kind>([
  ['[object Error]', 'error'],
  ['[object Date]', 'date'],
  ['[object RegExp]', 'regexp'],
  ['[object Boolean]', 'boolean'],
  ['[object Number]', 'number'],
  ['[object String]', 'string'],
  ['[object Arguments]', 'refused'],
]);

const byTag = new Map<string, Kind>([
  ['Map', 'map'],
  ['Set', 'set'],
  ['ArrayBuffer', 'buffer'],
  ['SharedArrayBuffer', 'shared'],
  ['BigInt', 'bigint'],
  ['Symbol', 'refused'],
]);

/**
 * The kind of `object`.
 * @throws TypeError for a revoked proxy, and whatever a proxy's traps throw.
 */
export function kindOf(object: object): Kind {
  if (isArray(object)) return 'array';
  // Nothing is probed for what looks like a literal: that is the hot path.
  if (getPrototypeOf(object) === objectPrototype && builtinTag.call(object) === '[object Object]')
    return 'object';
  if (isView(object)) return 'view';
  return unusualKindOf(object);
}

function unusualKindOf(object: object): Kind {
  let tag: unknown = null;
  try {
    tag = (object as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  } catch {
    // A getter that throws is a tag that lies: let the probes tell.
  }
  if (tag === undefined && !(platformObject in object)) {
    return byBuiltinTag.get(builtinTag.call(object) as string) ?? 'object';
  }
  if (tag === 'DOMException' && isDOMException(object)) return 'DOMException';
  if (platformObject in object) return 'refused';
  return probedKindOf(object, tag);
}

function probedKindOf(object: object, tag: unknown): Kind {
  const guess = typeof tag === 'string' ? byTag.get(tag) : undefined;
  for (const [kind, probe] of probes) if (kind === guess && probe(object)) return kind;
  for (const [kind, probe] of probes) if (probe(object)) return kind;
  return guess === undefined && hasPlatformTag(object) ? 'refused' : 'object';
}

/**
 * Whether the tag is inherited in the way of ECMAScript and Web IDL (a read-only data property of a prototype):
 * promises, weak collections, generators, iterators, `Intl` objects and the host's own objects all are. A class
 * of a program's own uses a getter or an assignable property.
 */
function hasPlatformTag(object: object): boolean {
  let holder = getPrototypeOf(object) as object | null;
  if (getOwnPropertyDescriptor(object, Symbol.toStringTag) !== undefined) return false;
  while (holder !== null) {
    const descriptor = getOwnPropertyDescriptor(holder, Symbol.toStringTag);
    if (descriptor !== undefined) return descriptor.writable === false;
    holder = getPrototypeOf(holder) as object | null;
  }
  return false;
}

/** A DOMException of ours, of the host or of another realm: its getters answer only on a real one. */
function isDOMException(object: object): boolean {
  try {
    const { name, message, code } = object as { name: unknown; message: unknown; code: unknown };
    const own = getOwnPropertyDescriptor(object, Symbol.toStringTag) !== undefined;
    return !own && typeof name === 'string' && typeof message === 'string' && typeof code === 'number';
  } catch {
    return false;
  }
}
