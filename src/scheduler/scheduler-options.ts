/** Options of the scheduler. https://wicg.github.io/scheduling-apis/#dictdef-schedulerposttaskoptions */
import type { AbortSignalLike } from '../core/abort.js';
import type { TaskPriority } from './task-priority.js';

/** What `postTask` may be told. */
export interface PostTaskOptions {
  /** Milliseconds before the task is queued, an integer from 0 to 2^53 - 1. @defaultValue 0 */
  readonly delay?: number | undefined;
  /** A priority that no signal changes. @defaultValue the signal's, if it is a `TaskSignal`; else `'user-visible'` */
  readonly priority?: TaskPriority | undefined;
  /** Aborts the task; a `TaskSignal` gives it its priority too. The platform's own signals will do. */
  readonly signal?: AbortSignalLike | undefined;
}
