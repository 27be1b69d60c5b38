/** `TaskPriority`. https://wicg.github.io/scheduling-apis/#enumdef-taskpriority */
import { domString } from '../core/webidl.js';

/** The priorities of tasks, most urgent first. */
export const taskPriorities = ['user-blocking', 'user-visible', 'background'] as const;

/** How urgent a task is. */
export type TaskPriority = (typeof taskPriorities)[number];

/** Converts an argument. @throws TypeError with the code `ERR_UNKNOWN_PRIORITY`. */
export function taskPriority(value: unknown): TaskPriority {
  const text = domString(value);
  const found = taskPriorities.find((each) => each === text);
  if (found !== undefined) return found;
  const message = `'${text}' is not a priority: use ${taskPriorities.join(', ')}`;
  throw Object.assign(new TypeError(message), { code: 'ERR_UNKNOWN_PRIORITY' });
}
