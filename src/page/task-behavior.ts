/**
 * The behavior for components, and for pages that are made by `Component` or use behaviors.
 *
 * A page hears of its life twice: by the page lifetimes of the behavior, which no document promises on the page itself,
 * and by its own functions. Both come to the same.
 */
import { tasksOf, wrapMembers } from './members.js';
import type { Hooks, TaskOwner } from './members.js';
import { TaskScope } from './task-scope.js';
import { pageHooks } from './with-tasks.js';

/** A definition as `Behavior` takes it. */
export interface TaskBehavior {
  readonly lifetimes: {
    created(this: TaskOwner): void;
    attached(this: TaskOwner): void;
    detached(this: TaskOwner): void;
  };
  readonly pageLifetimes: {
    show(this: TaskOwner): void;
    hide(this: TaskOwner): void;
  };
  definitionFilter(definition: object): void;
  /**
   * For types alone, there is no such method: WeChat's typings take from a behavior its methods and no other member of
   * `this`, and so `this.tasks` is known in a component.
   */
  readonly methods?: { readonly tasks: TaskScope & (() => never) };
}

/** Those of a page, on a page: a popup may have an `onHide` of its own that is not about its page. */
const hooks: Hooks = new Map(
  Array.from(pageHooks, ([name, hook]) => [
    name,
    (owner: TaskOwner & { readonly route?: unknown }) => {
      if (typeof owner.route === 'string') hook(owner);
    },
  ]),
);

/**
 * Gives a component its own tasks, `this.tasks` (a `TaskScope`), from its creation on. They are `'background'` while its
 * page is hidden, and cancelled when it is detached, before its own `detached` runs. In the synchronous part of its methods
 * that handle taps and input, whatever is posted without a priority is `'user-blocking'`.
 *
 * A component that is attached again begins anew. Methods of another behavior are wrapped if that behavior uses this one.
 *
 * @throws LanesError `ERR_INVALID_ARGUMENT` (from `Component`) when there is a method `tasks` already.
 * @example
 * Component({
 *   behaviors: [Behavior(taskBehavior)],
 *   methods: {
 *     onTap() {
 *       this.tasks.scheduleTask(() => this.choose());
 *     },
 *   },
 * });
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/custom-component/extend.html
 */
export const taskBehavior: TaskBehavior = {
  lifetimes: {
    created() {
      tasksOf(this);
    },
    attached() {
      if (tasksOf(this).closed) this.tasks = new TaskScope();
    },
    detached() {
      tasksOf(this).close();
    },
  },
  pageLifetimes: {
    show() {
      tasksOf(this).show();
    },
    hide() {
      tasksOf(this).hide();
    },
  },
  definitionFilter(definition) {
    const definable = definition as { methods?: object };
    if (definable.methods) definable.methods = wrapMembers(definable.methods, hooks);
  },
};
