/** What is asked for, and how often. */
import { randomBuffer } from '../codec/values.js';
import type { Caller } from './caller.js';

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** By how many a sample's time is divided: calls, callbacks or items. */
  readonly count: number;
  /** Whether a sample takes seconds with some. */
  readonly isLong: boolean;
  /** Makes ready what must not be counted, and gives what is. */
  prepare(this: void, caller: Caller): () => Promise<void>;
}

export const SEQUENTIAL = 1_000;
export const TOGETHER = 1_000;
/** A sample is so many times as many, for a thousand calls are over before the code of both threads is compiled. */
const REPEATS = 20;
const CALLBACKS = 10_000;
const ITEMS = 100_000;
const BUFFERS = 16;

const buffers = (): ArrayBuffer[] => {
  const bytes = randomBuffer();
  return Array.from({ length: BUFFERS }, () => bytes.slice(0));
};

export const sequential: Workload = {
  name: 'sequential',
  title: 'Calls of add(a, b), one after the other: µs a call',
  count: SEQUENTIAL,
  isLong: false,
  prepare: (caller) => () => caller.sequential(SEQUENTIAL),
};

export const together: Workload = {
  name: '1,000 in flight',
  title: '1,000 calls of add(a, b) in one turn, awaited together, twenty times: µs a call',
  count: TOGETHER * REPEATS,
  isLong: false,
  prepare: (caller) => async () => {
    for (let repeat = 0; repeat < REPEATS; repeat++) await caller.together(TOGETHER);
  },
};

export const workloads: readonly Workload[] = [
  sequential,
  together,
  {
    name: '1 MB, copied',
    title: 'Calls with an ArrayBuffer of 1 MB, copied, one after the other: µs a call',
    count: BUFFERS,
    isLong: false,
    prepare(caller) {
      const made = buffers();
      return () => caller.weighed(made, false);
    },
  },
  {
    name: '1 MB, transferred',
    title: 'Calls with an ArrayBuffer of 1 MB, transferred, one after the other: µs a call',
    count: BUFFERS,
    isLong: false,
    prepare(caller) {
      const made = buffers();
      return () => caller.weighed(made, true);
    },
  },
  {
    name: 'callbacks',
    title: 'One call that calls a function back 10,000 times: µs a callback',
    count: CALLBACKS,
    isLong: false,
    prepare: (caller) => () => caller.visited(CALLBACKS),
  },
  {
    name: 'stream',
    title: 'A stream of 100,000 items: µs an item',
    count: ITEMS,
    isLong: true,
    prepare: (caller) => () => caller.streamed(ITEMS),
  },
];
