/** Whatever is stolen, aborted or killed: each job runs once, and each `run()` settles. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { createPool } from '../../src/pool.js';
import { expose } from '../../src/rpc/expose.js';
import { scheduler } from '../../src/scheduler/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';
import { runs, scaled, timeoutMs } from '../deep/scale.js';

const url = 'workers/jobs.js';
const jobCount = scaled(300, 10_000);

let uninstall: (() => void) | null = null;
afterEach(() => {
  uninstall?.();
  uninstall = null;
});

interface World {
  readonly host: VirtualHost;
  /** How often each job ran, and how often it came to its end. */
  readonly begun: number[];
  readonly ended: number[];
}

/** Jobs of which every third takes time in a thread; here all do. */
function jobsOf({ host, begun, ended }: World, isThread: boolean) {
  return {
    work(index: number, ms: number): number | Promise<number> {
      begun[index] = (begun[index] ?? 0) + 1;
      const end = (): number => {
        ended[index] = (ended[index] ?? 0) + 1;
        return index;
      };
      if (ms === 0) return end();
      if (isThread) return scheduler.postTask(end, { delay: ms });
      host.costMs(ms);
      return end();
    },
  };
}

function createWorld(threads: number): World {
  const host = createVirtualHost({ maxWorkers: threads });
  uninstall = host.install();
  const world = { host, begun: [], ended: [] };
  host.defineWorker(url, (pipe) => {
    const scope = new WorkerScope();
    scope.connect(pipe);
    expose(jobsOf(world, true), scope);
  });
  return world;
}

/** A number from 0 up to `limit` that follows from two others. */
const mix = (seed: number, at: number, limit: number): number =>
  (Math.imul(seed ^ Math.imul(at + 1, 0x9e3779b1), 0x85ebca6b) >>> 8) % limit;

interface Plan {
  readonly seed: number;
  readonly threads: number;
  readonly inline: boolean;
  readonly maxInFlight: number;
  /** Milliseconds at which a thread is killed. */
  readonly kills: readonly number[];
}

const plans = fc.record({
  seed: fc.integer(),
  threads: fc.integer({ min: 1, max: 4 }),
  inline: fc.boolean(),
  maxInFlight: fc.constantFrom(1, 2, 8, 64),
  kills: fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 4 }),
});

const priorities = ['user-blocking', 'user-visible', 'background'] as const;

async function play({ seed, threads, inline, maxInFlight, kills }: Plan) {
  const world = createWorld(threads);
  const { host } = world;
  const pool = createPool({
    worker: { url, count: threads, restart: { budget: 100 } },
    maxInFlight,
    ...(inline ? { inline: jobsOf(world, false) } : {}),
  });
  const settled: string[] = [];
  const settles: number[] = [];
  const runJob = (index: number): void => {
    const controller = new AbortController();
    const isIdempotent = mix(seed, index + 1e6, 2) === 0;
    const settle = (what: string): void => {
      settled[index] = what;
      settles[index] = (settles[index] ?? 0) + 1;
    };
    pool
      .run('work', [index, mix(seed, index, 3) === 0 ? mix(seed, index + 7, 5) : 0], {
        priority: priorities[mix(seed, index + 3, 3)]!,
        idempotent: isIdempotent,
        signal: controller.signal,
      })
      .then(
        (value) => settle(value === index ? 'fulfilled' : 'the answer of another'),
        (error: { code?: string } | string) => settle(typeof error === 'string' ? error : String(error.code)),
      );
    if (mix(seed, index + 11, 10) === 0)
      scheduler.postTask(() => controller.abort('aborted'), { delay: mix(seed, index + 13, 100) });
  };
  // In ten bursts, some before the threads are there.
  for (let burst = 0; burst < 10; burst++)
    scheduler.postTask(
      () => {
        for (let at = 0; at < jobCount / 10; at++) runJob((burst * jobCount) / 10 + at);
      },
      { delay: mix(seed, burst, 60) },
    );
  for (const atMs of kills)
    scheduler.postTask(() => host.workers.find(({ live }) => live)?.kill(), { delay: atMs });
  await host.runUntilIdle();
  const stats = pool.stats();
  void pool.close();
  await host.runUntilIdle();
  host.assertClean();
  return { ...world, settled, settles, stats };
}

describe('stealing', () => {
  it('runs each job once', { timeout: timeoutMs }, async () => {
    let stolen = 0;
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { begun, ended, settled, settles, stats } = await play(plan);
        expect(settles).toEqual(new Array(jobCount).fill(1));
        for (let index = 0; index < jobCount; index++) {
          const isIdempotent = mix(plan.seed, index + 1e6, 2) === 0;
          const times = begun[index] ?? 0;
          const most = isIdempotent ? 1 + plan.kills.length : 1;
          const what = settled[index];
          const isRight =
            times <= most &&
            (what === 'fulfilled'
              ? times >= 1 && (ended[index] ?? 0) >= 1
              : what === 'aborted' || (what === 'ERR_WORKER_LOST' && !isIdempotent && plan.kills.length > 0));
          if (!isRight) expect.fail(`job ${index} began ${times} times: ${what}`);
        }
        expect(stats.queued).toBe(0);
        for (const { queued, inFlight } of stats.processors) expect([queued, inFlight]).toEqual([0, 0]);
        stolen += stats.processors.reduce((sum, each) => sum + each.stolen, 0);
        uninstall?.();
        uninstall = null;
      }),
      runs(25, 1000),
    );
    expect(stolen).toBeGreaterThan(0);
  });
});
