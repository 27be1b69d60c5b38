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
  controllerSlot,
  createDependentSignal,
  createSignal,
  isAbortSignal,
} from '../core/abort.js';
import { DOMException } from '../core/dom-exception.js';
import { fireEvent, getEventHandler, hasListeners, setEventHandler } from '../core/event-target.js';
import {
  addAlgorithm,
  addDependent,
  dependentsOf,
  linkOf,
  linkedState,
  runAlgorithms,
  signalSlot,
  signalState,
} from '../core/signal-state.js';
import { defineInterface, dictionary, illegalInvocation, required } from '../core/webidl.js';
import { TaskPriorityChangeEvent } from './task-priority-change-event.js';
import { taskPriority } from './task-priority.js';
import type { AbortSignalLike } from '../core/abort.js';
import type { EventHandler } from '../core/event-target.js';
import type { Audience, Link, SignalState } from '../core/signal-state.js';
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

interface TaskState extends Audience {
  priority: TaskPriority;
  changing: boolean;
  /** The root whose priority it follows. */
  source: Link | null;
  fixed: boolean;
}

function createTaskState(priority: TaskPriority): TaskState {
  return {
    priority,
    changing: false,
    algorithms: null,
    dependents: null,
    source: null,
    fixed: false,
  };
}

function taskOf(signal: unknown): TaskState {
  return (signalSlot.of(signal).task as TaskState | null) || illegalInvocation();
}

/** The state of a signal of ours, or the state that follows a foreign one by one listener. */
function taskState(signal: TaskSignalLike): TaskState {
  const state = signalState(signal);
  if (state.task === null) {
    state.task = createTaskState(taskPriority(signal.priority));
    signal.addEventListener('prioritychange', () => changePriority(state, signal.priority));
  }
  return state.task as TaskState;
}

/** Whether `value` is a `TaskSignal`, ours or any other, by its public members. */
export function isTaskSignal(value: unknown): value is TaskSignalLike {
  return isAbortSignal(value) && typeof (value as Partial<TaskSignalLike>).priority === 'string';
}

/** Whether the priority of `signal` will never change. https://wicg.github.io/scheduling-apis/#tasksignal-has-fixed-priority */
export function hasFixedPriority(signal: TaskSignalLike): boolean {
  return taskState(signal).fixed;
}

/** Runs `algorithm` at each change of the signal's priority, before its listeners. Gives the way to take it back. */
export function addPriorityAlgorithm(signal: TaskSignalLike, algorithm: () => void): () => void {
  return addAlgorithm(signalState(signal), taskState(signal), algorithm);
}

/** https://wicg.github.io/scheduling-apis/#tasksignal-signal-priority-change */
function changePriority(state: SignalState, priority: TaskPriority): void {
  const task = state.task as TaskState;
  const previousPriority = task.priority;
  if (task.changing) throw new DOMException('the priority is being changed', 'NotAllowedError');
  if (previousPriority === priority) return;
  task.changing = true;
  task.priority = priority;
  runAlgorithms(task, false);
  // Invariant: what fires its `abort` event itself is ours.
  const signal = state.owner as TaskSignal;
  if (state.fire && hasListeners(signal, 'prioritychange'))
    fireEvent(signal, new TaskPriorityChangeEvent('prioritychange', { previousPriority }));
  for (const dependent of dependentsOf(task)) changePriority(dependent, priority);
  task.changing = false;
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
    signalSlot.of(this).task = createTaskState('user-visible');
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
    return taskOf(this).priority;
  }

  get onprioritychange(): EventHandler<TaskSignal, TaskPriorityChangeEvent> {
    taskOf(this);
    return getEventHandler(this, 'prioritychange');
  }

  set onprioritychange(value: EventHandler<TaskSignal, TaskPriorityChangeEvent>) {
    taskOf(this);
    setEventHandler(this, 'prioritychange', value);
  }
}

defineInterface(TaskSignal, 'TaskSignal');

/** https://wicg.github.io/scheduling-apis/#create-a-dependent-task-signal */
function createDependentTaskSignal(signals: unknown, init: unknown): TaskSignal {
  const sources = abortSignals(signals);
  const { priority = 'user-visible' } = dictionary(init);
  const leader = isTaskSignal(priority) ? priority : null;
  const given = leader ? taskState(leader).priority : taskPriority(priority);
  const signal = createDependentSignal(TaskSignal, sources);
  const task = taskOf(signal);
  task.priority = given;
  const root = leader && rootOf(leader);
  if (root) {
    task.source = linkOf(root);
    addDependent(root.task as TaskState, signalState(signal));
  } else task.fixed = true;
  return signal;
}

/** The signal that decides the priority of `signal`, unless that is fixed. */
function rootOf(signal: TaskSignalLike): SignalState | undefined {
  const { source, fixed } = taskState(signal);
  // A root that is gone cannot change its priority any more.
  return fixed ? undefined : source ? linkedState(source) : signalState(signal);
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
    taskOf(signal).priority = given;
    controllerSlot.of(this).signal = signal;
  }

  /**
   * Moves the tasks of the signal to `priority`, each to the place it would have had there from the start.
   * @throws TypeError for an unknown priority; DOMException `NotAllowedError` inside a change of the same signal's.
   */
  setPriority(priority: TaskPriority): void {
    const { signal } = controllerSlot.of(this);
    const state = signalSlot.find(signal);
    if (!state || !state.task) illegalInvocation();
    required(arguments.length, 1);
    changePriority(state, taskPriority(priority));
  }
}

defineInterface(TaskController, 'TaskController');
