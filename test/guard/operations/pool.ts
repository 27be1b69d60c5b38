/** Jobs for a thread, and for the idle slices of this one. */
import { createPool } from '../../../src/pool.js';
import type { Pool } from '../../../src/pool.js';
import { asJobs } from '../../../src/pool/job-code.js';
import { expose } from '../../../src/rpc/expose.js';
import type { Operation } from '../measure.js';
import type { Stage } from '../stage.js';
import { many } from './many.js';

/** Each takes an eighth of a millisecond: how many are under way is learnt from that. */
function codeOf({ counted }: Stage): { add(a: number, b: number): number } {
  return {
    add(a, b) {
      counted.costMs(0.125);
      return a + b;
    },
  };
}

type Code = ReturnType<typeof codeOf>;

const url = 'workers/jobs.js';

/** One thread, which is there. */
async function threadPool(stage: Stage): Promise<Pool<Code>> {
  stage.workerMain = (self) => expose(asJobs(codeOf(stage)), self);
  const pool = createPool<Code>({ worker: { url } });
  pool.run('add', [1, 2]).then(stage.tick);
  await stage.settle();
  return pool;
}

export const poolOperations: readonly Operation[] = [
  many('job of a thread', 1_000, 'queued', async (stage) => {
    const pool = await threadPool(stage);
    return () => void pool.run('add', [1, 2]).then(stage.tick);
  }),
  many('job with an object', 1_000, 'queued', async (stage) => {
    const pool = await threadPool(stage);
    return () => void pool.run('add', [{ id: 7 }, 2] as never).then(stage.tick);
  }),
  many('job without threads', 1_000, 'queued', (stage) => {
    const pool = createPool<Code>({ inline: codeOf(stage) });
    return () => void pool.run('add', [1, 2]).then(stage.tick);
  }),
];
