/**
 * Errors across the bridge. Structured clone keeps an error's name only when it is one of seven, and no `code` and no
 * own fields; a caller needs them to tell failures apart. What was thrown and is no error crosses as it is.
 *
 * What crosses: name, message, stack, `code`, own fields that can be cloned, the chain of causes, and of a class that was
 * registered with `registerType` what its `serialize` gives, so that the caller catches an instance of it.
 */
import type { ControlParcel } from '../channel/control-form.js';
import { DOMException, isDOMException } from '../core/dom-exception.js';
import { LanesError } from '../core/errors.js';
import type { ErrorCode, LanesErrorOptions } from '../core/errors.js';
import { WorkerLostError, WorkerStartError } from '../core/worker-errors.js';
import { structuredClone } from '../codec/clone.js';
import { instanceFrom, registeredTypeNamed, registeredTypeOf } from '../codec/registered-types.js';

/** What an error becomes on the wire. */
export interface WireError {
  /** `value`: something thrown that is no error. */
  readonly kind: 'error' | 'dom' | 'lanes' | 'value';
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: WireError;
  readonly value?: unknown;
  /** The registered type, and what it is serialized to. */
  readonly type?: string;
  readonly data?: unknown;
}

/** A chain of causes that is longer is cut: it is a mistake or an attack, and no reader follows it. */
const maxCauses = 16;

const notFields = new Set(['name', 'message', 'stack', 'cause', '__proto__', 'constructor', 'prototype']);

const nativeErrors: Readonly<Record<string, ErrorConstructor>> = Object.assign(
  Object.create(null) as Record<string, ErrorConstructor>,
  { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError },
);

/** An error of which nothing else can be told. */
export const indescribable: WireError = {
  kind: 'error',
  name: 'Error',
  message: 'an error that cannot be described was thrown',
};

/** Turns what was thrown into what can cross, unless it is above a limit of messages. Never throws. */
export function toWireError(thrown: unknown, depth = 0): WireError {
  try {
    return isError(thrown) ? fromError(thrown, depth) : fromValue(thrown);
  } catch {
    return indescribable;
  }
}

/** Also an error of another realm: a page's, a plugin's, a test's. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || tagOf(thrown) === '[object Error]' || isDOMException(thrown);
}

function fromError(error: Error, depth: number): WireError {
  const kind = isDOMException(error) ? 'dom' : LanesError.is(error) ? 'lanes' : 'error';
  const [stack, cause] = [memberOf(error, 'stack'), memberOf(error, 'cause')];
  return {
    kind,
    name: textOr(memberOf(error, 'name'), 'Error'),
    message: textOr(memberOf(error, 'message'), ''),
    ...(typeof stack === 'string' ? { stack } : {}),
    ...(kind === 'dom' ? {} : { fields: fieldsOf(error) }),
    ...typedData(error),
    ...(cause === undefined || depth >= maxCauses ? {} : { cause: toWireError(cause, depth + 1) }),
  };
}

/** What somebody's class made of a member; `undefined` where it throws. */
function memberOf(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function textOr(value: unknown, otherwise: string): string {
  try {
    return value === undefined ? otherwise : String(value);
  } catch {
    return otherwise;
  }
}

/** What the class that was registered makes of it; nothing where it fails, so that the rest arrives. */
function typedData(error: Error): Pick<WireError, 'type' | 'data'> {
  try {
    const type = registeredTypeOf(error);
    const data = type === undefined ? undefined : cloneOrNothing(type.serialize(error));
    return type === undefined || data === undefined ? {} : { type: type.name, data: data.value };
  } catch {
    return {};
  }
}

function fromValue(thrown: unknown): WireError {
  const copy = cloneOrNothing(thrown);
  if (copy === undefined) return { kind: 'value', value: tagOf(thrown) };
  return { kind: 'value', value: copy.value };
}

const tagOf = (thrown: unknown): string => Object.prototype.toString.call(thrown);

/** Own enumerable fields, those that can be cloned: a socket on an error must not keep the error from arriving. */
function fieldsOf(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (notFields.has(key)) continue;
    const copy = cloneOrNothing(memberOf(error, key));
    if (copy !== undefined) fields[key] = copy.value;
  }
  return fields;
}

function cloneOrNothing(value: unknown): { readonly value: unknown } | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return { value };
  try {
    return { value: structuredClone(value) };
  } catch {
    return undefined;
  }
}

/** Whether what crossed may be read by {@link fromWireError}. */
function isWireError(value: unknown): value is WireError {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/**
 * Turns what crossed into what a caller is given to catch. The wire is untrusted: nothing is taken on its word.
 * @param site - made where the call was: its frames are added to the stack
 */
function fromWireError(wire: WireError, site: Error | null = null, depth = 0): unknown {
  if (wire.kind === 'value') return wire.value;
  const name = textOf(wire.name, 'Error');
  const message = textOf(wire.message, '');
  const error = createTyped(wire) ?? createError(wire.kind, name, message, wire.fields);
  define(error, 'stack', joinStacks(textOf(wire.stack, `${name}: ${message}`), site));
  const { cause } = wire;
  if (isWireError(cause) && depth < maxCauses) define(error, 'cause', fromWireError(cause, null, depth + 1));
  return error;
}

/** What the body of `message` says was thrown; where it does not decode, that. */
export function thrownIn(message: ControlParcel, site: Error | null = null): unknown {
  try {
    const body = message.openBody();
    return isWireError(body) ? fromWireError(body, site) : body;
  } catch (error) {
    message.dispose();
    return error;
  }
}

/** What stands between the frames of the two threads. */
const seam = '    at --- called from another thread ---';

function joinStacks(stack: string, site: Error | null): string {
  const own: unknown = site === null ? undefined : site.stack;
  if (typeof own !== 'string') return stack;
  // V8 begins with a line that says which error it is, JavaScriptCore does not.
  return `${stack}\n${seam}\n${own.replace(/^Error.*\n/, '')}`;
}

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** An instance of the class that was registered at both ends; `null` where it is not, or does not take the data. */
function createTyped({ type, data }: WireError): Error | null {
  const registered = type === undefined ? undefined : registeredTypeNamed(type);
  if (registered === undefined) return null;
  try {
    const instance = instanceFrom(registered, data);
    return isError(instance) ? instance : null;
  } catch {
    return null;
  }
}

function createError(kind: string, name: string, message: string, fields: unknown): Error {
  if (kind === 'dom') return new DOMException(message, name);
  const error =
    kind === 'lanes' ? createLanesError(name, message, fields) : new (nativeErrors[name] ?? Error)(message);
  if (error.name !== name) define(error, 'name', name);
  if (typeof fields !== 'object' || fields === null) return error;
  for (const key of Object.keys(fields)) {
    if (notFields.has(key)) continue;
    const value = (fields as Record<string, unknown>)[key];
    Object.defineProperty(error, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return error;
}

const lanesErrors: Readonly<
  Record<string, new (code: ErrorCode, message: string, options?: LanesErrorOptions) => LanesError>
> = Object.assign(Object.create(null) as object, { WorkerLostError, WorkerStartError });

function createLanesError(name: string, message: string, fields: unknown): LanesError {
  const { code } = (fields ?? {}) as { readonly code?: unknown };
  return new (lanesErrors[name] ?? LanesError)(textOf(code, 'ERR_PROTOCOL') as ErrorCode, message);
}

/** As the language has it: own, not enumerable. */
function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}
