/**
 * Scheduling states: the signal and the priority that a task was posted with, and that `yield()` inherits.
 *
 * Invariants: all tasks of one signal share one group, which listens to the signal while it has members and no longer;
 * so a thousand tasks with one signal cost one algorithm on it, and an aborted or re-prioritised signal walks its own
 * tasks only, in the order in which they were posted.
 *
 * @see https://wicg.github.io/scheduling-apis/#scheduling-state
 */
import { addAbortAlgorithm } from '../core/abort.js';
import type { AbortSignalLike } from '../core/abort.js';
import { LanesError } from '../core/errors.js';
import type { Pump } from '../core/pump.js';
import type { Rank } from '../core/task.js';
import { taskPriorities, taskPriority } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';
import { addPriorityAlgorithm, hasFixedPriority } from './task-signal.js';
import type { TaskSignalLike } from './task-signal.js';

/** A task as its states see it. */
export interface StatefulTask {
  abort(reason: unknown): void;
  move(rank: Rank): void;
}

/** The rank of a priority. @throws TypeError with the code `ERR_UNKNOWN_PRIORITY` for anything else. */
export function rankOf(priority: unknown): Rank {
  const rank = taskPriorities.indexOf(priority as TaskPriority);
  return (rank < 0 ? taskPriorities.indexOf(taskPriority(priority)) : rank) as Rank;
}

/** The error of whoever posts to a rank of which as many tasks wait as may; `null` where one more may. */
export function fullQueue(pump: Pump, rank: Rank): LanesError | null {
  const limit = pump.tuning.maxQueued[rank];
  if (pump.length < limit || pump.lengthOf(rank, false) < limit) return null;
  if (pump.probe !== null) pump.probe.refused(rank);
  const message = `${limit} ${taskPriorities[rank]} tasks wait already: post less at a time, or raise maxQueued`;
  return new LanesError('ERR_QUEUE_FULL', message, { value: limit });
}

/** @throws LanesError `ERR_QUEUE_FULL` where as many tasks of `rank` wait as may. */
export function checkRoom(pump: Pump, rank: Rank): void {
  const full = fullQueue(pump, rank);
  if (full !== null) throw full;
}

/** The rank of a priority that was given, or of one that was not. */
export function rankFor(pump: Pump, priority: unknown): Rank {
  return priority === undefined ? pump.defaultRank : rankOf(priority);
}

/** The tasks that wait for one signal. */
class SignalGroup {
  private readonly tasks = new Set<StatefulTask>();
  private stop: (() => void) | null = null;

  constructor(private readonly subscribe: (group: SignalGroup) => () => void) {}

  add(task: StatefulTask): void {
    if (this.stop === null) this.stop = this.subscribe(this);
    this.tasks.add(task);
  }

  remove(task: StatefulTask): void {
    if (this.tasks.delete(task) && this.tasks.size === 0 && this.stop !== null) {
      this.stop();
      this.stop = null;
    }
  }

  each(visit: (task: StatefulTask) => void): void {
    Array.from(this.tasks).forEach(visit);
  }
}

const abortGroups = new WeakMap<object, SignalGroup>();
const priorityGroups = new WeakMap<object, SignalGroup>();

function groupOf(
  groups: WeakMap<object, SignalGroup>,
  signal: object,
  subscribe: (group: SignalGroup) => () => void,
): SignalGroup {
  let group = groups.get(signal);
  if (group === undefined) groups.set(signal, (group = new SignalGroup(subscribe)));
  return group;
}

function abortGroupOf(signal: AbortSignalLike): SignalGroup {
  return groupOf(abortGroups, signal, (group) =>
    addAbortAlgorithm(signal, () => group.each((task) => task.abort(signal.reason))),
  );
}

function priorityGroupOf(signal: TaskSignalLike): SignalGroup {
  return groupOf(priorityGroups, signal, (group) =>
    addPriorityAlgorithm(signal, () => {
      const rank = rankOf(signal.priority);
      group.each((task) => task.move(rank));
    }),
  );
}

/** Where a task's priority and its abort come from. Immutable, shared by a task and its continuations. */
export class SchedulingState {
  private readonly groups: readonly SignalGroup[];
  private readonly fixedRank: Rank;

  constructor(
    /** Aborts the task, or `null`. */
    readonly signal: AbortSignalLike | null,
    /** A priority that stays, or the signal whose priority is followed. */
    private readonly source: TaskPriority | TaskSignalLike,
  ) {
    const groups: SignalGroup[] = [];
    if (signal !== null) groups.push(abortGroupOf(signal));
    if (typeof source !== 'string' && !hasFixedPriority(source)) groups.push(priorityGroupOf(source));
    this.groups = groups;
    this.fixedRank = rankOf(typeof source === 'string' ? source : source.priority);
  }

  /** The rank in force now. */
  get rank(): Rank {
    const { source, fixedRank } = this;
    return typeof source === 'string' ? fixedRank : rankOf(source.priority);
  }

  /** A task of this state waits. */
  join(task: StatefulTask): void {
    for (const group of this.groups) group.add(task);
  }

  /** It waits no longer. */
  leave(task: StatefulTask): void {
    for (const group of this.groups) group.remove(task);
  }
}

const plainStates = taskPriorities.map((priority) => new SchedulingState(null, priority));

/** The state of tasks without a signal: one for each rank, made once. */
export function plainState(rank: Rank): SchedulingState {
  return plainStates[rank] as SchedulingState; // Invariant: one for each rank.
}
