import { describe, expect, it } from 'vitest';
import { proxy } from '../../src/rpc/marks.js';
import { release, withOptions } from '../../src/rpc/remote.js';
import { CallStage, watched } from './call-stage.js';

const stage = CallStage.perTest();

const never = new Promise<never>(() => undefined);

describe('the thread after one that died', () => {
  it('calls back, though it counts its calls anew', async () => {
    const { remote } = stage.startWorker(() => ({
      async sum(count: number, numberAt: (at: number) => number | Promise<number>) {
        let sum = 0;
        for (let at = 0; at < count; at++) sum += await numberAt(at);
        return sum;
      },
    }));
    expect(await stage.valueOf(remote.sum(5, (at) => at))).toBe(10);
    stage.kill();
    await stage.host.runUntilIdle();
    expect(await stage.valueOf(remote.sum(3, (at) => at))).toBe(3);
  });

  it('is not asked what an object of that thread was asked', async () => {
    const { remote } = stage.startWorker((thread) => ({
      open: () => proxy({ name: () => (thread === 1 ? never : `object of ${thread}`) }),
    }));
    const opened = await stage.valueOf(remote.open());
    const call = watched(withOptions(opened, { idempotent: true }).name());
    await stage.host.runUntilIdle();
    stage.kill();
    await stage.host.runUntilIdle();
    expect(call.error()).toMatchObject({ name: 'WorkerLostError', code: 'ERR_WORKER_LOST' });
    const other = await stage.valueOf(remote.open());
    expect((await stage.errorOf(opened.name())).code).toBe('ERR_CALL_RELEASED');
    expect(await stage.valueOf(other.name())).toBe('object of 2');
    release(other);
  });
});
