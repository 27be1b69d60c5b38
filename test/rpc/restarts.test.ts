import { describe, expect, it } from 'vitest';
import { CallStage } from './call-stage.js';

const stage = CallStage.perTest();

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
});
