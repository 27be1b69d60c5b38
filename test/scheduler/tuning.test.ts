import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LanesError, TaskController, scheduler } from '../../src/scheduler.js';
import type { SchedulerTuning } from '../../src/scheduler.js';
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

/** A task that takes `ms`. */
const work =
  (line: string, ms = 1) =>
  () => {
    host.note(line);
    host.costMs(ms);
  };

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
}

describe('the length of slices', () => {
  it('is set for all priorities at once', () => {
    scheduler.configure({ sliceMs: 2 });
    for (let index = 1; index <= 4; index++) scheduler.scheduleTask(work(`${index}`));
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['1', '2']);
    host.runUntilIdleSync();
    host.takeLog();
  });

  it('is set for one priority: what is next decides how long the slice goes on', () => {
    scheduler.configure({ sliceMs: { background: 2 }, adaptive: false });
    for (let index = 1; index <= 3; index++) scheduler.scheduleTask(work(`visible ${index}`));
    for (let index = 1; index <= 4; index++)
      scheduler.scheduleTask(work(`background ${index}`), 'background');
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['visible 1', 'visible 2', 'visible 3']);
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['background 1', 'background 2']);
    host.runUntilIdleSync();
    host.takeLog();
  });

  it('is what shouldYield and timeRemaining count for the task that runs', () => {
    scheduler.configure({ sliceMs: { 'user-blocking': 20 }, adaptive: false });
    scheduler.scheduleTask(() => {
      host.note(`${scheduler.timeRemaining()}`);
      host.costMs(15);
      host.note(`${scheduler.shouldYield()}`);
    }, 'user-blocking');
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['20', 'false']);
  });

  it('grows while nobody else needs the thread, unless it may not adapt', () => {
    const slices = (adaptive: boolean): number[] => {
      scheduler.configure({ adaptive });
      for (let index = 0; index < 60; index++) scheduler.scheduleTask(work('.', 0.5));
      const lengths: number[] = [];
      while (host.runTurnSync()) lengths.push(host.takeLog().length);
      return lengths;
    };
    expect(slices(true)).toEqual([10, 11, 12, 13, 13, 1]);
    expect(slices(false)).toEqual([10, 10, 10, 10, 10, 10]);
  });
});

describe('expiry', () => {
  it('is set for a priority, and an expired task runs ahead once a slice', () => {
    scheduler.configure({ expiryMs: { background: 10 } });
    scheduler.scheduleTask(work('background 1'), 'background');
    scheduler.scheduleTask(work('background 2'), 'background');
    host.costMs(11);
    for (let index = 1; index <= 8; index++) scheduler.scheduleTask(work(`visible ${index}`));
    host.runTurnSync();
    expect(host.takeLog().slice(0, 2)).toEqual(['background 1', 'visible 1']);
    host.runTurnSync();
    expect(host.takeLog().slice(0, 2)).toEqual(['background 2', 'visible 5']);
    host.runUntilIdleSync();
    host.takeLog();
  });

  it('leaves a turn to others in each slice, even one that the expired task used up', () => {
    scheduler.configure({ expiryMs: { background: 10 } });
    for (let index = 1; index <= 3; index++) scheduler.scheduleTask(work('background', 30), 'background');
    host.costMs(11);
    for (let index = 1; index <= 3; index++) scheduler.scheduleTask(work('blocking', 30), 'user-blocking');
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual([
      'background',
      'blocking',
      'background',
      'blocking',
      'background',
      'blocking',
    ]);
  });
});

describe('a full queue', () => {
  it('refuses one more task of its priority, and of no other', async () => {
    scheduler.configure({ maxQueued: { background: 2 } });
    const options = { priority: 'background' } as const;
    const first = scheduler.postTask(work('first'), options);
    scheduler.scheduleTask(work('second'), 'background');
    const third = rejection(scheduler.postTask(work('third'), options));
    expect(() => scheduler.scheduleTask(work('fourth'), 'background')).toThrow(
      expect.objectContaining({ code: 'ERR_QUEUE_FULL', value: 2 }),
    );
    scheduler.scheduleTask(work('visible'));
    await host.runUntilIdle();
    await first;
    expect(await third).toMatchObject({ code: 'ERR_QUEUE_FULL', value: 2 });
    expect(host.takeLog()).toEqual(['visible', 'first', 'second']);
    scheduler.scheduleTask(work('again'), 'background');
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['again']);
  });

  it('refuses a delayed task when its delay is over', async () => {
    scheduler.configure({ maxQueued: 1 });
    const late = rejection(scheduler.postTask(work('late'), { delay: 5 }));
    host.costMs(5);
    scheduler.scheduleTask(work('now', 0));
    await host.runUntilIdle();
    expect(LanesError.is(await late)).toBe(true);
    expect(host.takeLog()).toEqual(['now']);
  });

  it('refuses neither what began already nor what changes its priority', async () => {
    scheduler.configure({ maxQueued: 1 });
    const controller = new TaskController({ priority: 'background' });
    const moved = scheduler.postTask(work('moved', 0), { signal: controller.signal });
    const begun = scheduler.postTask(async () => {
      scheduler.scheduleTask(work('full', 0));
      await scheduler.yield();
      host.note('went on');
    });
    controller.setPriority('user-visible');
    await host.runUntilIdle();
    await Promise.all([moved, begun]);
    expect(host.takeLog()).toEqual(['moved', 'went on', 'full']);
  });
});

describe('what is wrong', () => {
  it.each<[string, unknown, unknown]>([
    ['a slice of nothing', { sliceMs: 0 }, 0],
    ['a slice above a second', { sliceMs: { background: 1001 } }, 1001],
    ['a negative expiry', { expiryMs: -1 }, -1],
    ['text', { maxQueued: '5' }, '5'],
    ['room for nothing', { maxQueued: { background: 0 } }, 0],
  ])('%s is refused with its value, and nothing is changed', (_, tuning, value) => {
    const given = {
      ...(tuning as object),
      expiryMs: (tuning as SchedulerTuning).expiryMs ?? 1,
      sliceMs: (tuning as SchedulerTuning).sliceMs ?? 1,
    };
    expect(() => scheduler.configure(given)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', value }),
    );
    scheduler.scheduleTask(work('1', 4));
    scheduler.scheduleTask(work('2', 4));
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['1', '2']);
  });

  it('is no object', () => {
    expect(() => scheduler.configure(5 as never)).toThrow(TypeError);
  });
});
