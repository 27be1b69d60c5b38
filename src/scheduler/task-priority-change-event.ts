/** `TaskPriorityChangeEvent`. https://wicg.github.io/scheduling-apis/#sec-task-priority-change-event */
import { Event } from '../core/event.js';
import { defineInterface, dictionary, internalSlot, required } from '../core/webidl.js';
import { taskPriority } from './task-priority.js';
import type { EventInit } from '../core/event.js';
import type { Slot } from '../core/webidl.js';
import type { TaskPriority } from './task-priority.js';

/** What a priority change event is told at its making. */
export interface TaskPriorityChangeEventInit extends EventInit {
  readonly previousPriority: TaskPriority;
}

interface ChangeSlot extends Slot {
  readonly previousPriority: TaskPriority;
}

const changeSlot = internalSlot<ChangeSlot>();

/**
 * Told by a `TaskSignal` whose priority has changed.
 * @example
 * ```js
 * signal.onprioritychange = (event) => console.log(event.previousPriority, event.target.priority);
 * ```
 * @see https://wicg.github.io/scheduling-apis/#sec-task-priority-change-event
 */
export class TaskPriorityChangeEvent extends Event {
  constructor(type: string, priorityChangeEventInitDict: TaskPriorityChangeEventInit) {
    required(arguments.length, 2);
    super(type, priorityChangeEventInitDict);
    const previousPriority = taskPriority(dictionary(priorityChangeEventInitDict)['previousPriority']);
    changeSlot.put({ owner: this, previousPriority });
  }

  /** The priority before the change. */
  get previousPriority(): TaskPriority {
    return changeSlot.of(this).previousPriority;
  }
}

defineInterface(TaskPriorityChangeEvent, 'TaskPriorityChangeEvent');
