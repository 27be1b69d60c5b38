/** Types of a program's own that structured clone keeps: what they are called, and how one becomes plain data and back. */
import { LanesError } from '../core/errors.js';
import { callable, dictionary, isObject, notA } from '../core/webidl.js';

/** How the instances of a type are told, and what they are in transit. */
export interface TypeDescription<T extends object, D> {
  /** The class: its instances, those of derived classes included. Either this or `match`. */
  readonly type?: abstract new (...args: never[]) => T;
  /** Whether `value` is of the type. Asked for what is neither a literal nor an array, a view or a buffer. */
  readonly match?: (value: object) => boolean;
  /** What is cloned in place of `value`: anything that can be cloned, registered types included. */
  readonly serialize: (value: T) => D;
  /** A new instance from the clone of what `serialize` gave. */
  readonly deserialize: (data: D) => T;
}

/** One type as it was registered. */
export interface RegisteredType {
  readonly name: string;
  readonly match: (value: object) => boolean;
  readonly serialize: (value: object) => unknown;
  readonly deserialize: (data: unknown) => unknown;
}

/** Levels inside an instance of a registered type, counted from the first. */
export const maxInstanceDepth = 200;

const types = new Map<string, RegisteredType>();

/**
 * Makes `structuredClone`, messages and `encode` keep a type of your own, which would otherwise arrive as a plain object.
 * Register it under the same name in each thread. An instance that occurs twice arrives as one; one that leads back to
 * itself cannot be cloned. What leads to the instance may still be incomplete when `deserialize` is called.
 *
 * @param name - what stands for the type in a message: 1 to 100 characters
 * @returns what takes the type away again; it may be called twice
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a name that is taken, empty or too long.
 * @throws TypeError for a description without functions, or without exactly one of `type` and `match`.
 * @example
 * ```js
 * class Money { constructor(cents) { this.cents = cents; } }
 * registerType('Money', { type: Money, serialize: (m) => m.cents, deserialize: (cents) => new Money(cents) });
 * structuredClone({ price: new Money(5) }).price instanceof Money; // true
 * ```
 */
export function registerType<T extends object, D>(
  name: string,
  description: TypeDescription<T, D>,
): () => void {
  if (typeof name !== 'string' || name.length === 0 || name.length > 100)
    throw new LanesError('ERR_INVALID_ARGUMENT', 'a registered type has a name of 1 to 100 characters', {
      value: name,
    });
  if (types.has(name))
    throw new LanesError('ERR_INVALID_ARGUMENT', `a type called "${name}" is registered already`, {
      value: name,
    });
  const { type, match, serialize, deserialize } = dictionary(description);
  if ((type === undefined) === (match === undefined))
    throw new TypeError('a registered type has either a type or a match');
  callable(type ?? match);
  const registered = {
    name,
    match: match ?? ((value: object) => value instanceof (type as new () => object)),
    serialize: callable(serialize),
    deserialize: callable(deserialize),
  } as unknown as RegisteredType;
  types.set(name, registered);
  return () => {
    if (types.get(name) === registered) types.delete(name);
  };
}

export function hasRegisteredTypes(): boolean {
  return types.size > 0;
}

/** The type that `object` is of: the first that says so. */
export function registeredTypeOf(object: object): RegisteredType | undefined {
  for (const type of types.values()) if (type.match(object)) return type;
  return undefined;
}

export function registeredTypeNamed(name: unknown): RegisteredType | undefined {
  return types.get(name as string);
}

/** @throws TypeError where `deserialize` gives no object, and whatever it throws. */
export function instanceFrom(type: RegisteredType, data: unknown): object {
  const instance: unknown = type.deserialize(data);
  if (!isObject(instance)) throw notA(`an instance of "${type.name}"`, instance);
  return instance;
}
