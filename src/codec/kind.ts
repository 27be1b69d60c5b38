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

/** Reads an internal slot of `this`; throws a TypeError where it is missing. */
export type SlotReader = (this: unknown, ...args: unknown[]) => unknown;

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { toStringTag } = Symbol;
const objectPrototype: object = Object.prototype;
const toBuiltinTag = Object.prototype.toString;

/** The getter or method `key` of `holder`, taken once so that a later patch of the prototype changes nothing. */
export function slotReader(holder: object, key: PropertyKey): SlotReader | undefined {
  const descriptor = getOwnPropertyDescriptor(holder, key);
  return descriptor && ((descriptor.get ?? descriptor.value) as SlotReader | undefined);
}

/** Newer engines tell an Error by its slot; in the others a tag or the prototype must do. */
const isErrorObject =
  (Error as { isError?: (value: unknown) => boolean }).isError ??
  ((value: unknown) => value instanceof Error);

/** For each kind that has a slot of its own: a read of it. What the engine does not have has none. */
export const slots = {
  Map: slotReader(Map.prototype, 'size') as SlotReader,
  Set: slotReader(Set.prototype, 'size') as SlotReader,
  Date: Date.prototype.getTime as SlotReader,
  ArrayBuffer: slotReader(ArrayBuffer.prototype, 'byteLength') as SlotReader,
  Error(this: unknown): unknown {
    return isErrorObject(this) || undefined;
  },
  /** `RegExp.prototype` has no slot, yet this answers `undefined` on it instead of throwing. */
  RegExp: slotReader(RegExp.prototype, 'global') as SlotReader,
  Boolean: Boolean.prototype.valueOf as SlotReader,
  Number: Number.prototype.valueOf as SlotReader,
  String: String.prototype.valueOf as SlotReader,
  BigInt: (typeof BigInt === 'undefined' ? undefined : BigInt.prototype.valueOf) as SlotReader,
  Symbol: Symbol.prototype.valueOf as SlotReader,
  SharedArrayBuffer: (typeof SharedArrayBuffer === 'undefined'
    ? undefined
    : slotReader(SharedArrayBuffer.prototype, 'byteLength')) as SlotReader,
};

/** A kind that has a slot. */
export type SlotKind = keyof typeof slots;

/** `Refused`: a platform object that is not serializable, and whatever else has slots that the standard does not name. */
export type Kind = SlotKind | 'Object' | 'Array' | 'View' | 'DOMException' | 'Refused';

const slotKinds = Object.keys(slots) as SlotKind[];

/** Whether `object` has the slot of `kind`. */
export function hasSlot(kind: SlotKind, object: unknown): boolean {
  try {
    return slots[kind].call(object) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The kind of `object`.
 * @throws TypeError for a revoked proxy, and whatever a proxy's traps throw.
 */
export function kindOf(object: object): Kind {
  if (isArray(object)) return 'Array';
  // Nothing is probed for what looks like a literal: that is the hot path.
  if (isLiteral(object)) return 'Object';
  if (isView(object)) return 'View';
  return unusualKindOf(object);
}

/** Whether `object` looks as a literal does: nobody's class, nobody's tag, no slot. */
export function isLiteral(object: object): boolean {
  return getPrototypeOf(object) === objectPrototype && toBuiltinTag.call(object) === '[object Object]';
}

/** Whether the own properties of `array`, whose keys are `keys`, are exactly its indices. */
export function isDense({ length }: readonly unknown[], keys: readonly string[]): boolean {
  // Indices come first and ascending: the last one tells whether all of them are indices.
  return keys.length === length && (length === 0 || keys[length - 1] === `${length - 1}`);
}

/** What the engine calls `object`: by slot where no tag of a program's own hides it. */
export function builtinTagOf(object: object): string {
  return toBuiltinTag.call<object, [], string>(object).slice(8, -1);
}

function unusualKindOf(object: object): Kind {
  let tag: unknown = null;
  try {
    tag = (object as { [toStringTag]?: unknown })[toStringTag];
  } catch {
    // A getter that throws is a tag that lies: let the probes tell.
  }
  if (tag === 'DOMException' && isDOMException(object)) return tag;
  if (platformObject in object) return 'Refused';
  if (tag !== undefined) return probedKindOf(object, tag);
  const builtinTag = builtinTagOf(object);
  if (builtinTag === 'Arguments') return 'Refused';
  return slotKinds.includes(builtinTag as SlotKind) ? (builtinTag as SlotKind) : 'Object';
}

function probedKindOf(object: object, tag: unknown): Kind {
  const isKnown = slotKinds.includes(tag as SlotKind);
  if (isKnown && hasSlot(tag as SlotKind, object)) return tag as SlotKind;
  const kind = slotKinds.find((candidate) => hasSlot(candidate, object));
  return kind ?? (isKnown || !hasPlatformTag(object) ? 'Object' : 'Refused');
}

/**
 * Whether the tag is inherited in the way of ECMAScript and Web IDL (a read-only data property of a prototype):
 * promises, weak collections, generators, iterators, `Intl` objects and the host's own objects all are. A class
 * of a program's own uses a getter or an assignable property.
 */
function hasPlatformTag(object: object): boolean {
  for (
    let holder: object | null = object;
    holder !== null;
    holder = getPrototypeOf(holder) as object | null
  ) {
    const descriptor = getOwnPropertyDescriptor(holder, toStringTag);
    if (descriptor !== undefined) return holder !== object && descriptor.writable === false;
  }
  return false;
}

/** A DOMException of ours, of the host or of another realm: its getters answer only on a real one. */
function isDOMException(object: object): boolean {
  try {
    const { name, code } = object as { name: unknown; code: unknown };
    return typeof name === 'string' && typeof code === 'number' && hasPlatformTag(object);
  } catch {
    return false;
  }
}
