// @vitest-environment happy-dom
/** Real pages and components of WeChat's own framework, made from files as an app's are. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as lanes from '../../src/index.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { openMiniProgram } from '../demo/mini-program.js';
import type { OpenPage } from '../demo/mini-program.js';

const { scheduler } = lanes;

let host: VirtualHost;
let uninstall: () => void;
let root: string;
/** What the mini-program under test puts aside to be looked at. */
let seen: Record<string, { tasks: lanes.TaskScope } & Record<string, unknown>>;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
  root = mkdtempSync(join(tmpdir(), 'page-'));
  seen = {};
});
afterEach(() => {
  rmSync(root, { recursive: true });
  host.assertClean();
  uninstall();
});

function openPage(files: Readonly<Record<string, string>>, path = 'page'): OpenPage {
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const globals = {
    setTimeout: (callback: () => void, delayMs: number) => host.time.setTimer(callback, delayMs),
    seen,
    note: (line: string) => host.note(line),
  };
  return openMiniProgram(root, { wx: {}, packages: { 'mp-lanes': lanes }, globals }).open(path);
}

async function takeLog(): Promise<string[]> {
  await host.runUntilIdle();
  return host.takeLog();
}

/** What the host does when the page goes and comes: the page lifetimes, of the page's own root too. */
function turn(page: OpenPage, name: 'show' | 'hide'): void {
  const { __wxElement } = page.element as unknown as {
    __wxElement: { triggerPageLifetime(name: string, args: unknown[]): void };
  };
  __wxElement.triggerPageLifetime(name, []);
}

const handlers = `
  onTap() {
    this.tasks.scheduleTask(() => note('tapped'));
  },
  onLoaded() {
    this.tasks.scheduleTask(() => note('loaded'));
  },
`;
const button = '<view class="it" bindtap="onTap" bindload="onLoaded">tap</view>';

/** Each way to have tasks, as the files of a page. */
const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Page(withTasks(…))': {
    'page.json': '{}',
    'page.wxml': button,
    'page.js': `
      const { withTasks } = require('mp-lanes');
      Page(withTasks({ onLoad() { seen.it = this; }, onUnload() { note('unload'); }, ${handlers} }));`,
  },
  'Page with the behavior': {
    'page.json': '{}',
    'page.wxml': button,
    'page.js': `
      const { taskBehavior } = require('mp-lanes');
      Page({
        behaviors: [Behavior(taskBehavior)],
        onLoad() { seen.it = this; },
        onUnload() { note('unload'); },
        ${handlers}
      });`,
  },
  'Component as a page': {
    'page.json': '{}',
    'page.wxml': button,
    'page.js': `
      const { taskBehavior } = require('mp-lanes');
      Component({
        behaviors: [Behavior(taskBehavior)],
        methods: { onLoad() { seen.it = this; }, onUnload() { note('unload'); }, ${handlers} },
      });`,
  },
  'Component on a page': {
    'page.json': '{ "usingComponents": { "part": "./part" } }',
    'page.wxml': '<part wx:if="{{!gone}}"/>',
    'page.js': `Page({ onLoad() { seen.page = this; }, onUnload() { note('unload'); } });`,
    'part.json': '{ "component": true }',
    'part.wxml': button,
    'part.js': `
      const { taskBehavior } = require('mp-lanes');
      Component({
        behaviors: [Behavior(taskBehavior)],
        lifetimes: {
          created() { seen.it = this; },
          detached() { note('closed: ' + this.tasks.closed); },
        },
        methods: { ${handlers} },
      });`,
  },
};

describe.each(Object.entries(ways))('%s', (way, files) => {
  it('has tasks, which are cancelled when it goes', async () => {
    const page = openPage(files);
    const { tasks } = seen['it']!;
    expect(tasks).toBeInstanceOf(lanes.TaskScope);
    tasks.scheduleTask(() => host.note('ran'));
    expect(await takeLog()).toEqual(['ran']);

    const waiting = tasks.postTask(() => host.note('never'));
    const outcome = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    page.close();
    await outcome;
    expect(tasks.closed).toBe(true);
    expect((await takeLog()).filter((line) => line !== 'unload' && line !== 'closed: true')).toEqual([]);
  });

  it('answers a tap before what else is to be done, and nothing but the user', async () => {
    const page = openPage(files);
    scheduler.postTask(() => host.note('theirs'));
    page.send('load', '.it');
    page.tap('.it');
    expect(await takeLog()).toEqual(['tapped', 'theirs', 'loaded']);
    page.close();
    await takeLog();
  });

  it('lets its tasks wait while it is hidden', async () => {
    const page = openPage(files);
    const hide = (name: 'hide' | 'show'): void => {
      if (way === 'Page(withTasks(…))') page.lifecycle(name === 'hide' ? 'onHide' : 'onShow');
      else turn(page, name);
    };
    const { tasks } = seen['it']!;
    hide('hide');
    tasks.scheduleTask(() => host.note('mine'), 'user-blocking');
    scheduler.postTask(() => host.note('theirs'));
    expect(await takeLog()).toEqual(['theirs', 'mine']);
    hide('show');
    tasks.scheduleTask(() => host.note('mine'), 'user-blocking');
    scheduler.postTask(() => host.note('theirs'));
    expect(await takeLog()).toEqual(['mine', 'theirs']);
    page.close();
    await takeLog();
  });
});

describe('a page that only its own functions tell of its life', () => {
  it('is hidden and shown by them, since it has a route', async () => {
    const page = openPage({
      'page.json': '{}',
      'page.wxml': '<view/>',
      'page.js': `
        const { taskBehavior } = require('mp-lanes');
        Component({
          behaviors: [Behavior(taskBehavior)],
          methods: {
            onLoad() { seen.it = this; this.route = 'page'; },
            onShow() {},
            onHide() { note('onHide'); },
            onUnload() { note('closed: ' + this.tasks.closed); },
          },
        });`,
    });
    const { tasks } = seen['it']!;
    page.lifecycle('onHide');
    tasks.scheduleTask(() => host.note('mine'));
    scheduler.postTask(() => host.note('theirs'));
    expect(await takeLog()).toEqual(['onHide', 'theirs', 'mine']);
    page.lifecycle('onShow');
    tasks.scheduleTask(() => host.note('mine'));
    scheduler.postTask(() => host.note('theirs'));
    expect(await takeLog()).toEqual(['mine', 'theirs']);
    page.close();
    expect(await takeLog()).toEqual(['closed: true']);
  });
});

describe('a component', () => {
  const part = ways['Component on a page']!;

  it('that is taken out of its page loses its tasks at once, before its own detached', async () => {
    const page = openPage(part);
    const { tasks } = seen['it']!;
    tasks.scheduleTask(() => host.note('never'));
    (seen['page'] as unknown as { setData(data: object): void }).setData({ gone: true });
    expect(tasks.closed).toBe(true);
    expect(await takeLog()).toEqual(['closed: true']);
    page.close();
    expect(await takeLog()).toEqual(['unload']);
  });

  it('has an onHide of its own that is not about its page', async () => {
    const page = openPage({
      ...part,
      'part.js': `
        const { taskBehavior } = require('mp-lanes');
        Component({
          behaviors: [Behavior(taskBehavior)],
          lifetimes: { created() { seen.it = this; } },
          methods: { onTap() { this.onHide(); }, onHide() { note('popup hidden'); }, onLoaded() {} },
        });`,
    });
    page.tap('.it');
    seen['it']!.tasks.scheduleTask(() => host.note('mine'));
    scheduler.postTask(() => host.note('theirs'));
    expect(await takeLog()).toEqual(['popup hidden', 'mine', 'theirs']);
    page.close();
    await takeLog();
  });

  it('must not have a method `tasks`, and may have no methods at all', async () => {
    const code = (members: string): string => `
      const { taskBehavior } = require('mp-lanes');
      Component({ behaviors: [Behavior(taskBehavior)], created() { seen.it = this; }, ${members} });`;
    expect(() => openPage({ ...part, 'part.js': code('methods: { tasks() {} }') })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
    const page = openPage({ ...part, 'part.js': code('') });
    expect(seen['it']!.tasks.closed).toBe(false);
    page.close();
    await takeLog();
  });

  it('that sends an event of its own from a tap has it answered as a tap, by whomever', async () => {
    const page = openPage({
      ...part,
      'page.wxml': '<part bindchoose="onChoose"/>',
      'page.js': `
        const { scheduler } = require('mp-lanes');
        Page({ onChoose() { scheduler.scheduleTask(() => note('chosen')); } });`,
      'part.js': `
        const { taskBehavior } = require('mp-lanes');
        Component({
          behaviors: [Behavior(taskBehavior)],
          methods: { onTap() { this.triggerEvent('choose'); }, onLoaded() {} },
        });`,
    });
    scheduler.postTask(() => host.note('theirs'));
    page.tap('.it');
    expect(await takeLog()).toEqual(['chosen', 'theirs']);
    page.close();
    await takeLog();
  });

  it('has tasks by a behavior that uses this one, but that one’s methods alone are handlers', async () => {
    const page = openPage({
      ...part,
      'part.js': `
        const { taskBehavior } = require('mp-lanes');
        const between = Behavior({
          behaviors: [Behavior(taskBehavior)],
          methods: { onTap() { this.tasks.scheduleTask(() => note('behavior')); } },
        });
        Component({
          behaviors: [between],
          created() { seen.it = this; },
          methods: { onOwnTap() { this.tasks.scheduleTask(() => note('own')); }, onLoaded() {} },
        });`,
      'part.wxml': '<view class="it" bindtap="onTap"/><view class="own" bindtap="onOwnTap"/>',
    });
    scheduler.postTask(() => host.note('theirs'));
    page.tap('.own');
    page.tap('.it');
    expect(await takeLog()).toEqual(['behavior', 'theirs', 'own']);
    page.close();
    expect(seen['it']!.tasks.closed).toBe(true);
    await takeLog();
  });

  it('that is attached again has new tasks', () => {
    const { lifetimes } = lanes.taskBehavior;
    const owner: lanes.TaskOwner = {};
    lifetimes.created.call(owner);
    const first = owner.tasks;
    lifetimes.attached.call(owner);
    expect(owner.tasks).toBe(first);
    lifetimes.detached.call(owner);
    expect(owner.tasks).toBe(first);
    lifetimes.attached.call(owner);
    expect(owner.tasks).not.toBe(first);
    expect([first!.closed, owner.tasks!.closed]).toEqual([true, false]);
  });
});
