import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expose } from '../../src/rpc/expose.js';
import { withOptions } from '../../src/rpc/remote.js';
import { callStats, wrap } from '../../src/rpc/wrap.js';
import { createLinkedEnds, createVirtualHost } from '../../src/testing.js';
import type { LinkedEnds, LinkedEndsOptions, VirtualHost } from '../../src/testing.js';

interface Api {
  add(a: number, b: number): number;
  echo(buffer: ArrayBuffer): ArrayBuffer;
}

let host: VirtualHost;
let uninstall: () => void;
let ends: LinkedEnds;
let runs: string[];

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
  runs = [];
});

afterEach(async () => {
  ends.worker.terminate();
  await host.runUntilIdle();
  expect(callStats(ends.worker)).toMatchObject({ pending: 0, running: 0, callbacks: 0, streams: 0 });
  host.assertClean();
  uninstall();
});

function link(options?: LinkedEndsOptions): LinkedEnds {
  ends = createLinkedEnds(
    host,
    (self) => {
      const thread = ends === undefined ? 1 : ends.threads;
      expose(
        {
          add(a: number, b: number) {
            runs.push(`${a}+${b} in ${thread}`);
            return a + b;
          },
          echo: (buffer: ArrayBuffer) => buffer,
        },
        self,
      );
    },
    options,
  );
  ends.worker.onerror = () => undefined;
  return ends;
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const code = promise.then(
    (value) => value,
    (error: { code: string }) => error.code,
  );
  await host.runUntilIdle();
  return code;
}

describe('two linked ends', () => {
  it('are a worker as any', async () => {
    const { worker } = link();
    expect(await codeOf(wrap<Api>(worker).add(1, 2))).toBe(3);
    expect(worker.state).toBe('ready');
    expect(ends.threads).toBe(1);
    expect(ends.self).not.toBeNull();
  });

  it('die when a test says so, and go on with the next thread', async () => {
    const { worker } = link();
    await host.runUntilIdle();
    const api = wrap<Api>(worker);
    const calls = [api.add(1, 1), withOptions(api, { idempotent: true }).add(2, 2)];
    ends.kill();
    expect(await codeOf(Promise.allSettled(calls))).toMatchObject([
      { reason: { code: 'ERR_WORKER_LOST' } },
      { value: 4 },
    ]);
    expect(ends.threads).toBe(2);
  });

  it('die at a step, and no call settles twice or never, whichever it is', async () => {
    link();
    await codeOf(wrap<Api>(ends.worker).add(1, 1));
    const { steps } = ends;
    ends.worker.terminate();
    for (let killAtStep = 1; killAtStep <= steps; killAtStep++) {
      runs = [];
      const api = wrap<Api>(link({ killAtStep }).worker);
      const got = await codeOf(api.add(killAtStep, 1));
      expect([killAtStep + 1, 'ERR_WORKER_LOST']).toContain(got);
      expect(runs.length).toBeLessThanOrEqual(1);
      expect(ends.threads).toBe(2);
      expect(await codeOf(api.add(5, 5))).toBe(10);
      ends.worker.terminate();
    }
  });

  it('carry bytes as the poorest client does, where that is asked for', async () => {
    const seen: unknown[] = [];
    link({
      carrier: 'json',
      faults: ({ message }) => {
        seen.push(message);
        return undefined;
      },
    });
    const back = (await codeOf(
      wrap<Api>(ends.worker).echo(new Uint8Array([1, 2, 255]).buffer),
    )) as ArrayBuffer;
    expect(Array.from(new Uint8Array(back))).toEqual([1, 2, 255]);
    expect(seen.map((each) => JSON.parse(JSON.stringify(each)) as unknown)).toEqual(seen);
  });

  it('deliver late, and nothing overtakes what is late', async () => {
    link({
      delayMs: 5,
      faults: ({ from, step }) => (from === 'worker' && step === 3 ? { delayMs: 100 } : undefined),
    });
    const api = wrap<Api>(ends.worker);
    const order: number[] = [];
    await host.runUntilIdle();
    for (const n of [1, 2, 3]) {
      void api.add(n, 0).then((sum) => order.push(sum));
      await host.advance(1);
    }
    await host.runUntilIdle();
    expect(order).toEqual([1, 2, 3]);
  });

  it('run nothing twice when messages come twice', async () => {
    link({ faults: () => 'duplicate' });
    const api = wrap<Api>(ends.worker);
    expect(await codeOf(Promise.all([api.add(1, 1), api.add(2, 2)]))).toEqual([2, 4]);
    expect(runs).toEqual(['1+1 in 1', '2+2 in 1']);
  });

  it('lose a message, and the call ends by its time', async () => {
    link({ faults: ({ from, step }) => (from === 'self' && step > 3 ? 'drop' : undefined) });
    const api = withOptions(wrap<Api>(ends.worker), { waitTimeoutMs: 500, timeoutMs: 500 });
    await host.runUntilIdle();
    expect(await codeOf(api.add(1, 1))).toBe('ERR_CALL_TIMEOUT');
  });

  it('hang, and are ended by the heartbeat', async () => {
    link({ heartbeatMs: 1000 });
    await host.runUntilIdle();
    const api = wrap<Api>(ends.worker);
    ends.hang();
    const stuck = api.add(1, 1);
    const queued = api.add(2, 2);
    const settled = Promise.allSettled([stuck, queued]);
    await host.advance(3000);
    expect(await settled).toMatchObject([{ reason: { code: 'ERR_WORKER_LOST' } }, { value: 4 }]);
    expect(ends.threads).toBe(2);
  });
});
