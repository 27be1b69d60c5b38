/** What is left of pages that were opened and closed: nothing. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { currentRuntime } from '../../src/host/runtime.js';
import { TaskScope } from '../../src/page.js';
import { AbortController, TaskController } from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

const TIMEOUT_MS = 30_000;
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

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

/** Each of the pump's six queues keeps up to so many slots of cancelled tasks, whatever their number was. */
const DEAD_SLOTS = 6 * 65;

const never = (): void => host.note('never');

/** A WeakRef keeps its target until the turn in which it was made is over. */
const turnEnds = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function alive(refs: readonly (readonly WeakRef<object>[])[], at: number): number {
  return refs.filter((each) => each[at]!.deref() !== undefined).length;
}

const use = (value: object): object => value;

/** A page's life with everything in it that could stay: tasks that wait, delays, loops, signals that outlive it. */
function live(app: AbortController, leader = new TaskController()): TaskScope {
  const tasks = new TaskScope();
  const waiting = [
    tasks.postTask(never),
    tasks.postTask(never, { priority: 'user-blocking', delay: 60_000 }),
    tasks.postTask(never, { signal: app.signal }),
    tasks.postTask(never, { signal: leader.signal }),
    tasks.forEach([1, 2], never),
    tasks.yield(),
  ];
  for (const each of waiting) each.catch(() => undefined);
  tasks.scheduleTask(never, 'background');
  tasks.hide();
  tasks.show();
  return tasks;
}

it(
  '10,000 scopes, opened and closed, leave no task and no timer',
  () => {
    const app = new AbortController();
    const leader = new TaskController();
    const { pump } = currentRuntime();
    const scopes = Array.from({ length: 10_000 }, () => live(app, leader));
    // Six of the seven wait on the pump, one for its delay.
    expect(pump.length).toBe(10_000 * 6);
    expect(host.armed().timer).toBe(1);
    for (const scope of scopes) scope.close();
    expect(pump.length).toBe(0);
    expect(host.armed().timer).toBe(0);
    host.runUntilIdleSync();
  },
  TIMEOUT_MS,
);

it(
  'a closed scope and what it was given are collected, though the signals it was given live on',
  async () => {
    const app = new AbortController();
    const native = new globalThis.AbortController();
    const refs = Array.from({ length: 2000 }, () => {
      const tasks = live(app);
      const marker = {};
      tasks.scheduleTask(() => void use(marker));
      tasks.postTask(() => marker, { signal: native.signal }).catch(() => undefined);
      tasks.close();
      return [tasks, tasks.signal, marker].map((each) => new WeakRef(each));
    });
    await host.runUntilIdle();
    await turnEnds();
    gc();
    for (const at of [0, 1, 2]) expect(alive(refs, at)).toBeLessThan(DEAD_SLOTS);
    // They are alive, and nobody listens any more.
    app.abort();
    native.abort();
  },
  TIMEOUT_MS,
);

it(
  'a scope that lives on holds no task that has run or was cancelled',
  async () => {
    const tasks = new TaskScope();
    const app = new AbortController();
    const leader = new TaskController();
    const refs = Array.from({ length: 2000 }, (_, at) => {
      const marker = {};
      const cancelled = tasks.scheduleTask(never);
      const handle = tasks.scheduleTask(() => void use(marker));
      void tasks.postTask(() => marker, { signal: at % 2 ? app.signal : leader.signal });
      cancelled.cancel();
      return [marker, handle, cancelled].map((each) => new WeakRef(each));
    });
    await host.runUntilIdle();
    await turnEnds();
    gc();
    for (const at of [0, 1, 2]) expect(alive(refs, at)).toBeLessThan(DEAD_SLOTS);
    expect(tasks.closed).toBe(false);
  },
  TIMEOUT_MS,
);
