/** What `scheduler.configure` may change, checked before anything is changed. */
import { LanesError } from '../core/errors.js';
import type { PerRank } from '../core/task.js';
import { dictionary } from '../core/webidl.js';
import type { Members } from '../core/webidl.js';
import type { Runtime } from '../host/runtime.js';
import { measure } from './scheduler-stats.js';
import { taskPriorities } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';

/** One number for all priorities, or some numbers by their names. */
export type PerPriority = number | { readonly [P in TaskPriority]?: number };

/** What {@link Scheduler.configure} may be told. */
export interface SchedulerTuning {
  /**
   * Length of a slice in milliseconds, from 0.1 to 1000: how long tasks of the priority may keep the thread before
   * others get a turn. @defaultValue 5
   */
  readonly sliceMs?: PerPriority | undefined;
  /**
   * Whether slices adapt: down to half while others need the thread, up by a third while nobody does, twice as long in
   * the background. @defaultValue true
   */
  readonly adaptive?: boolean | undefined;
  /**
   * Milliseconds after which a waiting task is expired and runs ahead of all others, one task a slice; `Infinity` for
   * never. @defaultValue 250, 5000 and 10000
   */
  readonly expiryMs?: PerPriority | undefined;
  /**
   * How many tasks of the priority may wait, from 1. One more is refused: `postTask` rejects and `scheduleTask` throws
   * `ERR_QUEUE_FULL`. What began already (after a `yield`) is never refused. @defaultValue 1000000
   */
  readonly maxQueued?: PerPriority | undefined;
  /** Whether `stats()` measures; `true` begins anew. @defaultValue false */
  readonly stats?: boolean | undefined;
}

function perRank(members: Members, name: string, now: PerRank, least: number, most: number): PerRank {
  const given = members[name];
  return now.map((before, rank) => {
    const value =
      typeof given === 'object' && given !== null
        ? (given as Members)[taskPriorities[rank] as string]
        : given;
    if (value === undefined) return before;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    const message = `${name} is a number from ${least} to ${most}, not ${String(value)}`;
    throw new LanesError('ERR_INVALID_ARGUMENT', message, { value });
  }) as unknown as PerRank;
}

/** Changes what `tuning` names. @throws LanesError `ERR_INVALID_ARGUMENT`, and changes nothing then. */
export function tune(runtime: Runtime, tuning: SchedulerTuning): void {
  const { pump } = runtime;
  const members = dictionary(tuning);
  const { sliceMs, expiryMs, maxQueued, adaptive } = pump.tuning;
  pump.tuning = {
    sliceMs: perRank(members, 'sliceMs', sliceMs, 0.1, 1000),
    expiryMs: perRank(members, 'expiryMs', expiryMs, 0, Infinity),
    maxQueued: perRank(members, 'maxQueued', maxQueued, 1, Infinity),
    adaptive: members['adaptive'] === undefined ? adaptive : !!members['adaptive'],
  };
  if (members['stats'] !== undefined) measure(runtime, !!members['stats']);
}
