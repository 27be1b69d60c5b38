import { describe, expect, it } from 'vitest';
import type { RawPipe } from '../harness/kit.js';
import * as api from '../suites/rpc/api.js';
import { NoWay, callerOf } from '../suites/rpc/caller.js';
import type { Caller, Calls } from '../suites/rpc/caller.js';
import { serveRaw } from '../suites/rpc/far/raw.js';
import { rawCaller } from '../suites/rpc/peers/raw.js';
import { workloads } from '../suites/rpc/workloads.js';
import { pipePair } from './pipe-pair.js';

/** A peer without a thread that does everything right. */
const right: Calls = {
  add: (a, b) => Promise.resolve(api.add(a, b)),
  visit: (count, each) => api.visit(count, (n) => Promise.resolve(each(n))),
  async items(count, take) {
    for await (const n of api.items(count)) take(n);
  },
  weigh: (buffer, at) => Promise.resolve(api.weigh(buffer, at)),
  weighMoved(buffer, at) {
    const moved = structuredClone(buffer, { transfer: [buffer] });
    return Promise.resolve(api.weigh(moved, at));
  },
};

const wrong = (fault: Partial<Calls>): Caller => callerOf({ ...right, ...fault });
const bytes = (count: number) => Array.from({ length: count }, (_, n) => new Uint8Array([n, 7, 9]).buffer);

function connectRaw(lose?: (message: never) => boolean, far: (pipe: RawPipe) => void = serveRaw): Caller {
  const [near, other] = pipePair(lose);
  far(other);
  return rawCaller(near);
}

describe.each([
  ['a peer', () => callerOf(right)],
  ['the raw worker', () => connectRaw()],
])('%s that does all that is asked for', (_name, connect) => {
  it.each(workloads.map((workload) => [workload.name, workload] as const))(
    'has a figure: %s',
    async (_workload, { prepare }) => {
      await prepare(connect())();
    },
  );

  it('serves one workload after the other', async () => {
    const caller = connect();
    for (const count of [1, 2, api.WINDOW + 1]) {
      await caller.sequential(count);
      await caller.together(count);
      await caller.visited(count);
      await caller.streamed(count);
    }
  });
});

describe('there is no figure', () => {
  it('for a wrong answer', async () => {
    const off = wrong({ add: (a, b) => Promise.resolve(a + b + (a === 2 ? 1 : 0)) });
    await expect(off.sequential(3)).rejects.toThrow('the answer was 6 in place of 5');
    await expect(off.together(3)).rejects.toThrow('the answer was 7 in place of 6');
  });

  it('for callbacks and items that are missing, doubled or out of their turn', async () => {
    const giving =
      (...numbers: number[]) =>
      (_count: number, take: (n: number) => void) => {
        numbers.forEach(take);
        return Promise.resolve();
      };
    for (const [numbers, told] of [
      [[1, 2], '2 came where 3 were to come'],
      [[1, 2, 3, 4], '4 came where 3 were to come'],
      [[1, 3, 2], '3 came in place of 2'],
      [[1, 1, 2], '1 came in place of 2'],
    ] as const) {
      await expect(wrong({ visit: giving(...numbers) }).visited(3)).rejects.toThrow(told);
      await expect(wrong({ items: giving(...numbers) }).streamed(3)).rejects.toThrow(told);
    }
  });

  it('for a buffer that came as another, or that was copied where it was to be moved', async () => {
    const emptied = wrong({ weigh: (buffer, at) => Promise.resolve(api.weigh(buffer, at) - 1) });
    await expect(emptied.weighed(bytes(2), false)).rejects.toThrow('in place of');
    const swapped = callerOf({ ...right, weigh: right.weighMoved, weighMoved: right.weigh });
    await expect(swapped.weighed(bytes(2), true)).rejects.toThrow('2 buffers were not moved');
    await expect(swapped.weighed(bytes(2), false)).rejects.toThrow('2 buffers were moved away');
  });

  it('where a peer has no way, but the reason', async () => {
    const poor = wrong({ visit: 'no callbacks', items: 'no streams', weighMoved: 'no transfer' });
    await expect(poor.visited(1)).rejects.toThrow(new NoWay('no callbacks'));
    await expect(poor.streamed(1)).rejects.toThrow(new NoWay('no streams'));
    await expect(poor.weighed(bytes(1), true)).rejects.toThrow(new NoWay('no transfer'));
    await poor.weighed(bytes(1), false);
  });

  it('for raw messages that are answered wrongly', async () => {
    const liar = (pipe: RawPipe): void => pipe.listen(() => pipe.post({ id: 0, result: -1, item: 2 }));
    await expect(connectRaw(undefined, liar).sequential(2)).rejects.toThrow('-1 in place of 3');
    await expect(connectRaw(undefined, liar).together(2)).rejects.toThrow('-1 in place of 0');
    await expect(connectRaw(undefined, liar).weighed(bytes(1), false)).rejects.toThrow('-1 in place of');
    const hasty = (pipe: RawPipe): void => pipe.listen(() => pipe.post({ done: true }));
    await expect(connectRaw(undefined, hasty).streamed(2)).rejects.toThrow('0 came where 2 were to come');
    await expect(connectRaw(undefined, hasty).visited(2)).rejects.toThrow('0 came where 2 were to come');
  });
});

describe('the far end of callbacks', () => {
  it('has no more than a window under way', async () => {
    let [underWay, most] = [0, 0];
    await api.visit(3 * api.WINDOW, async () => {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
    });
    expect(most).toBe(api.WINDOW);
  });

  it('of the raw worker waits for each answer of a window', () => {
    const posted: unknown[] = [];
    let deliver: (message: unknown) => void = () => undefined;
    serveRaw({ post: (message) => posted.push(message), listen: (listener) => (deliver = listener) });
    const answer = (times: number) => {
      for (let time = 0; time < times; time++) deliver({ visited: time });
    };
    deliver({ visit: api.WINDOW + 3 });
    answer(api.WINDOW - 1);
    expect(posted).toHaveLength(api.WINDOW);
    answer(1);
    expect(posted).toHaveLength(api.WINDOW + 3);
    answer(3);
    expect(posted.at(-1)).toEqual({ done: true });
  });
});
