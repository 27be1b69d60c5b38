/**
 * The part of Web IDL's ECMAScript binding that our platform classes need: argument conversion, brand checks and the
 * shape of interface objects. https://webidl.spec.whatwg.org/#javascript-binding
 */
import { platformObject } from './brand.js';

/** The state behind an object. */
export interface Slot {
  readonly owner: object;
}

/** Access to the internal slot of one class. */
export interface InternalSlot<S extends Slot> {
  /** Gives `state` to its owner. */
  put(state: S): void;
  /** The state of `object`, if it has one. */
  find(object: unknown): S | undefined;
  /** The state of `object`. @throws TypeError when the object is of another kind. */
  of(object: unknown): S;
}

/**
 * One record under one private symbol for each class. TypeScript would emit a WeakMap for each `#private` field at
 * ES2017, a hash look-up an access; a symbol is an inline-cached load. The record names its owner, so that neither a copy
 * (`{...event}`), nor an heir (`Object.create(event)`), nor a Proxy passes for the object; and an object that is frozen
 * still has a state that changes.
 * @param hidden - keeps it out of what is printed with the enumerable properties, as errors are; slower to put
 */
export function internalSlot<S extends Slot>(hidden = false): InternalSlot<S> {
  const key = Symbol();
  type Holder = { [key]?: S };
  const find = (object: unknown): S | undefined => {
    const state = (Object(object) as Holder)[key];
    return state !== undefined && state.owner === object ? state : undefined;
  };
  return {
    find,
    of: (object) => find(object) || illegalInvocation(),
    put: (state) => {
      if (hidden) Object.defineProperty(state.owner, key, { value: state });
      else (state.owner as Holder)[key] = state;
    },
  };
}

/** What a brand check throws: a method or an accessor was called on an object of another kind. */
export function illegalInvocation(): never {
  throw new TypeError('Illegal invocation');
}

/** What an interface without a constructor throws. */
export function illegalConstructor(): never {
  throw new TypeError('Illegal constructor');
}

/** A TypeError for `value`, which is not `kind`. */
export function notA(kind: string, value: unknown): TypeError {
  return new TypeError(`${isObject(value) ? typeof value : String(value)} is not ${kind}`);
}

/** https://webidl.spec.whatwg.org/#dfn-create-operation-function: too few arguments throw before any is converted. */
export function required(given: number, needed: number): void {
  if (given < needed) throw new TypeError(`${given} of ${needed} required arguments given`);
}

/** https://webidl.spec.whatwg.org/#js-DOMString. Not `String(value)`, which lets a symbol pass. */
export function domString(value: unknown): string {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-template-expression -- the template converts
  return `${value as string}`;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Whether `value` is an object, and no array, whose members may be looked at. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts an argument. @throws TypeError unless it is a function. */
export function callable(value: unknown): () => unknown {
  if (typeof value !== 'function') throw notA('a function', value);
  return value as () => unknown;
}

/** An object whose members nobody has vouched for. */
export type Members = Readonly<Record<string, unknown>>;

/** https://webidl.spec.whatwg.org/#js-dictionary. The caller reads each member once, inherited dictionaries' first. */
export function dictionary(value: unknown): Members {
  if (isObject(value)) return value as Members;
  if (value === undefined || value === null) return Object.create(null) as Members;
  throw notA('an object', value);
}

/** https://webidl.spec.whatwg.org/#js-sequence, each item converted by `convert` as it is read. */
export function sequence<T>(value: unknown, convert: (item: unknown) => T): T[] {
  if (!isObject(value) || typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function')
    throw notA('a sequence', value);
  const items: T[] = [];
  for (const item of value as Iterable<unknown>) items.push(convert(item));
  return items;
}

/** https://webidl.spec.whatwg.org/#js-unsigned-long-long with `[EnforceRange]`. */
export function unsignedLongLong(value: unknown): number {
  // `Math.trunc` converts as Web IDL's ToNumber does: a BigInt or a symbol throws.
  const number = Math.trunc(value as number);
  if (number >= 0 && number <= Number.MAX_SAFE_INTEGER) return number;
  throw notA('an integer from 0 to 2^53 - 1', value);
}

/** Names a class or a function whose name is public: minification shortens the one in the code. */
export function defineName(type: object, name: string): void {
  Object.defineProperty(type, 'name', { value: name, configurable: true });
}

/**
 * Gives a class the looks of an interface object: a name that minification keeps, enumerable members, constants on class
 * and prototype, the string tag, and the brand that makes structured clone refuse its instances.
 * https://webidl.spec.whatwg.org/#interface-object
 */
export function defineInterface(
  type: { prototype: object },
  name: string,
  constants: Readonly<Record<string, number>> = {},
  serializable = false,
): void {
  const { prototype } = type;
  const define = (holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void => {
    Object.defineProperty(holder, key, descriptor);
  };
  for (const holder of [type, prototype]) {
    for (const key of Object.getOwnPropertyNames(holder))
      // All members of a prototype but its constructor, and of a class its static functions.
      if (holder === type ? typeof (type as unknown as Members)[key] === 'function' : key !== 'constructor')
        define(holder, key, { enumerable: true });
    for (const key of Object.keys(constants))
      define(holder, key, { value: constants[key], enumerable: true });
  }
  defineName(type, name);
  define(prototype, Symbol.toStringTag, { value: name, configurable: true });
  if (!serializable) define(prototype, platformObject, { value: true });
}
