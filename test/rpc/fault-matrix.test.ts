/** A thread that dies at each step of random calls: every one settles, in time, with the right error, and nothing is left. */
import { describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { expose } from '../../src/rpc/expose.js';
import { transfer } from '../../src/rpc/marks.js';
import { withOptions } from '../../src/rpc/remote.js';
import { callStats, wrap } from '../../src/rpc/wrap.js';
import { createLinkedEnds, createVirtualHost } from '../../src/testing.js';
import type { LinkedEnds, VirtualHost, WorkerScope } from '../../src/testing.js';
import { runs } from '../deep/scale.js';

type Runs = Map<number, number>;

function apiOf(counts: Runs, host: VirtualHost) {
  const begin = (id: number): void => void counts.set(id, (counts.get(id) ?? 0) + 1);
  return {
    add: (id: number) => (begin(id), id),
    late: (id: number) =>
      new Promise<number>((resolve) => {
        begin(id);
        host.time.setTimer(() => resolve(id), 5);
      }),
    each: async (id: number, callback: (n: number) => unknown) => {
      begin(id);
      for (let n = 0; n < 3; n++) await callback(n);
      return id;
    },
    *items(id: number) {
      begin(id);
      for (let n = 0; n < 5; n++) yield n;
    },
    sum: async (id: number, numbers: AsyncIterable<number>) => {
      begin(id);
      let sum = 0;
      for await (const n of numbers) sum += n;
      return sum;
    },
    size: (id: number, buffer: ArrayBuffer) => (begin(id), buffer.byteLength),
  };
}
type Api = ReturnType<typeof apiOf>;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Made {
  readonly id: number;
  readonly idempotent: boolean;
  outcome: unknown;
}

const kinds = 7;

async function readAll(stream: Promise<AsyncIterable<number>>): Promise<number> {
  let count = 0;
  for await (const _ of await stream) count++;
  return count;
}

function makeCall(remote: ReturnType<typeof wrap<Api>>, id: number, next: () => number): Promise<unknown> {
  switch (Math.floor(next() * kinds)) {
    case 0:
      return remote.late(id);
    case 1:
      return remote.each(id, (n: number) => n);
    case 2:
      return readAll(remote.items(id));
    case 3:
      return remote.sum(id, [1, 2, 3].values());
    case 4: {
      const buffer = new ArrayBuffer(16);
      return remote.size(id, transfer(buffer, [buffer]));
    }
    case 5: {
      const controller = new AbortController();
      const call = withOptions(remote, { signal: controller.signal }).late(id);
      if (next() < 0.5) controller.abort(new Error('given up'));
      return call;
    }
    default:
      return remote.add(id);
  }
}

interface Played {
  readonly steps: number;
  readonly threads: number;
}

/** Random calls of `seed` in three bursts, with the thread killed at a step. */
async function play(seed: number, killAtStep: number | undefined): Promise<Played> {
  const host = createVirtualHost();
  const uninstall = host.install();
  const counts: Runs = new Map();
  const scopes: WorkerScope[] = [];
  const ends: LinkedEnds = createLinkedEnds(
    host,
    (self) => {
      scopes.push(self);
      expose(apiOf(counts, host), self);
    },
    killAtStep === undefined ? {} : { killAtStep },
  );
  ends.worker.onerror = () => undefined;
  const next = random(seed);
  const api = wrap<Api>(ends.worker);
  const made: Made[] = [];
  for (let burst = 0; burst < 3; burst++) {
    for (let n = 0; n < 3; n++) {
      const idempotent = next() < 0.3;
      const call: Made = { id: made.length, idempotent, outcome: 'pending' };
      made.push(call);
      makeCall(idempotent ? withOptions(api, { idempotent }) : api, call.id, next).then(
        (value) => (call.outcome = { value }),
        (error: unknown) => (call.outcome = { error }),
      );
    }
    await host.advance(2);
  }
  await host.advance(300);
  const label = `seed ${seed}, killed at ${String(killAtStep)}`;
  for (const { id, idempotent, outcome } of made) {
    expect(outcome, `${label}: call ${id}`).not.toBe('pending');
    const { error } = outcome as { readonly error?: { readonly code?: string; readonly message: string } };
    if (error !== undefined)
      expect(error.code ?? error.message, label).toMatch(/^(ERR_WORKER_LOST|given up)$/);
    if (!idempotent) expect(counts.get(id) ?? 0, `${label}: runs of ${id}`).toBeLessThanOrEqual(1);
    if (idempotent && error === undefined) expect(counts.get(id), label).toBeGreaterThanOrEqual(1);
  }
  // This one may be the one that is killed.
  const again = withOptions(api, { idempotent: true }).add(1000);
  await host.advance(300);
  expect(await again, label).toBe(1000);
  const empty = { pending: 0, running: 0, callbacks: 0, streams: 0 };
  expect(callStats(ends.worker), label).toMatchObject(empty);
  expect(callStats(scopes[scopes.length - 1] as WorkerScope), label).toMatchObject(empty);
  const { steps, threads } = ends;
  ends.worker.terminate();
  await host.runUntilIdle();
  host.assertClean();
  uninstall();
  return { steps, threads };
}

describe('a thread that dies', () => {
  it('at any step of random calls leaves every call settled and nothing behind', async () => {
    for (let seed = 1; seed <= runs(6, 1000).numRuns; seed++) {
      const { steps } = await play(seed, undefined);
      for (let step = 1; step <= steps; step++) {
        const { threads } = await play(seed, step);
        expect(threads).toBeLessThanOrEqual(2);
      }
    }
  }, 3_600_000);
});
