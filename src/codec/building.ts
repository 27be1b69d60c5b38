/** Making objects from fields that were read from one of the same kind, or decoded. */
import { DOMException } from '../core/dom-exception.js';
import type { ErrorFields } from './reading.js';
import { errorNames } from './tags.js';

const { defineProperty } = Object;
const hasOwn = Object.prototype.hasOwnProperty;

/** In the order of {@link errorNames}. */
const errorConstructors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

function defineHidden(object: object, key: string, value: unknown): void {
  defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true });
}

/** An Error of one of the standard names; where `stack` is absent it has none, rather than one that shows the clone. */
export function buildError([name, message, stack]: ErrorFields): Error {
  const constructor = errorConstructors[errorNames.indexOf(name)] as ErrorConstructor;
  return withStack(message === null ? new constructor() : new constructor(message), stack);
}

export function buildDOMException([name, message, stack]: ErrorFields): Error {
  return withStack(new DOMException(message ?? '', name), stack);
}

/** V8 would format the stack that it has, source maps and all, for `defineProperty` but not for an assignment. */
function withStack(error: Error, stack: string | null): Error {
  const value = stack ?? undefined;
  if (hasOwn.call(error, 'stack')) (error as { stack: unknown }).stack = value;
  else defineHidden(error, 'stack', value);
  return error;
}

/** The cause of a cloned Error, which may be the Error itself. */
export function setCause(error: Error, cause: unknown): void {
  defineHidden(error, 'cause', cause);
}

/**
 * Sets the length of an empty array without memory for it: an element far out makes every engine keep the array as a
 * table of the elements that exist, so a claimed length costs nothing.
 */
export function sparseArray(length: number): unknown[] {
  const array: unknown[] = [];
  if (length > 1024) defineProperty(array, 0xfffffffe, { value: 0, configurable: true, writable: true });
  array.length = length;
  return array;
}
