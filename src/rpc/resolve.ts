/**
 * From a path to what it names in an exposed object. The path is untrusted: it may name own members, and members of the
 * classes that the object was made of, but never what the language gives to every object (`constructor`, `__proto__`,
 * `call`, `toString`, …): these lead out of the exposed object and into the thread.
 */
import { LanesError } from '../core/errors.js';
import type { Path } from './protocol.js';

/** Where a path leads: the object that the last member belongs to, and the member. */
export interface Resolved {
  readonly holder: unknown;
  readonly value: unknown;
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype', '__defineGetter__', '__defineSetter__']);

/** The prototypes of the language itself, recognised in any realm by their constructor's source. */
function isBuiltIn(prototype: object): boolean {
  const { constructor } = prototype as { readonly constructor?: unknown };
  return (
    typeof constructor !== 'function' ||
    /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(constructor))
  );
}

const hasOwn = (holder: object, key: string): boolean => Object.prototype.hasOwnProperty.call(holder, key);

/** Whether `key` is a member that may be reached from outside. */
function isReachable(target: object, key: string): boolean {
  if (forbidden.has(key)) return false;
  if (hasOwn(target, key)) return typeof target !== 'function' || !isFunctionMember(key);
  let prototype: unknown = Object.getPrototypeOf(target);
  while (typeof prototype === 'object' && prototype !== null && !isBuiltIn(prototype)) {
    if (hasOwn(prototype, key)) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
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
  path.forEach((key, at) => {
    const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isHolder || !isReachable(value as object, key)) throw notFound(path.slice(0, at + 1));
    holder = value;
    value = (value as Record<string, unknown>)[key];
  });
  return { holder, value };
}

/** Follows all of `path` but its last member, which is to be set. */
export function resolveHolder(root: unknown, path: Path): { readonly holder: object; readonly key: string } {
  const key = path[path.length - 1];
  const { value } = resolvePath(root, path.slice(0, -1));
  if (key === undefined || forbidden.has(key) || typeof value !== 'object' || value === null)
    throw notFound(path);
  return { holder: value, key };
}

function notFound(path: Path): LanesError {
  const name = path.join('.');
  return new LanesError('ERR_CALL_NOT_FOUND', `the exposed object has no member "${name}"`, { value: name });
}
