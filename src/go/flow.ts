/**
 * Pipelines: channels from channels. https://go.dev/blog/pipelines
 *
 * What must always hold
 * - Back-pressure goes through: what joins two channels has one value in hand, and takes the next when it is rid of that.
 * - What it gives is closed when its sources are, or when it fails or is ended, so no receiver waits for ever.
 * - Its routines end with it. The first error is the flow's, and nobody else's.
 */
import { LanesError } from '../core/errors.js';
import type { AbortSignalLike } from '../core/signal-state.js';
import { dictionary } from '../core/webidl.js';
import type { SelectCase } from './cases.js';
import { Chan } from './chan.js';
import type { Receivable } from './chan.js';
import { startFollowing } from './go.js';
import { Group } from './group.js';
import type { Operation } from './operation.js';
import { createOrigin } from './routine.js';
import type { Routine } from './routine.js';
import { select, to } from './select.js';
import { takeSite } from './site.js';
import type { WaitOptions } from './waiting.js';

/** How channels are joined. */
export interface FlowOptions {
  /** Ends it when it aborts: what it gives is closed. A value in hand is dropped, at most one a source. A `Context` is one. */
  readonly signal?: AbortSignalLike | undefined;
  /** How many values each channel that it gives holds for nobody yet. @defaultValue 0: unbuffered */
  readonly capacity?: number | undefined;
}

/** A channel that gets its values from others. */
export interface Flow<T> extends Receivable<T> {
  /**
   * The one place for errors. Settles when all values have gone through; rejects with the first error, of a receive or a send, or
   * with the signal's reason. Where nobody looks at it, errors are reported to the host as a `RoutineError`.
   */
  readonly done: Promise<void>;
}

/** What can be sent on: a `Chan` or a `PortChan`. */
export interface Sendable<T> {
  readonly closed: boolean;
  send(value: T, options?: WaitOptions): Operation<void>;
  close(): void;
}

/** How one channel is led into another. */
export interface PipeOptions {
  /** Whether `target` is closed at the end, whatever that is. @defaultValue `true` */
  readonly close?: boolean | undefined;
  /** Ends it when it aborts. A value in hand is dropped. */
  readonly signal?: AbortSignalLike | undefined;
}

type Steps = Generator<unknown, void, never>;

/** A function and its arguments. */
type Work = readonly [fn: (...args: never[]) => Steps, ...args: unknown[]];

/** The channel of a flow. */
class FlowChan<T> extends Chan<T> implements Flow<T> {
  routine: Routine | null = null;

  get done(): Promise<void> {
    return (this.routine as Routine<void>).done; // Invariant: set before anybody has it.
  }
}

function* forward<T>(source: Receivable<T>, target: Sendable<T>): Steps {
  for (;;) {
    const got = yield* source.recv();
    if (!got.ok) return;
    yield target.send(got.value);
  }
}

/** Hands each value to an output that can take it. */
function* deal<T>(source: Receivable<T>, outputs: readonly Chan<T>[]): Steps {
  for (;;) {
    const got = yield* source.recv();
    if (!got.ok) return;
    const cases: Record<string, SelectCase<object>> = {};
    outputs.forEach((output, at) => (cases[at] = to(output, got.value)));
    yield select(cases);
  }
}

function* forwardAll<T>(sources: readonly Receivable<T>[], target: Sendable<T>): Steps {
  const group = new Group();
  try {
    for (const source of sources) group.go(forward, source, target);
    yield group.wait();
  } finally {
    // Ended from outside, it takes them along.
    group.cancel();
  }
}

/** Starts a routine, which `signal` ends. At its end, also where it never began, `close` is called. */
function run(
  name: string,
  site: Error | null,
  signal: AbortSignalLike | undefined,
  close: () => void,
  [fn, ...args]: Work,
): Routine<void> {
  const ended = (): boolean => {
    close();
    return false;
  };
  return startFollowing(signal, createOrigin(1, name, site, ended), fn, args) as Routine<void>;
}

/** As `run`, for what gives channels. */
function runInto<T>(
  name: string,
  site: Error | null,
  signal: AbortSignalLike | undefined,
  outputs: readonly FlowChan<T>[],
  work: Work,
): void {
  const close = (): void => outputs.forEach((output) => output.close());
  const routine = run(name, site, signal, close, work);
  for (const output of outputs) output.routine = routine;
}

/**
 * One channel with the values of all `sources`, as they come; those of one source in their order. It is closed when all of them
 * are. Whoever stops receiving before that should end it by the signal; what the sources hold then stays there.
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a capacity that is none; TypeError for a signal that is none
 * @example
 * const results = fanIn(workers.map((port) => new PortChan<Result>(port)), { signal: ctx });
 * for await (const result of results) show(result);
 * await results.done; // why it ended early, if it did
 * @see https://go.dev/blog/pipelines
 */
export function fanIn<T>(sources: Iterable<Receivable<T>>, options?: FlowOptions): Flow<T> {
  const { signal, capacity } = dictionary(options) as FlowOptions;
  const list = Array.from(sources);
  const output = new FlowChan<T>(capacity);
  runInto('fanIn', takeSite(fanIn), signal, [output], [forwardAll, list, output]);
  return output;
}

/**
 * {@link fanIn} of its arguments.
 * @example
 * for await (const event of merge(taps, swipes)) handle(event);
 * @see https://go.dev/blog/pipelines
 */
export function merge<T>(...sources: readonly Receivable<T>[]): Flow<T> {
  return fanIn(sources);
}

/**
 * `n` channels among which the values of `source` are dealt out: each value goes to one of them, the one whose receiver is
 * there, or has room; so whoever is slow gets fewer. They are closed when `source` is, and have one `done`.
 * @throws LanesError `ERR_INVALID_ARGUMENT` for an `n` or a capacity that is none; TypeError for a signal that is none
 * @example
 * for (const part of fanOut(jobs, 4)) go(function* () {
 *   for (;;) {
 *     const { value, ok } = yield* part.recv();
 *     if (!ok) return;
 *     yield work(value);
 *   }
 * });
 * @see https://go.dev/blog/pipelines
 */
export function fanOut<T>(source: Receivable<T>, n: number, options?: FlowOptions): Flow<T>[] {
  if (!Number.isInteger(n) || n < 1) {
    const message = `fanOut takes an integer above 0, not ${String(n)}`;
    throw new LanesError('ERR_INVALID_ARGUMENT', message, { value: n });
  }
  const { signal, capacity } = dictionary(options) as FlowOptions;
  const outputs = Array.from({ length: n }, () => new FlowChan<T>(capacity));
  runInto('fanOut', takeSite(fanOut), signal, outputs, [deal, source, outputs]);
  return outputs;
}

/**
 * Leads the values of `source` into `target`, which is closed at the end.
 * @returns what does it: its `done` is the one place for errors, of receiving, of sending (`ERR_CHAN_CLOSED`), or the signal's
 * reason; `cancel` ends it
 * @throws TypeError for a signal that is none
 * @example
 * const rows = new PortChan<Row>(port);
 * await pipe(parsed, rows, { signal: ctx }).done; // as fast as the other thread receives
 * @see https://go.dev/blog/pipelines
 */
export function pipe<T>(source: Receivable<T>, target: Sendable<T>, options?: PipeOptions): Routine<void> {
  const { close = true, signal } = dictionary(options) as PipeOptions;
  const closeTarget = (): void => {
    if (close && !target.closed) target.close();
  };
  return run('pipe', takeSite(pipe), signal, closeTarget, [forward, source, target]);
}
