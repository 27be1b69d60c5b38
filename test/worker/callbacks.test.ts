import { expect, it } from 'vitest';
import { expose } from '../../src/rpc/expose.js';
import { withOptions } from '../../src/rpc/remote.js';
import { wrap } from '../../src/rpc/wrap.js';
import { Worker } from '../../src/worker/worker.js';
import { Stage, file } from './stage.js';

const stage = Stage.perTest();

interface Api {
  count(to: number, onNumber: (n: number) => void): Promise<string>;
}

it('a call that runs again in the next thread calls back from there', async () => {
  stage.define((scope) => {
    const count = async (to: number, onNumber: (n: number) => unknown): Promise<string> => {
      for (let n = 1; n <= to; n++) await onNumber(n);
      return 'done';
    };
    expose({ count }, scope);
  });
  const worker = new Worker(file);
  worker.onerror = () => undefined;
  const heard: number[] = [];
  const counted = withOptions(wrap<Api>(worker), { idempotent: true }).count(6, (n) => {
    heard.push(n);
    if (heard.length === 4) stage.thread.kill();
  });
  await stage.host.advance(1000);
  expect(heard).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 5, 6]);
  expect(await counted).toBe('done');
  worker.terminate();
  await stage.host.advance(100);
});
