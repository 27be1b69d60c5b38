/**
 * The part of Web IDL's ECMAScript binding that our platform classes need: argument conversion, brand checks and the
 * shape of interface objects. https://webidl.spec.whatwg.org/#javascript-binding
 *
 * Internal slots: each class keeps its state in one plain record under one module-private symbol. TypeScript would emit
 * a WeakMap per `#private` field at ES2017, which costs a hash look-up an access; a symbol is an inline-cached load. The
 * record names its owner, so that neither a copy (`{...event}`), nor an heir (`Object.create(event)`), nor a Proxy of an
 * object passes for the object, and freezing an object does not freeze its state.
 */
import { platformObject } from './brand.js';

/** An internal slot's record. */
export interface Slot {
  readonly owner: object;
}

/** What a brand check throws: a method or an accessor was called on an object of another kind. */
export function illegalInvocation(): never {
  throw new TypeError('Illegal invocation');
}

/** What an interface without a constructor throws. */
export function illegalConstructor(): never {
  throw new TypeError('Illegal constructor');
}

/** A TypeError for `value`, which is not a `kind`. */
export function notA(kind: string, value: unknown): TypeError {
  return new TypeError(
    `${typeof value === 'object' ? Object.prototype.toString.call(value) : String(value)} is not ${kind}`,
  );
}

/** https://webidl.spec.whatwg.org/#dfn-create-operation-function: too few arguments throw before any is converted. */
export function required(given: number, needed: number): void {
  if (given < needed)
    throw new TypeError(`${needed} argument${needed > 1 ? 's' : ''} required, but only ${given} present`);
}

/** https://webidl.spec.whatwg.org/#js-DOMString. Not `String(value)`, which lets a symbol pass. */
export function domString(value: unknown): string {
  return `${value as string}`;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** An object whose members nobody has vouched for. */
export type Members = Readonly<Record<string, unknown>>;

const noMembers: Members = Object.create(null) as Members;

/** https://webidl.spec.whatwg.org/#js-dictionary. The caller reads each member once, inherited dictionaries' first. */
export function dictionary(value: unknown): Members {
  if (value === undefined || value === null) return noMembers;
  if (!isObject(value)) throw notA('an object', value);
  return value as Members;
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
  const number = Math.trunc(Number(value as number)) + 0;
  if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) throw notA('an integer from 0 to 2^53 - 1', value);
  return number;
}

/** Fixed, enumerable members on the interface object and on its prototype. https://webidl.spec.whatwg.org/#js-constants */
export function defineConstants(
  type: { prototype: object },
  constants: Readonly<Record<string, number>>,
): void {
  for (const name of Object.keys(constants))
    for (const holder of [type, type.prototype])
      Object.defineProperty(holder, name, { value: constants[name], enumerable: true });
}

/**
 * Gives a class the looks of an interface object: a name that minification keeps, enumerable members, the string tag,
 * and the brand that makes structured clone refuse its instances. https://webidl.spec.whatwg.org/#interface-object
 */
export function defineInterface(type: { prototype: object }, name: string, serializable = false): void {
  show(type, /^(prototype|name|length)$/);
  show(type.prototype, /^constructor$/);
  Object.defineProperty(type, 'name', { value: name, configurable: true });
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
  if (!serializable) Object.defineProperty(type.prototype, platformObject, { value: true });
}

function show(holder: object, except: RegExp): void {
  for (const key of Object.getOwnPropertyNames(holder))
    if (!except.test(key)) Object.defineProperty(holder, key, { enumerable: true });
}
