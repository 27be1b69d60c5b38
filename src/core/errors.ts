/**
 * The one base class of everything that `mp-lanes` throws on its own account.
 *
 * Two bundles (logic layer and worker) carry this file, so identity never rests on `instanceof`: it rests on
 * the brand below and on `code`. What the web platform names (`AbortError`, `DataCloneError`, `TypeError`) keeps
 * the platform's class; a `code` is added only to our own failures.
 */

/** Every stable `code`. The table in `docs/errors.md` says of each when it is thrown and what to do about it. */
export type ErrorCode =
  | 'ERR_HOST_MISSING'
  | 'ERR_HOST_CAPABILITY'
  | 'ERR_INVALID_ARGUMENT'
  | 'ERR_UNKNOWN_PRIORITY'
  | 'ERR_QUEUE_FULL'
  | 'ERR_TASK_DROPPED'
  | 'ERR_PORT_CLOSED'
  | 'ERR_PROTOCOL'
  | 'ERR_PROTOCOL_VERSION'
  | 'ERR_WORKER_START'
  | 'ERR_WORKER_BUSY'
  | 'ERR_WORKER_LOST'
  | 'ERR_WORKER_CLOSED'
  | 'ERR_CALL_RELEASED'
  | 'ERR_CALL_NOT_FOUND'
  | 'ERR_CALL_TIMEOUT'
  | 'ERR_CALL_LIMIT'
  | 'ERR_CHAN_CLOSED'
  | 'ERR_ROUTINE_FAILED'
  | 'ERR_NOT_HELD'
  | 'ERR_POOL_CLOSED'
  | 'ERR_JOB_ABANDONED'
  | 'ERR_JOB_RECORD';

const brand = Symbol.for('mp-lanes.error');

/** Where an error came from, for {@link LanesError.cause} and for the value that was wrong. */
export interface LanesErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** The offending value as it was given, shortened by the reader where it is shown. */
  readonly value?: unknown;
}

/** Base class of the errors of `mp-lanes`: an `Error` with a stable {@link ErrorCode}. */
export class LanesError extends Error {
  /** Stable across versions: test for this, not for the message. */
  readonly code: ErrorCode;
  /** The offending value, where there is one. */
  readonly value?: unknown;
  /** The error that led to this one, where there is one. */
  override readonly cause?: unknown;

  constructor(code: ErrorCode, message: string, options: LanesErrorOptions = {}) {
    super(message);
    this.code = code;
    if ('value' in options) this.value = options.value;
    if ('cause' in options) this.cause = options.cause;
  }

  /** Whether `value` is an error of ours, also one that was made by the other bundle. */
  static is(value: unknown): value is LanesError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/**
 * Names a class of errors. On the prototype, so that an instance carries nothing for it, and a fixed name that
 * minification cannot change.
 */
export function nameErrors(type: { readonly prototype: LanesError }, name: string): void {
  Object.defineProperty(type, 'name', { value: name, configurable: true });
  Object.defineProperty(type.prototype, 'name', { value: name, writable: true, configurable: true });
}

nameErrors(LanesError, 'LanesError');
Object.defineProperty(LanesError.prototype, brand, { value: true });
