/**
 * From a path to what it names in an exposed object. The path is untrusted: it may name what the object has itself, and
 * for an instance what its class declares; nothing that was inherited from further up, and never what the language gives
 * to every object (`constructor`, `__proto__`, `call`, `toString`, …): these lead out of the exposed object and into the
 * thread.
 */
import { LanesError } from '../core/errors.js';
import { isObject } from '../core/webidl.js';
import type { Path } from './protocol.js';

/** Where a path leads: the object that the last member belongs to, and the member. */
export interface Resolved {
  readonly holder: unknown;
  readonly value: unknown;
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype', '__defineGetter__', '__defineSetter__']);

const hasOwn = (holder: object, key: string): boolean => Object.prototype.hasOwnProperty.call(holder, key);

/** Whether an object is the prototype of a class of the program's: not one of the language's, in any realm. */
const classPrototypes = new WeakMap<object, boolean>();

function isClassPrototype(prototype: object): boolean {
  let known = classPrototypes.get(prototype);
  if (known === undefined) classPrototypes.set(prototype, (known = looksLikeClass(prototype)));
  return known;
}

function looksLikeClass(prototype: object): boolean {
  if (!hasOwn(prototype, 'constructor')) return false;
  const { constructor } = prototype as { readonly constructor?: unknown };
  return (
    typeof constructor === 'function' &&
    constructor.prototype === prototype &&
    !/\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(constructor))
  );
}

/** Whether `key` is a member that may be reached from outside. */
function isReachable(target: object, key: string): boolean {
  if (forbidden.has(key)) return false;
  if (hasOwn(target, key)) return typeof target !== 'function' || !isFunctionMember(key);
  const prototype: unknown = Object.getPrototypeOf(target);
  return isObject(prototype) && hasOwn(prototype, key) && isClassPrototype(prototype);
}

/** Whether `key` may be set from outside: what may be reached, and new members, unless they would hide an inherited one. */
function isSettable(target: object, key: string): boolean {
  return key in target ? isReachable(target, key) : !forbidden.has(key);
}

// Own members of every function.
const isFunctionMember = (key: string): boolean =>
  key === 'caller' || key === 'arguments' || key === 'prototype';

/**
 * Follows `path` from `root`.
 * @throws LanesError ERR_CALL_NOT_FOUND where a member does not exist or may not be reached
 */
export function resolvePath(root: unknown, path: Path): Resolved {
  let holder: unknown;
  let value = root;
  for (let at = 0; at < path.length; at++) {
    const key = path[at] as string; // Invariant: `at` is inside.
    if (!isObject(value) || !isReachable(value, key)) throw notFound(path.slice(0, at + 1));
    holder = value;
    value = (value as Record<string, unknown>)[key];
  }
  return { holder, value };
}

/**
 * Follows all of `path` but its last member, which is to be set.
 * @throws LanesError ERR_CALL_NOT_FOUND where that may not be
 */
export function resolveHolder(root: unknown, path: Path): { readonly holder: object; readonly key: string } {
  const key = path[path.length - 1];
  const { value } = resolvePath(root, path.slice(0, -1));
  if (key === undefined || typeof value !== 'object' || value === null || !isSettable(value, key))
    throw notFound(path);
  return { holder: value, key };
}

function notFound(path: Path): LanesError {
  const name = path.join('.');
  return new LanesError('ERR_CALL_NOT_FOUND', `the exposed object has no member "${name}" of its own`, {
    value: name,
  });
}
