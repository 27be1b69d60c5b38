/**
 * The functions of a page or a component, wrapped: who has a scope, and which of them answer the user.
 *
 * Invariant: a wrapped function gets the `this` and the arguments that it was called with, and gives or throws what the
 * function itself does.
 */
import { LanesError } from '../core/errors.js';
import { isObject } from '../core/webidl.js';
import type { Members } from '../core/webidl.js';
import { runUrgently } from '../scheduler/urgency.js';
import { TaskScope } from './task-scope.js';

/** What a page or a component has in addition. */
export interface WithTasks {
  /** Its tasks: cancelled when it is gone, `'background'` while it is hidden. */
  readonly tasks: TaskScope;
}

/** A page or a component, in or before the first use of its scope. */
export interface TaskOwner {
  tasks?: TaskScope;
}

/** What is done with the scope before a function of that name runs. */
export type Hooks = ReadonlyMap<string, Hook>;

type Hook = (owner: TaskOwner) => void;

/**
 * Events by which a user acts on what WeChat's own components and common libraries show. What comes from loading, playing,
 * animating or scrolling is not among them: it comes often, and nobody waits for an answer.
 */
const userEvents =
  /^(\w*tap|click|longpress|touch\w+|input|(column)?chang(e|ing)|confirm|cancel|submit|reset|focus|blur)$/;

/** The scope of `owner`, made at its first use. */
export function tasksOf(owner: TaskOwner): TaskScope {
  return owner.tasks || (owner.tasks = new TaskScope());
}

function typeOf(event: unknown): string {
  if (!isObject(event)) return '';
  const { type, currentTarget } = event as Members;
  return typeof type === 'string' && isObject(currentTarget) ? type : '';
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function wrapMethod(method: Method, hook: Hook | undefined): Method {
  function wrapped(this: unknown, ...args: unknown[]): unknown {
    const type = typeOf(args[0]);
    // A child may have something to say before its page is loaded.
    if (type && isObject(this)) tasksOf(this);
    if (hook) hook(this as TaskOwner);
    return userEvents.test(type) ? runUrgently(() => method.apply(this, args)) : method.apply(this, args);
  }
  // A debounced function has a `cancel`, a worklet its hash.
  return Object.assign(wrapped, method);
}

/** A copy of `members` in which each function is wrapped. @throws LanesError when there is a member `tasks` already. */
export function wrapMembers(members: object, hooks: Hooks): Record<string, unknown> {
  const wrapped = Object.assign({}, members) as Record<string, unknown>;
  if (wrapped['tasks'] !== undefined)
    throw new LanesError(
      'ERR_INVALID_ARGUMENT',
      '`tasks` is the scope of its tasks: give the member another name.',
      {
        value: wrapped['tasks'],
      },
    );
  for (const name of Object.keys(wrapped)) {
    const member = wrapped[name];
    if (typeof member === 'function') wrapped[name] = wrapMethod(member as Method, hooks.get(name));
  }
  return wrapped;
}
