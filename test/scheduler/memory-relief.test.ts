import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskController, memoryRelief, scheduler } from '../../src/index.js';
import type { ReliefEvent, TaskPriority } from '../../src/index.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;
const told: ReliefEvent[] = [];
const listen = (event: ReliefEvent): void => void told.push(event);

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
  memoryRelief.addEventListener('relief', listen);
  memoryRelief.start();
});
afterEach(() => {
  memoryRelief.stop();
  memoryRelief.removeEventListener('relief', listen);
  told.length = 0;
  host.assertClean();
  uninstall();
});

/** Posts a task that can be dropped; gives how it ended. */
function post(priority: TaskPriority): Promise<unknown> {
  const { signal } = new TaskController({ priority });
  return scheduler
    .postTask(() => host.note(priority), { signal })
    .then(
      () => 'ran',
      (error: unknown) => error,
    );
}

const dropped = { code: 'ERR_TASK_DROPPED' };

describe('when memory is short', () => {
  it('drops what waits in the background and has a signal, and says so', async () => {
    const background = post('background');
    const visible = post('user-visible');
    scheduler.postTask(() => host.note('without a signal'), { priority: 'background' });
    scheduler.scheduleTask(() => host.note('callback'), 'background');
    host.warnMemory(10);
    await host.runUntilIdle();
    expect(await background).toMatchObject(dropped);
    expect(await visible).toBe('ran');
    expect(host.takeLog()).toEqual(['user-visible', 'without a signal', 'callback']);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      type: 'relief',
      level: 10,
      dropped: { background: 1, 'user-visible': 0, 'user-blocking': 0 },
    });
  });

  it('drops user-visible tasks when the background has none, or at the last warning; urgent ones never', async () => {
    const first = post('user-visible');
    host.warnMemory();
    expect(await first).toMatchObject(dropped);
    const ends = [post('background'), post('user-visible'), post('user-blocking')];
    host.warnMemory(15);
    await host.runUntilIdle();
    expect(await Promise.all(ends)).toMatchObject([dropped, dropped, 'ran']);
    expect(host.takeLog()).toEqual(['user-blocking']);
    expect(told.map((event) => event.level)).toEqual([undefined, 15]);
  });

  it('closes generators that began', async () => {
    const { signal } = new TaskController({ priority: 'background' });
    const steps = scheduler
      .postTask(
        function* () {
          try {
            for (;;) {
              host.costMs(10);
              yield;
            }
          } finally {
            host.note('closed');
          }
        },
        { signal },
      )
      .catch((error: unknown) => error);
    host.runTurnSync();
    host.warnMemory(5);
    expect(host.takeLog()).toEqual(['closed']);
    expect(await steps).toMatchObject(dropped);
    await host.runUntilIdle();
  });

  it('does nothing once it was stopped, and drops by hand all the same', async () => {
    memoryRelief.stop();
    const end = post('background');
    host.warnMemory(15);
    expect(told).toEqual([]);
    expect(memoryRelief.relieve()).toBe(1);
    expect(await end).toMatchObject(dropped);
    await host.runUntilIdle();
  });
});
