import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskScope, withTasks } from '../../src/page.js';
import { scheduler } from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});
afterEach(() => {
  host.assertClean();
  uninstall();
});

type AnyPage = Record<string, (...args: unknown[]) => unknown> & { tasks: TaskScope };

/** What `Page` makes of its options, in a host that knows nothing but names. */
function open(options: object): AnyPage {
  const page = Object.assign({}, options) as AnyPage;
  page['onLoad']!({ id: '1' });
  page['onShow']!();
  return page;
}

const note = (line: string) => () => host.note(line);
const eventOf = (type: string): object => ({ type, currentTarget: { dataset: {} }, detail: {} });

describe('the life of a page', () => {
  it('has its scope from before onLoad on, hidden and shown with it, closed before onUnload', () => {
    const seen: unknown[] = [];
    const page = open(
      withTasks({
        onLoad(query) {
          seen.push(['onLoad', query, this.tasks.closed]);
        },
        onUnload() {
          seen.push(['onUnload', this.tasks.closed]);
        },
      }),
    );
    const { tasks } = page;
    expect(tasks).toBeInstanceOf(TaskScope);
    page['onUnload']!();
    expect(page.tasks).toBe(tasks);
    expect(seen).toEqual([
      ['onLoad', { id: '1' }, false],
      ['onUnload', true],
    ]);
  });

  it('lets its tasks wait behind those of others while it is hidden, and cancels them when it is unloaded', async () => {
    const page = open(withTasks({}));
    const first = page.tasks.postTask(note('mine'), { priority: 'user-blocking' });
    scheduler.postTask(note('theirs'));
    page['onHide']!();
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['theirs', 'mine']);
    await first;

    page['onShow']!();
    page.tasks.postTask(note('mine'), { priority: 'user-blocking' });
    scheduler.postTask(note('theirs'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['mine', 'theirs']);

    const last = page.tasks.postTask(note('never'));
    page['onUnload']!();
    await expect(last).rejects.toMatchObject({ name: 'AbortError' });
    await host.runUntilIdle();
  });

  it('is one for each page that is open', async () => {
    const options = withTasks({});
    const one = open(options);
    const two = open(options);
    expect(one.tasks).not.toBe(two.tasks);
    one['onUnload']!();
    expect(two.tasks.closed).toBe(false);
  });

  it('ends also when onUnload throws', () => {
    const page = open(
      withTasks({
        onUnload() {
          throw new Error('in onUnload');
        },
      }),
    );
    expect(() => page['onUnload']!()).toThrow('in onUnload');
    expect(page.tasks.closed).toBe(true);
  });

  it('has a scope for what a child tells it before onLoad, and none after the end but the closed one', () => {
    const options = withTasks({
      onChosen() {
        return this.tasks.closed;
      },
    });
    const page = Object.assign({}, options) as unknown as AnyPage;
    expect(page['onChosen']!(eventOf('chosen'))).toBe(false);
    const { tasks } = page;
    page['onLoad']!({});
    expect(page.tasks).toBe(tasks);
    page['onUnload']!();
    expect(page['onChosen']!(eventOf('chosen'))).toBe(true);
  });
});

describe('a handler', () => {
  const priorityOf = async (page: AnyPage, call: () => void): Promise<string[]> => {
    scheduler.postTask(note('before'), { priority: 'user-blocking' });
    scheduler.postTask(note('visible'));
    call();
    await host.runUntilIdle();
    return host.takeLog();
  };
  const makePage = (): AnyPage =>
    open(
      withTasks({
        on() {
          this.tasks.scheduleTask(note('callback'));
          void this.tasks.postTask(note('task'));
          void scheduler.postTask(note('global'));
          void this.tasks.postTask(note('says otherwise'), { priority: 'background' });
        },
      }),
    );
  const urgent = ['before', 'callback', 'task', 'global', 'visible', 'says otherwise'];
  const usual = ['before', 'visible', 'callback', 'task', 'global', 'says otherwise'];

  it.each(
    'tap longtap longpress touchstart touchmove touchend touchcancel input change changing columnchange confirm submit reset focus blur click cancel markertap'.split(
      ' ',
    ),
  )('of %s posts at user-blocking unless it says otherwise', async (type) => {
    const page = makePage();
    expect(await priorityOf(page, () => page['on']!(eventOf(type)))).toEqual(urgent);
  });

  it.each([
    ['of an event that no user causes', [eventOf('load')]],
    ['of scrolling', [eventOf('scroll')]],
    ['of something that only begins or ends like it', [eventOf('inputs')]],
    ['called with no event', [{ type: 'tap' }]],
    ['called with a type alone', ['tap']],
    ['called with an event in another place', [1, eventOf('tap')]],
    ['called with nothing', []],
    ['called with null', [null]],
  ])('%s posts as ever', async (_what, args) => {
    const page = makePage();
    expect(await priorityOf(page, () => page['on']!(...args))).toEqual(usual);
  });

  it('is urgent in its synchronous part, not after an await', async () => {
    const page = open(
      withTasks({
        async onTap() {
          this.tasks.scheduleTask(note('urgent'));
          await Promise.resolve();
          this.tasks.scheduleTask(note('as ever'));
        },
      }),
    );
    scheduler.postTask(note('theirs'));
    page['onTap']!(eventOf('tap'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['urgent', 'theirs', 'as ever']);
  });

  it('leaves nothing urgent when it throws, and its exception passes', async () => {
    const failure = new Error('thrown');
    const page = open(
      withTasks({
        onTap() {
          throw failure;
        },
      }),
    );
    expect(() => page['onTap']!(eventOf('tap'))).toThrow(failure);
    scheduler.postTask(note('first'));
    scheduler.postTask(note('second'), { priority: 'user-blocking' });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['second', 'first']);
  });
});

describe('what is wrapped', () => {
  it('passes this, arguments and result through, whatever they are', () => {
    const promise = Promise.resolve(7);
    const page = open(
      withTasks({
        sum(...numbers: number[]) {
          return [this, numbers.length];
        },
        later: () => promise,
        bare(this: unknown) {
          return this;
        },
      }),
    );
    expect(page['sum']!(1, 2, 3)).toEqual([page, 3]);
    expect(page['later']!(eventOf('tap'))).toBe(promise);
    const { bare } = page as unknown as { bare: (event: object) => unknown };
    expect(bare(eventOf('tap'))).toBe(undefined);
  });

  it('keeps what a function carries, as the `cancel` of a debounced one', () => {
    const cancel = (): string => 'cancelled';
    const page = open(withTasks({ onInput: Object.assign(() => 'called', { cancel }) }));
    expect(page['onInput']!()).toBe('called');
    expect((page['onInput'] as unknown as { cancel: () => string }).cancel()).toBe('cancelled');
  });

  it('is a copy: the options given are as they were, and members that are no functions are the same', () => {
    const options = { data: { n: 1 }, list: [1], onLoad() {}, toString: () => 'text' };
    const before = { ...options };
    const wrapped = withTasks(options);
    expect(options).toEqual(before);
    expect(options.onLoad).toBe(before.onLoad);
    expect(wrapped.data).toBe(options.data);
    expect(wrapped.list).toBe(options.list);
    expect(wrapped.toString()).toBe('text');
    expect(Object.keys(wrapped).sort()).toEqual(
      ['data', 'list', 'onHide', 'onLoad', 'onShow', 'onUnload', 'toString'].sort(),
    );
  });

  it('adds no function that the host would take for a wish, such as sharing', () => {
    expect(Object.keys(withTasks({})).sort()).toEqual(['onHide', 'onLoad', 'onShow', 'onUnload']);
  });

  it('must not have a member `tasks`', () => {
    expect(() => withTasks({ tasks: [1] })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', value: [1] }),
    );
  });
});
