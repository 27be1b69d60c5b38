/** The wrapper for `Page`. */
import { tasksOf, wrapMembers } from './members.js';
import type { Hooks, WithTasks } from './members.js';

/** The life of a page, as far as it is looked at here. */
export interface PageLife {
  onLoad?(query: Record<string, string | undefined>): unknown;
  onShow?(): unknown;
  onHide?(): unknown;
  onUnload?(): unknown;
}

/** What `this` is in a page besides its own members; the typings of WeChat know the whole of it. */
export interface PageInstance<Data> {
  readonly data: Data;
  readonly is: string;
  readonly route: string;
  readonly options: Record<string, string | undefined>;
  setData(data: Partial<Data> & Record<string, unknown>, callback?: () => void): void;
}

/** The data that a page begins with. */
export type DataOf<Options> = Options extends { readonly data: infer Data } ? Data : Record<string, unknown>;

const nothing = (): void => undefined;

/** What a page does to its scope, each before the page's own function of that name. */
export const pageHooks: Hooks = new Map([
  ['onLoad', (page) => void tasksOf(page)],
  ['onShow', (page) => tasksOf(page).show()],
  ['onHide', (page) => tasksOf(page).hide()],
  ['onUnload', (page) => tasksOf(page).close()],
]);

/**
 * Gives a page its own tasks, `this.tasks` (a `TaskScope`), from before `onLoad` on. They are `'background'` while the
 * page is hidden, and cancelled when it is unloaded, before its own `onUnload` runs. In the synchronous part of its
 * handlers of taps and input, whatever is posted without a priority (also on the global `scheduler`) is `'user-blocking'`.
 *
 * `options` is not changed. The functions of the page are wrapped and are called as ever.
 *
 * @throws LanesError `ERR_INVALID_ARGUMENT` when the page has a member `tasks` already.
 * @example
 * Page(withTasks({
 *   onLoad() {
 *     this.tasks.scheduleTask(() => this.prepare(), 'background');
 *   },
 *   onInput(event) {
 *     this.tasks.scheduleTask(() => this.suggest(event.detail.value));
 *   },
 * }));
 */
export function withTasks<Options extends object>(
  options: Options & PageLife & ThisType<Options & PageInstance<DataOf<Options>> & WithTasks>,
): Options {
  const members = Object.assign({}, options) as Record<string, unknown>;
  pageHooks.forEach((_hook, name) => (members[name] = members[name] || nothing));
  return wrapMembers(members, pageHooks) as Options;
}
