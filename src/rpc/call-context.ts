/**
 * What a callee may ask about the call that it answers.
 *
 * What must always hold: `current` is set only while the callee's code is on the stack, and not after its first `await`.
 */
import type { AbortSignal } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import { taskPriorities } from '../scheduler/task-priority.js';
import type { TaskPriority } from '../scheduler/task-priority.js';

/** The call that a callee answers. */
export interface CallContext {
  /**
   * Aborts when the caller gives the call up: by the call's `signal`, by a time-out, by `release`, or because its thread
   * is gone. A call made with this signal ends with this one, and has no more time left than this one.
   */
  readonly signal: AbortSignal;
  /** What the caller said beside the arguments; frozen and empty where it said nothing. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly priority: TaskPriority;
  /** Milliseconds until the call must be over; `Infinity` without a time-out. */
  readonly timeLeftMs: number;
  /**
   * Tells the caller's `onProgress` how far the call has come: anything that can be cloned. Of what is said in one slice
   * the last is sent. Does nothing where the caller does not listen, or the call is over.
   */
  progress(value: unknown): void;
}

/** The call, as its session knows it. */
export interface CallInside {
  readonly signal: AbortSignal;
  readonly metadata: Readonly<Record<string, string>>;
  readonly rank: Rank;
  readonly deadlineMs: number;
  progress(value: unknown): void;
}

let current: CallInside | null = null;

/** Lets `performer` run the callee's code. */
export function runInCall<Call extends CallInside>(
  call: Call,
  performer: { perform(call: Call): unknown },
): unknown {
  const before = current;
  current = call;
  try {
    return performer.perform(call);
  } finally {
    current = before;
  }
}

/** The same as {@link currentCall}, for whoever runs the callee's code later. */
export function currentInside(): CallInside | null {
  return current;
}

/**
 * The call that is being answered; `null` outside of one. Ask at the beginning of an exposed function: after its first
 * `await` no engine tells who goes on.
 *
 * @example
 * ```js
 * expose({
 *   async sharpen(image) {
 *     const { signal, progress } = currentCall();
 *     for (const [row, of] of rows(image)) {
 *       signal.throwIfAborted();
 *       progress(row / of);
 *       await scheduler.yield();
 *     }
 *     return image;
 *   },
 * });
 * ```
 */
export function currentCall(): CallContext | null {
  const call = current;
  if (call === null) return null;
  return {
    get signal() {
      return call.signal;
    },
    metadata: call.metadata,
    priority: taskPriorities[call.rank],
    get timeLeftMs() {
      return call.deadlineMs - currentRuntime().now();
    },
    progress: (value) => call.progress(value),
  };
}
