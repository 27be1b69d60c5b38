/**
 * `TaskSignal` and `TaskController`. https://wicg.github.io/scheduling-apis/#sec-task-controller
 *
 * What must always hold: a signal whose priority follows another's follows a root, a signal that is not dependent; roots
 * hold their followers as they hold those that depend on their abort (`core/signal-state.ts`).
 */
import {
  AbortController,
  AbortSignal,
  abortSignals,
  createDependentSignal,
  createSignal,
  holdSignal,
  isAbortSignal,
  setControllerSignal,
} from '../core/abort.js';
import { DOMException } from '../core/dom-exception.js';
import { environment } from '../core/environment.js';
import { fireEvent, getEventHandler, hasListeners, setEventHandler } from '../core/event-target.js';
import { addLink, linkOf, linked, signalState } from '../core/signal-state.js';
import { defineInterface, dictionary, illegalInvocation, required } from '../core/webidl.js';
import { TaskPriorityChangeEvent } from './task-priority-change-event.js';
import { taskPriority } from './task-priority.js';
import type { AbortSignalLike } from '../core/abort.js';
import type { EventHandler } from '../core/event-target.js';
import type { Link } from '../core/signal-state.js';
import type { Slot } from '../core/webidl.js';
import type { TaskPriority } from './task-priority.js';

/** What is asked of a task signal that is not ours. */
export interface TaskSignalLike extends AbortSignalLike {
  readonly priority: TaskPriority;
}

/** What a {@link TaskController} may be told. */
export interface TaskControllerInit {
  /** @defaultValue `'user-visible'` */
  readonly priority?: TaskPriority;
}

/** What {@link TaskSignal.any} may be told. */
export interface TaskSignalAnyInit {
  /** A fixed priority, or the signal whose priority is followed. @defaultValue `'user-visible'` */
  readonly priority?: TaskPriority | TaskSignalLike;
}

interface PrioritySlot extends Slot {
  readonly owner: TaskSignalLike;
  priority: TaskPriority;
  changing: boolean;
  /** By the function that removes it. */
  readonly algorithms: Map<() => void, () => void>;
  /** The signals whose priority follows this one's. */
  dependents: Set<Link> | null;
  /** Dependent, so that it is no root: what it follows, or `null` when its priority is fixed. */
  source: Link | null;
  dependent: boolean;
}

const slot = Symbol('TaskSignal');
const foreign = new WeakMap<object, PrioritySlot>();

function createSlot(owner: TaskSignalLike, priority: TaskPriority): PrioritySlot {
  return {
    owner,
    priority,
    changing: false,
    algorithms: new Map(),
    dependents: null,
    source: null,
    dependent: false,
  };
}

function slotOf(signal: unknown): PrioritySlot {
  return ownSlot(signal) ?? illegalInvocation();
}

function ownSlot(signal: unknown): PrioritySlot | undefined {
  const state = (signal as { [slot]?: PrioritySlot })[slot];
  return state !== undefined && state.owner === signal ? state : undefined;
}

/** The state of a signal of ours, or the state that follows a foreign one by one listener. */
function priorityState(signal: TaskSignalLike): PrioritySlot {
  return ownSlot(signal) ?? foreign.get(signal) ?? follow(signal);
}

function follow(signal: TaskSignalLike): PrioritySlot {
  const state = createSlot(signal, signal.priority);
  foreign.set(signal, state);
  signal.addEventListener('prioritychange', () => changePriority(state, signal.priority));
  return state;
}

/** Whether `value` is a `TaskSignal`, ours or any other, by its public members. */
export function isTaskSignal(value: unknown): value is TaskSignalLike {
  return isAbortSignal(value) && typeof (value as Partial<TaskSignalLike>).priority === 'string';
}

/** Whether the priority of `signal` will never change. https://wicg.github.io/scheduling-apis/#tasksignal-has-fixed-priority */
export function hasFixedPriority(signal: TaskSignalLike): boolean {
  const { dependent, source } = priorityState(signal);
  return dependent && source === null;
}

/** Runs `algorithm` at each change of the signal's priority, before its listeners. Gives the way to take it back. */
export function addPriorityAlgorithm(signal: TaskSignalLike, algorithm: () => void): () => void {
  const { algorithms } = priorityState(signal);
  const remove = (): void => {
    if (algorithms.delete(remove)) holdSignal(signal, -1);
  };
  algorithms.set(remove, algorithm);
  holdSignal(signal, 1);
  return remove;
}

/** https://wicg.github.io/scheduling-apis/#tasksignal-signal-priority-change */
function changePriority(state: PrioritySlot, priority: TaskPriority): void {
  if (state.changing) throw new DOMException('the priority is being changed', 'NotAllowedError');
  if (state.priority === priority) return;
  state.changing = true;
  const previousPriority = state.priority;
  state.priority = priority;
  runAlgorithms(state);
  const { owner } = state;
  if (owner instanceof TaskSignal && hasListeners(owner, 'prioritychange'))
    fireEvent(owner, new TaskPriorityChangeEvent('prioritychange', { previousPriority }));
  if (state.dependents !== null)
    for (const link of state.dependents) {
      const dependent = linked(link);
      if (dependent !== undefined) changePriority(slotOf(dependent), priority);
    }
  state.changing = false;
}

function runAlgorithms(state: PrioritySlot): void {
  for (const algorithm of state.algorithms.values())
    try {
      algorithm();
    } catch (error) {
      environment().reportError(error);
    }
}

/** https://wicg.github.io/scheduling-apis/#create-a-dependent-task-signal, the part about priority */
function followPriority(state: PrioritySlot, source: TaskSignalLike): void {
  const given = priorityState(source);
  state.priority = given.priority;
  if (hasFixedPriority(source)) return;
  const root = given.source === null ? source : linked(given.source);
  // A root that is gone cannot change its priority any more.
  if (root === undefined) return;
  state.source = linkOf(signalState(root));
  const rootState = priorityState(root as TaskSignalLike);
  rootState.dependents = addLink(rootState.dependents, linkOf(signalState(state.owner)));
}

/**
 * An `AbortSignal` that carries a priority, which a `TaskController` may change while tasks wait.
 * @example
 * ```js
 * const signal = TaskSignal.any([page.signal, AbortSignal.timeout(5000)], { priority: 'background' });
 * scheduler.postTask(work, { signal });
 * ```
 * @see https://wicg.github.io/scheduling-apis/#sec-task-signal
 */
export class TaskSignal extends AbortSignal {
  /** @internal */
  constructor(secret: unknown = undefined) {
    super(secret);
    (this as { [slot]?: PrioritySlot })[slot] = createSlot(this, 'user-visible');
  }

  /**
   * A signal that aborts as the first of `signals` does, and whose priority is fixed or follows another signal's.
   * @throws TypeError for a priority that is neither a priority nor a task signal.
   */
  static override any(signals: Iterable<AbortSignalLike>, init: TaskSignalAnyInit = {}): TaskSignal {
    required(arguments.length, 1);
    return createDependentTaskSignal(signals, init);
  }

  get priority(): TaskPriority {
    return slotOf(this).priority;
  }

  get onprioritychange(): EventHandler<TaskSignal, TaskPriorityChangeEvent> {
    slotOf(this);
    return getEventHandler(this, 'prioritychange');
  }

  set onprioritychange(value: EventHandler<TaskSignal, TaskPriorityChangeEvent>) {
    slotOf(this);
    setEventHandler(this, 'prioritychange', value);
  }
}

defineInterface(TaskSignal, 'TaskSignal');

function createDependentTaskSignal(signals: unknown, init: unknown): TaskSignal {
  const sources = abortSignals(signals);
  const { priority = 'user-visible' } = dictionary(init);
  const given = isTaskSignal(priority) ? priority : taskPriority(priority);
  const signal = createDependentSignal(TaskSignal, sources);
  const state = slotOf(signal);
  state.dependent = true;
  if (typeof given === 'string') state.priority = given;
  else followPriority(state, given);
  return signal;
}

/**
 * An `AbortController` that also sets the priority of the tasks that were given its signal.
 * @example
 * ```js
 * const controller = new TaskController({ priority: 'background' });
 * scheduler.postTask(work, { signal: controller.signal });
 * controller.setPriority('user-blocking');
 * ```
 * @see https://wicg.github.io/scheduling-apis/#sec-task-controller
 */
export class TaskController extends AbortController<TaskSignal> {
  /** @throws TypeError for an unknown priority. */
  constructor(init: TaskControllerInit = {}) {
    const { priority = 'user-visible' } = dictionary(init);
    const given = taskPriority(priority);
    super();
    const signal = createSignal(TaskSignal);
    slotOf(signal).priority = given;
    setControllerSignal(this, signal);
  }

  /**
   * Moves the tasks of the signal to `priority`, each to the place it would have had there from the start.
   * @throws TypeError for an unknown priority; DOMException `NotAllowedError` inside a change of the same signal's.
   */
  setPriority(priority: TaskPriority): void {
    const { signal } = this;
    required(arguments.length, 1);
    changePriority(slotOf(signal), taskPriority(priority));
  }
}

defineInterface(TaskController, 'TaskController');
