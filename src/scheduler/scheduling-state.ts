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
import type { Rank } from '../core/pump.js';
import { taskPriorities } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';
import { addPriorityAlgorithm, hasFixedPriority } from './task-signal.js';
import type { TaskSignalLike } from './task-signal.js';

/** A task as its states see it. */
export interface StatefulTask {
  abort(reason: unknown): void;
  move(rank: Rank): void;
}

/** The rank of a priority. */
export function rankOf(priority: TaskPriority): Rank {
  return taskPriorities.indexOf(priority) as Rank; // Invariant: the three priorities, most urgent first.
}

/** The priority of a rank. */
export function priorityOf(rank: Rank): TaskPriority {
  return taskPriorities[rank];
}

/** The tasks that wait for one signal. */
class SignalGroup {
  private readonly tasks = new Set<StatefulTask>();
  private readonly stops: (() => void)[] = [];

  constructor(private readonly subscribe: (group: SignalGroup) => () => void) {}

  add(task: StatefulTask): void {
    if (this.tasks.size === 0) this.stops.push(this.subscribe(this));
    this.tasks.add(task);
  }

  remove(task: StatefulTask): void {
    if (this.tasks.delete(task) && this.tasks.size === 0) this.stops.pop()?.();
  }

  each(visit: (task: StatefulTask) => void): void {
    for (const task of Array.from(this.tasks)) visit(task);
  }

  /** Empties the group, then visits: whoever is visited does not have to leave. */
  drain(visit: (task: StatefulTask) => void): void {
    const tasks = Array.from(this.tasks);
    this.tasks.clear();
    this.stops.pop()?.();
    tasks.forEach(visit);
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
  if (group === undefined) {
    group = new SignalGroup(subscribe);
    groups.set(signal, group);
  }
  return group;
}

function abortGroupOf(signal: AbortSignalLike): SignalGroup {
  return groupOf(abortGroups, signal, (group) =>
    addAbortAlgorithm(signal, () => group.drain((task) => task.abort(signal.reason))),
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
  private readonly abortGroup: SignalGroup | null;
  private readonly priorityGroup: SignalGroup | null;
  private readonly fixedRank: Rank;

  constructor(
    /** Aborts the task, or `null`. */
    readonly signal: AbortSignalLike | null,
    /** A priority that stays, or the signal whose priority is followed. */
    private readonly source: TaskPriority | TaskSignalLike,
  ) {
    this.abortGroup = signal === null ? null : abortGroupOf(signal);
    const fixed = typeof source === 'string' || hasFixedPriority(source);
    this.priorityGroup = fixed ? null : priorityGroupOf(source);
    this.fixedRank = rankOf(typeof source === 'string' ? source : source.priority);
  }

  /** The rank in force now. */
  get rank(): Rank {
    const { source, fixedRank } = this;
    return typeof source === 'string' ? fixedRank : rankOf(source.priority);
  }

  /** A task of this state waits. */
  join(task: StatefulTask): void {
    if (this.abortGroup !== null) this.abortGroup.add(task);
    if (this.priorityGroup !== null) this.priorityGroup.add(task);
  }

  /** It waits no longer. */
  leave(task: StatefulTask): void {
    if (this.abortGroup !== null) this.abortGroup.remove(task);
    if (this.priorityGroup !== null) this.priorityGroup.remove(task);
  }
}

const plainStates = taskPriorities.map((priority) => new SchedulingState(null, priority));

/** The state of tasks without a signal: one for each priority, made once. */
export function plainState(priority: TaskPriority): SchedulingState {
  return plainStates[rankOf(priority)] as SchedulingState; // Invariant: one for each rank.
}
