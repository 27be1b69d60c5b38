/**
 * `mp-lanes/page`: tasks that belong to a page or a component, and end with it.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';

export type { AbortSignal, AbortSignalLike } from './core/abort.js';
export { taskBehavior } from './page/task-behavior.js';
export type { TaskBehavior } from './page/task-behavior.js';
export { TaskScope } from './page/task-scope.js';
export { withTasks } from './page/with-tasks.js';
export type { DataOf, PageInstance, PageLife } from './page/with-tasks.js';
export type { TaskOwner, WithTasks } from './page/members.js';
export type { IterationOptions } from './scheduler/iteration.js';
export type { ScheduledTask } from './scheduler/scheduler.js';
export type { PostTaskOptions } from './scheduler/scheduler-options.js';
export type { TaskPriority } from './scheduler/task-priority.js';

provideHost(detectHost);
