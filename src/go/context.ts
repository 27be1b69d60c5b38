/**
 * `Context`. https://pkg.go.dev/context
 *
 * A context is an `AbortSignal` that knows its deadline and carries values, so it goes wherever a signal does: tasks, calls to
 * a worker, operations of channels and locks.
 *
 * What must always hold: a context is done no later than its parent; a parent does not keep contexts that nobody else
 * has, nor their timers once they are done.
 */
import { AbortController, AbortSignal, createDependentSignal } from '../core/abort.js';
import type { AbortSignalLike } from '../core/abort.js';
import { DOMException } from '../core/dom-exception.js';
import { addAbortAlgorithm, isAbortSignal } from '../core/signal-state.js';
import { defineInterface, notA } from '../core/webidl.js';
import { deadlineOf, setDeadline } from '../host/deadlines.js';
import { ForegroundTimer } from '../host/foreground-timer.js';
import { currentRuntime } from '../host/runtime.js';
import { readDelay } from './sleep.js';

/** Ends a context. Idempotent; call it also when all went well, so that its timer goes. @param reason - @defaultValue an `AbortError` */
export type CancelFunction = (reason?: unknown) => void;

/** What a context has besides a signal's state. */
interface Inheritance {
  readonly parent: AbortSignalLike | null;
  readonly key: unknown;
  readonly value: unknown;
}

const inheritances = new WeakMap<object, Inheritance>();
const noKey = {};

let background: Context | null = null;

/**
 * An `AbortSignal` that knows its deadline and carries values for all that is done on one behalf. Make one from its parent by
 * the static methods, and pass it on as `signal`.
 * @example
 * const [ctx, cancel] = Context.withTimeout(Context.background, 500);
 * try {
 *   const rows = await api.search(text, withOptions({ signal: ctx }));
 *   await results.send(rows, { signal: ctx });
 * } finally {
 *   cancel();
 * }
 * @see https://pkg.go.dev/context
 */
export class Context extends AbortSignal {
  /** The context that is never done: the root of all. */
  static get background(): Context {
    return (background ??= createContext(null, [], noKey));
  }

  /**
   * A context that is done when `cancel` is called or its parent is done.
   * @param parent - a context or any signal
   * @throws TypeError when it is neither
   */
  static withCancel(parent: AbortSignalLike): [ctx: Context, cancel: CancelFunction] {
    const controller = new AbortController();
    const ctx = createContext(readParent(parent), [parent, controller.signal], noKey);
    return [ctx, (reason?: unknown) => controller.abort(reason)];
  }

  /**
   * A context that is done, with a `TimeoutError`, when `timeoutMs` have passed in the foreground: while a mini-program is in
   * the background it stands still, and so does the clock of its contexts. Without any time it is done at once.
   * @param timeoutMs - milliseconds; `Infinity` for no limit but the parent's
   * @throws LanesError `ERR_INVALID_ARGUMENT` for what is no number; TypeError for a parent that is no signal
   */
  static withTimeout(parent: AbortSignalLike, timeoutMs: number): [ctx: Context, cancel: CancelFunction] {
    readDelay('Context.withTimeout', timeoutMs);
    const [ctx, cancel] = Context.withCancel(parent);
    const dueMs = Math.min(currentRuntime().now() + Math.max(0, timeoutMs), deadlineOf(parent));
    setDeadline(ctx, dueMs);
    if (ctx.aborted || timeoutMs === Infinity) return [ctx, cancel];
    const end = (): void => cancel(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError'));
    if (timeoutMs <= 0) end();
    else {
      const timer = new ForegroundTimer(timeoutMs, end);
      addAbortAlgorithm(ctx, () => timer.cancel());
    }
    return [ctx, cancel];
  }

  /**
   * As `withTimeout`, with the time at which it is done.
   * @param at - a `Date`, or milliseconds since 1970 as `Date.now()` gives them
   */
  static withDeadline(parent: AbortSignalLike, at: Date | number): [ctx: Context, cancel: CancelFunction] {
    return Context.withTimeout(parent, readDelay('Context.withDeadline', Number(at)) - Date.now());
  }

  /** A context that carries `value` for `key`, and is done with its parent. @param key - by identity */
  static withValue(parent: AbortSignalLike, key: unknown, value: unknown): Context {
    return createContext(readParent(parent), [parent], key, value);
  }

  /** A context with the values of its parent that is not done when that is: for what must be brought to an end. */
  static withoutCancel(parent: AbortSignalLike): Context {
    return createContext(readParent(parent), [], noKey);
  }

  /** Milliseconds until its deadline, not below zero; `Infinity` without one. */
  get timeLeftMs(): number {
    return Math.max(0, deadlineOf(this) - currentRuntime().now());
  }

  /** What it, or the nearest of its parents, carries for `key`; `undefined` where none does. */
  value(key: unknown): unknown {
    return valueOf(this, key);
  }
}

defineInterface(Context, 'Context');

function valueOf(signal: AbortSignalLike, key: unknown): unknown {
  for (let at: AbortSignalLike | null = signal; at !== null;) {
    const inheritance: Inheritance | undefined = inheritances.get(at);
    if (inheritance === undefined) return undefined;
    if (inheritance.key === key) return inheritance.value;
    at = inheritance.parent;
  }
  return undefined;
}

function readParent(parent: AbortSignalLike): AbortSignalLike {
  if (!isAbortSignal(parent)) throw notA('a Context or AbortSignal', parent);
  return parent;
}

function createContext(
  parent: AbortSignalLike | null,
  sources: readonly AbortSignalLike[],
  key: unknown,
  value?: unknown,
): Context {
  const ctx = createDependentSignal(Context, sources);
  inheritances.set(ctx, { parent, key, value });
  if (parent !== null && sources.length > 0) setDeadline(ctx, deadlineOf(parent));
  return ctx;
}
