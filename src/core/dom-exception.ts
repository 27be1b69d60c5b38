/**
 * `DOMException`. https://webidl.spec.whatwg.org/#idl-DOMException
 * An instance is made by `Error`, so that engines treat it as an error (stack, `Error.isError`), while the class itself
 * inherits from nothing but `Function.prototype`, as the standard asks.
 */
import { defineInterface, domString, internalSlot, isObject } from './webidl.js';
import type { Slot } from './webidl.js';

/**
 * The names with a legacy code: the n-th has code n, here without its suffix `Error`. A `-` marks the codes whose name is
 * gone, and whose constant remains. https://webidl.spec.whatwg.org/#idl-DOMException-error-names
 */
const legacyNames =
  'IndexSize -DomstringSize HierarchyRequest WrongDocument InvalidCharacter -NoDataAllowed NoModificationAllowed ' +
  'NotFound NotSupported InUseAttribute InvalidState Syntax InvalidModification Namespace InvalidAccess -Validation ' +
  'TypeMismatch Security Network Abort URLMismatch QuotaExceeded Timeout InvalidNodeType DataClone';

const codes = Object.create(null) as Record<string, number>;
const constants: Record<string, number> = {};
legacyNames.split(' ').forEach((name, index) => {
  const words = name.replace('-', '').replace('InUse', 'Inuse');
  constants[`${words.replace(/(?!^)[A-Z][a-z]/g, '_$&').toUpperCase()}_ERR`] = index + 1;
  if (name[0] !== '-') codes[`${name}Error`] = index + 1;
});

interface ExceptionSlot extends Slot {
  readonly name: string;
  readonly message: string;
}

const exceptionSlot = internalSlot<ExceptionSlot>(true);

/** The second argument of {@link DOMException} where more than a name is to be said. */
export interface DOMExceptionOptions {
  /** @defaultValue `'Error'` */
  readonly name?: string;
  /** The error that led to this one; an own property of the exception where it is given. */
  readonly cause?: unknown;
}

/**
 * An error of the web platform, told apart by its `name`: `AbortError`, `TimeoutError`, `DataCloneError`, …
 * @example
 * ```js
 * throw new DOMException('the page is gone', 'AbortError');
 * ```
 * @see https://webidl.spec.whatwg.org/#idl-DOMException
 */
export class DOMException implements Error {
  declare readonly stack?: string;
  declare readonly cause?: unknown;

  /**
   * @param message - @defaultValue `''`
   * @param options - the name, or an object with `name` and `cause`. @defaultValue `'Error'`
   */
  constructor(message = '', options: string | DOMExceptionOptions = 'Error') {
    const text = domString(message);
    const more: DOMExceptionOptions =
      isObject(options) && ('name' in options || 'cause' in options) ? options : { name: options as string };
    const { name = 'Error' } = more;
    const owner = Reflect.construct(Error, [], new.target) as this;
    exceptionSlot.put({ owner, name: domString(name), message: text });
    if ('cause' in more)
      Object.defineProperty(owner, 'cause', { value: more.cause, writable: true, configurable: true });
    // Again, where the engine can: a stack opens with name and message, which `Error` did not know yet.
    const { captureStackTrace } = Error as { captureStackTrace?: (error: object, above: unknown) => void };
    if (captureStackTrace !== undefined) captureStackTrace(owner, new.target);
    return owner;
  }

  /** What kind of failure it is: the names are listed in the standard. */
  get name(): string {
    return exceptionSlot.of(this).name;
  }

  get message(): string {
    return exceptionSlot.of(this).message;
  }

  /** The legacy code of the name, 0 where it has none. */
  get code(): number {
    return codes[exceptionSlot.of(this).name] || 0;
  }
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype);
defineInterface(DOMException, 'DOMException', constants, true);

/** Whether `value` is a `DOMException`: ours, the other bundle's or the platform's own. */
export function isDOMException(value: unknown): value is DOMException {
  return value instanceof Error && Object.prototype.toString.call(value) === '[object DOMException]';
}
