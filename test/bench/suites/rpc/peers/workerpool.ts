/** workerpool with one worker. For callbacks and streams it has events, which are not answered. */
import { callerOf } from '../caller.js';
import type { Peer } from './peer.js';

export const workerpool: Peer = {
  name: 'workerpool',
  tags: ['peer'],
  async connect({ host }, { urlOf }) {
    const { pool: createPool } = await import('workerpool');
    const pool = createPool(urlOf('workerpool'), {
      minWorkers: 1,
      maxWorkers: 1,
      workerType: host === 'node' ? 'thread' : 'web',
    });
    const call = (method: string, args: unknown[], transfer?: object[]): PromiseLike<number> =>
      pool.exec(method, args, transfer === undefined ? undefined : { transfer }) as PromiseLike<number>;
    const emitAll = (count: number, take: (n: number) => void): PromiseLike<unknown> =>
      pool.exec('emitAll', [count], { on: take });
    await call('add', [1, 1]);
    return callerOf({
      add: (a, b) => call('add', [a, b]),
      visit: emitAll,
      items: emitAll,
      weigh: (buffer, at) => call('weigh', [buffer, at]),
      weighMoved: (buffer, at) => call('weigh', [buffer, at], [buffer]),
    });
  },
};
