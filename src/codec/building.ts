/** Making objects from fields that were read from one of the same kind, or decoded. */
import { DOMException } from '../core/dom-exception.js';
import type { ErrorFields } from './reading.js';

const { defineProperty } = Object;
const hasOwn = Object.prototype.hasOwnProperty;

const errorConstructors = new Map<string, new (message?: string) => Error>();
for (const constructor of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  errorConstructors.set(constructor.name, constructor);
}

function defineHidden(object: object, key: string, value: unknown): void {
  defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true });
}

/** An Error of one of the standard names; where `stack` is absent it has none, rather than one that shows the clone. */
export function buildError(fields: ErrorFields): Error {
  const { name, message, stack } = fields;
  const constructor = errorConstructors.get(name) ?? Error;
  const error = message === null ? new constructor() : new constructor(message);
  setStack(error, stack);
  return error;
}

/** V8 would format the stack that it has, source maps and all, for `defineProperty` but not for an assignment. */
function setStack(error: Error, stack: string | null): void {
  const value = stack === null ? undefined : stack;
  if (hasOwn.call(error, 'stack')) (error as { stack: unknown }).stack = value;
  else defineHidden(error, 'stack', value);
}

/** The cause of a cloned Error, which may be the Error itself. */
export function setCause(error: Error, cause: unknown): void {
  defineHidden(error, 'cause', cause);
}

export function buildDOMException(fields: ErrorFields): DOMException {
  const exception = new DOMException(fields.message ?? '', fields.name);
  if (fields.stack !== null) setStack(exception, fields.stack);
  return exception;
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
