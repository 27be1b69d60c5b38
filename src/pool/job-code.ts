/** The functions that are jobs: how they are looked up, and how those are run that are generators. */
import { LanesError } from '../core/errors.js';
import { isRecord } from '../core/webidl.js';
import { currentInside, runInCall } from '../rpc/call-context.js';
import type { CallInside } from '../rpc/call-context.js';
import { scheduler } from '../scheduler/scheduler.js';
import { isGeneratorFunction } from '../scheduler/stepped-task.js';
import { taskPriorities } from '../scheduler/task-priority.js';

type AnyFunction = (...args: never) => unknown;

/** A job as its code. */
export type JobFunction = (...args: readonly unknown[]) => unknown;

/** The code of a job on this thread. */
export interface JobCode {
  readonly run: JobFunction;
  /** Whether it is a generator, and runs in slices. */
  readonly isStepped: boolean;
  /** How long it may take here, in milliseconds; 0 before the first run. */
  expectedMs: number;
  /** When it last ran here. */
  ranAtMs: number;
}

/** What calling a job gives: of a generator what it returns. */
export type JobResult<T> = T extends (...args: never) => infer Result
  ? Result extends Generator<unknown, infer Returned, never>
    ? Returned
    : Awaited<Result>
  : never;

/** The names of the functions among the members. */
export type JobName<Jobs> = {
  [Key in keyof Jobs]-?: Jobs[Key] extends AnyFunction ? Key : never;
}[keyof Jobs] &
  string;

/** What a job takes. */
export type JobArgs<T> = T extends (...args: infer Args) => unknown ? Args : never;

/**
 * The jobs of an object, by name: its own functions.
 * @throws LanesError `ERR_INVALID_ARGUMENT` for what has none
 */
export function readJobs(jobs: unknown): ReadonlyMap<string, JobCode> {
  const found = new Map<string, JobCode>();
  if (isRecord(jobs))
    for (const name of Object.keys(jobs)) {
      const run = jobs[name];
      if (typeof run === 'function')
        found.set(name, {
          run: run as JobFunction,
          isStepped: isGeneratorFunction(run),
          expectedMs: 0,
          ranAtMs: 0,
        });
    }
  if (found.size > 0) return found;
  const message = `jobs must be an object with functions of its own, not ${String(jobs)}`;
  throw new LanesError('ERR_INVALID_ARGUMENT', message, { value: jobs });
}

/** Steps a generator as the code of `call`, so that it may ask `currentCall()` in each step. */
export function* stepsIn(
  call: CallInside,
  run: JobFunction,
  args: readonly unknown[],
): Generator<undefined, unknown, undefined> {
  const steps = run(...args) as Iterator<unknown, unknown, undefined>;
  const performer = { perform: () => steps.next() };
  try {
    for (;;) {
      const { done, value } = runInCall(call, performer) as IteratorResult<unknown, unknown>;
      if (done === true) return value;
      yield undefined;
    }
  } finally {
    steps.return?.();
  }
}

/**
 * `jobs` as a worker exposes them: a generator function becomes one that steps it in slices and answers with what it
 * returns, so that the thread stays open to aborts and heartbeats; a caller that aborts closes it. (`expose` alone would
 * give the caller a stream of what it yields.) Other functions are left as they are.
 *
 * @param jobs - an object with functions of its own
 * @throws LanesError `ERR_INVALID_ARGUMENT` for an object without any
 * @example
 * ```js
 * expose(asJobs({
 *   *rank(rows) {
 *     const found = [];
 *     for (const row of rows) {
 *       found.push(score(row));
 *       yield;
 *     }
 *     return found;
 *   },
 * }));
 * ```
 */
export function asJobs<Jobs extends object>(
  jobs: Jobs,
): { readonly [Name in JobName<Jobs>]: (...args: JobArgs<Jobs[Name]>) => Promise<JobResult<Jobs[Name]>> };
export function asJobs(jobs: object): object {
  const exposed: Record<string, JobFunction> = {};
  readJobs(jobs).forEach(({ run, isStepped }, name) => {
    exposed[name] = isStepped ? (...args) => stepHere(run, args) : run;
  });
  return exposed;
}

function stepHere(run: JobFunction, args: readonly unknown[]): Promise<unknown> {
  const call = currentInside();
  const { signal, rank } = call as CallInside; // Invariant: only calls reach what is exposed.
  const steps = function* (): Generator<undefined, unknown, undefined> {
    return yield* stepsIn(call as CallInside, run, args);
  };
  return scheduler.postTask(steps, { signal, priority: taskPriorities[rank] });
}
