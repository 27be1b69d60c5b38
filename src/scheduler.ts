/**
 * `mp-lanes/scheduler`: prioritised tasks in slices, and the pieces of the DOM that go with them.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';

export { AbortController, AbortSignal } from './core/abort.js';
export type { AbortSignalLike } from './core/abort.js';
export { DOMException } from './core/dom-exception.js';
export { LanesError } from './core/errors.js';
export type { ErrorCode } from './core/errors.js';
export { EventTarget } from './core/event-target.js';
export { Event } from './core/event.js';
export { IdleDeadline, cancelIdleCallback, requestIdleCallback } from './scheduler/idle.js';
export type { IdleRequestOptions } from './scheduler/idle.js';
export type { IterationOptions } from './scheduler/iteration.js';
export { Scheduler, scheduler } from './scheduler/scheduler.js';
export type { ScheduledTask } from './scheduler/scheduler.js';
export type { PostTaskOptions } from './scheduler/scheduler-options.js';
export type { PriorityStats, SchedulerStats } from './scheduler/scheduler-stats.js';
export type { PerPriority, SchedulerTuning } from './scheduler/tuning.js';
export type { Percentiles } from './scheduler/wait-histogram.js';
export { TaskPriorityChangeEvent } from './scheduler/task-priority-change-event.js';
export type { TaskPriority } from './scheduler/task-priority.js';
export { TaskController, TaskSignal } from './scheduler/task-signal.js';
export type { TaskControllerInit, TaskSignalAnyInit } from './scheduler/task-signal.js';

provideHost(detectHost);
