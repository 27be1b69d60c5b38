import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskController, scheduler } from '../../src/scheduler.js';
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

const nothing = { queued: 0, run: 0, yields: 0, expired: 0, cancelled: 0, refused: 0, runMs: 0 };

describe('scheduler.stats()', () => {
  it('knows what waits while nothing is measured, and counts nothing', () => {
    scheduler.scheduleTask(() => undefined, 'background');
    expect(scheduler.stats().priorities.background).toMatchObject({ ...nothing, waiting: 1 });
    host.runUntilIdleSync();
    expect(scheduler.stats()).toMatchObject({ measuredMs: 0, slices: 0, longestBlockMs: 0 });
    expect(scheduler.stats().priorities.background).toMatchObject({ ...nothing, waiting: 0 });
  });

  it('counts queued and run tasks, their time, slices and the longest block', () => {
    scheduler.configure({ stats: true, adaptive: false });
    for (let index = 0; index < 4; index++) scheduler.scheduleTask(() => host.costMs(3), 'user-blocking');
    host.runUntilIdleSync();
    const { priorities, slices, longestBlockMs, measuredMs } = scheduler.stats();
    expect(priorities['user-blocking']).toMatchObject({ ...nothing, queued: 4, run: 4, runMs: 12 });
    expect({ slices, longestBlockMs, measuredMs }).toEqual({ slices: 2, longestBlockMs: 6, measuredMs: 12 });
  });

  it('tells how long half, 95 and 99 of a hundred waited, to a tenth', () => {
    scheduler.configure({ stats: true });
    for (let index = 0; index < 100; index++) scheduler.scheduleTask(() => host.costMs(1));
    host.runUntilIdleSync();
    const { p50, p95, p99 } = scheduler.stats().priorities['user-visible'].waitMs;
    expect(p50).toBeGreaterThanOrEqual(49);
    expect(p50).toBeLessThanOrEqual(50 * 1.1);
    expect(p95).toBeGreaterThanOrEqual(94);
    expect(p95).toBeLessThanOrEqual(95 * 1.1);
    expect(p99).toBeGreaterThanOrEqual(98);
    expect(p99).toBeLessThanOrEqual(99 * 1.1);
  });

  it('counts yields of async functions and of generators', async () => {
    scheduler.configure({ stats: true, adaptive: false });
    const steps = scheduler.postTask(function* () {
      for (let index = 0; index < 3; index++, yield) host.costMs(5);
    });
    const asynchronous = scheduler.postTask(
      async () => {
        await scheduler.yield();
        await scheduler.yield();
      },
      { priority: 'background' },
    );
    await host.runUntilIdle();
    await Promise.all([steps, asynchronous]);
    const { priorities } = scheduler.stats();
    expect(priorities['user-visible']).toMatchObject({ queued: 1, run: 4, yields: 3, runMs: 15 });
    expect(priorities.background).toMatchObject({ queued: 1, run: 3, yields: 2 });
  });

  it('counts what expired, what was cancelled and what was refused', () => {
    scheduler.configure({ stats: true, expiryMs: { background: 10 }, maxQueued: { 'user-blocking': 1 } });
    scheduler.scheduleTask(() => undefined, 'background');
    const controller = new TaskController();
    const cancelled = scheduler.postTask(() => undefined, { signal: controller.signal });
    cancelled.catch(() => undefined);
    controller.abort();
    scheduler.scheduleTask(() => undefined).cancel();
    scheduler.scheduleTask(() => undefined, 'user-blocking');
    expect(() => scheduler.scheduleTask(() => undefined, 'user-blocking')).toThrow();
    host.costMs(11);
    host.runUntilIdleSync();
    const { priorities } = scheduler.stats();
    expect(priorities.background.expired).toBe(1);
    expect(priorities['user-visible']).toMatchObject({ queued: 2, run: 0, cancelled: 2, waiting: 0 });
    expect(priorities['user-blocking'].refused).toBe(1);
  });

  it('counts the time of a task that throws, which is reported as ever', () => {
    scheduler.configure({ stats: true });
    const error = new Error('thrown');
    scheduler.scheduleTask(() => {
      host.costMs(2);
      throw error;
    });
    host.runUntilIdleSync();
    expect(scheduler.stats().priorities['user-visible']).toMatchObject({ run: 1, runMs: 2 });
    expect(host.takeErrors()).toEqual([error]);
  });

  it('begins anew when it is switched on again, and ends when it is switched off', () => {
    scheduler.configure({ stats: true });
    scheduler.scheduleTask(() => undefined);
    host.runUntilIdleSync();
    scheduler.configure({ stats: true });
    expect(scheduler.stats().priorities['user-visible'].run).toBe(0);
    scheduler.configure({ stats: false });
    scheduler.scheduleTask(() => host.costMs(1));
    host.runUntilIdleSync();
    expect(scheduler.stats()).toMatchObject({ measuredMs: 0, slices: 0 });
  });
});
