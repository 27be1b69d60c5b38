/** What a caller may say of a call, and the limits of an endpoint. */
import type { AbortSignalLike } from '../core/abort.js';
import { isAbortSignal } from '../core/abort.js';
import { LanesError } from '../core/errors.js';
import { dictionary, isRecord, notA } from '../core/webidl.js';
import { taskPriority } from '../scheduler/task-priority.js';
import type { TaskPriority } from '../scheduler/task-priority.js';

/** How a call is made; see `withOptions`. */
export interface CallOptions {
  /** Aborting it rejects the call at once with its reason; a call that did not begin never does. @defaultValue none */
  readonly signal?: AbortSignalLike;
  /**
   * How long the call may run, in milliseconds in the foreground, from when it begins at the other end. Then it rejects
   * with `ERR_CALL_TIMEOUT` and the callee's signal aborts. @defaultValue `Infinity`
   */
  readonly timeoutMs?: number;
  /**
   * How long it may wait for its begin, in milliseconds in the foreground: for the thread to start, and behind other
   * calls. Then it rejects with `ERR_CALL_TIMEOUT` and never runs. @defaultValue `Infinity`
   */
  readonly waitTimeoutMs?: number;
  /**
   * Its place among the work of the other thread, and of its answer here.
   * @defaultValue `'user-visible'`; `'user-blocking'` in a handler that answers the user (see `withTasks`)
   */
  readonly priority?: TaskPriority;
  /**
   * Whether it may run more than once: then it runs again in the next thread where one dies under it, up to three times.
   * A copy of its arguments is kept until it is answered. @defaultValue `false`
   */
  readonly idempotent?: boolean;
  /** Short texts for the callee, such as a trace id; at most 64 of them, of 1,024 characters. @defaultValue none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Hears what the callee says with `currentCall().progress(value)`; of several in a row the last. @defaultValue none */
  readonly onProgress?: (value: never) => void;
}

/** How much may be under way through an endpoint, in each direction. */
export interface CallLimits {
  /** Calls that have no answer yet. @defaultValue 65536 */
  readonly maxCalls: number;
  /** Functions and objects that are held for the other end. @defaultValue 65536 */
  readonly maxCallbacks: number;
  /** Streams that are not over. @defaultValue 1024 */
  readonly maxStreams: number;
}

/** Of a remote that nobody gave any. Without a prototype, as all that is made of options: it may have been added to. */
export const noOptions: CallOptions = Object.create(null) as CallOptions;

/** `newer` options over `older` ones. */
export function mergedOptions(older: CallOptions, newer: CallOptions): CallOptions {
  return Object.assign(Object.create(null) as CallOptions, older, newer);
}

export const defaultLimits: CallLimits = { maxCalls: 65_536, maxCallbacks: 65_536, maxStreams: 1024 };

/** The error of whoever asks for more than a limit allows. */
export function limitError(what: string, limit: number): LanesError {
  return new LanesError('ERR_CALL_LIMIT', `${limit} ${what} are under way, and no more may be`, {
    value: limit,
  });
}

const durations = ['timeoutMs', 'waitTimeoutMs'] as const;

/**
 * Checks what a user gave.
 * @throws TypeError for a signal, a priority or a function that is none
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a duration out of range or metadata that is no texts
 */
export function readCallOptions(value: unknown): CallOptions {
  const given = dictionary(value) as { readonly [Key in keyof CallOptions]: unknown };
  const { signal, priority, metadata, onProgress } = given;
  if (signal !== undefined && !isAbortSignal(signal)) throw notA('an AbortSignal', signal);
  if (priority !== undefined) taskPriority(priority);
  if (onProgress !== undefined && typeof onProgress !== 'function') throw notA('a function', onProgress);
  for (const name of durations) {
    const duration = given[name];
    if (duration !== undefined && !(typeof duration === 'number' && duration > 0))
      throw invalid(`${name} must be a number of milliseconds above 0`, duration);
  }
  if (metadata !== undefined && !isMetadata(metadata))
    throw invalid('metadata must be at most 64 texts of at most 1024 characters', metadata);
  return given as CallOptions;
}

function isMetadata(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  return keys.length <= 64 && keys.every((key) => key.length <= 1024 && isShort(value[key]));
}

const isShort = (value: unknown): boolean => typeof value === 'string' && value.length <= 1024;

/** @throws LanesError `ERR_INVALID_ARGUMENT` for a limit that is no count */
export function readLimits(value: unknown): CallLimits {
  const given = dictionary(value);
  const limits: Record<keyof CallLimits, number> = { ...defaultLimits };
  for (const key of Object.keys(defaultLimits) as (keyof CallLimits)[]) {
    const limit = given[key];
    if (limit === undefined) continue;
    if (typeof limit !== 'number' || !(limit >= 0)) throw invalid(`${key} must be a number from 0`, limit);
    limits[key] = limit;
  }
  return limits;
}

function invalid(message: string, value: unknown): LanesError {
  return new LanesError('ERR_INVALID_ARGUMENT', `${message}, not ${JSON.stringify(value) ?? typeof value}`, {
    value,
  });
}
