/** `go`: starting a routine. https://go.dev/ref/spec#Go_statements */
import { addAbortAlgorithm, isAbortSignal } from '../core/signal-state.js';
import type { AbortSignalLike } from '../core/signal-state.js';
import { callable, dictionary, notA } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { isGeneratorFunction } from '../scheduler/stepped-task.js';
import { rankFor } from '../scheduler/scheduling-state.js';
import type { TaskPriority } from '../scheduler/task-priority.js';
import { AsyncRoutine } from './async-routine.js';
import { GeneratorRoutine } from './generator-routine.js';
import { createOrigin } from './routine.js';
import type { BaseRoutine, Origin, Routine } from './routine.js';
import { currentMachine } from './run-queue.js';
import { takeSite } from './site.js';
import { watch } from './watch.js';

/** How a routine runs. */
export interface GoOptions {
  /** With what priority its steps run, a generator's. @defaultValue `'user-visible'` */
  readonly priority?: TaskPriority | undefined;
  /** For error messages and the deadlock report. @defaultValue the function's name */
  readonly name?: string | undefined;
  /** Cancels it when it aborts, with the signal's reason. A `Context` is one. */
  readonly signal?: AbortSignalLike | undefined;
}

/** A function that can be a routine: a generator function, an async one, or any other. */
export type RoutineFunction<A extends unknown[], T> = (
  ...args: A
) => Generator<unknown, T, never> | PromiseLike<T> | T;

const noArguments: readonly unknown[] = [];

/** What routines have in common that were started without options, and too many of them for a site each. */
const plainOrigins = ([0, 1, 2] as const).map((rank): Origin => createOrigin(rank));

/** A routine that `launch` starts. */
export function createRoutine(
  origin: Origin,
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): BaseRoutine {
  return isGeneratorFunction(fn)
    ? new GeneratorRoutine(fn, args, origin)
    : new AsyncRoutine(fn, args, origin);
}

/** Puts a new routine at the end of its priority's queue. */
export function launch(routine: BaseRoutine): void {
  if (watch.by !== null) watch.by.started(routine);
  currentMachine().queue(routine.origin.rank).push(routine);
}

export function start(
  origin: Origin,
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): BaseRoutine {
  const routine = createRoutine(origin, fn, args);
  launch(routine);
  return routine;
}

/**
 * Starts a routine: `fn(...args)`, run by the scheduler, soon but never at once. A generator function is the light form: it
 * yields operations (`yield ch.recv()`), promises, or nothing to let others run; `yield*` keeps the types. A hundred
 * thousand of them may sleep or wait. An async function may be given as well.
 *
 * A routine that computes for long is sliced at its yields. What it throws rejects its `done`; where nobody looks at that,
 * the host is told by a {@link RoutineError}, with the routine's name and, unless very many were started, the place.
 *
 * @throws TypeError when `fn` is no function; what is wrong with the options
 * @example
 * const ch = new Chan<number>();
 * go(function* (from: number) {
 *   for (let n = from; ; n++) yield ch.send(n);
 * }, 1);
 * const routine = go({ priority: 'background', signal: ctx }, async () => {
 *   const { value } = await ch.recv();
 *   return value;
 * });
 * console.log(await routine.done); // 1
 * @see https://go.dev/ref/spec#Go_statements
 */
export function go<A extends unknown[], T>(
  fn: (...args: A) => Generator<unknown, T, never>,
  ...args: A
): Routine<T>;
export function go<A extends unknown[], T>(fn: (...args: A) => T, ...args: A): Routine<Awaited<T>>;
export function go<A extends unknown[], T>(
  options: GoOptions,
  fn: (...args: A) => Generator<unknown, T, never>,
  ...args: A
): Routine<T>;
export function go<A extends unknown[], T>(
  options: GoOptions,
  fn: (...args: A) => T,
  ...args: A
): Routine<Awaited<T>>;
export function go(first: unknown, ...rest: unknown[]): Routine {
  if (typeof first === 'function') return startPlain(first as (...args: never[]) => unknown, rest);
  const { priority, name, signal } = dictionary(first) as GoOptions;
  const [fn, ...args] = rest;
  const rank = rankFor(currentRuntime().pump, priority);
  return startFollowing(signal, createOrigin(rank, name, takeSite(go)), fn, args);
}

function startPlain(fn: (...args: never[]) => unknown, args: unknown[]): Routine {
  const rank = currentRuntime().pump.defaultRank;
  const site = takeSite(go);
  // Invariant: one for each rank.
  const origin = site === null ? (plainOrigins[rank] as Origin) : createOrigin(rank, undefined, site);
  // Of many routines without arguments not each should keep an empty list until it starts.
  return start(origin, fn, args.length === 0 ? noArguments : args);
}

/**
 * Starts a routine that `signal` cancels, if there is one.
 * @throws TypeError for a signal that is none; when `fn` is no function
 */
export function startFollowing(
  signal: AbortSignalLike | undefined,
  origin: Origin,
  fn: unknown,
  args: unknown[],
): Routine {
  if (signal !== undefined && !isAbortSignal(signal)) throw notA('an AbortSignal', signal);
  const code = callable(fn);
  if (signal === undefined) return start(origin, code, args);
  let stop = (): void => undefined;
  const { onEnd } = origin;
  const ended: Origin['onEnd'] = (failure, value) => {
    stop();
    return onEnd !== null && onEnd(failure, value);
  };
  const routine = start({ ...origin, onEnd: ended }, code, args);
  if (signal.aborted) routine.cancel(signal.reason);
  else stop = addAbortAlgorithm(signal, () => routine.cancel(signal.reason));
  return routine;
}
