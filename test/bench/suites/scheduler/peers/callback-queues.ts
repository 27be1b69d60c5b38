/** fastq and async's priorityQueue, one task at a time. */
import type * as asyncModule from 'async';
import type fastqModule from 'fastq';
import type { Peer, Priority, Session } from './peer.js';

type Fastq = typeof fastqModule;
type Async = typeof asyncModule;
type Task = () => void;

function openFastq(fastq: Fastq): Session {
  const settled = Promise.resolve();
  // A worker that is done before it returns makes fastq recurse, and the stack overflow with many tasks: a promise job
  // is the least that helps.
  const queue = fastq<unknown, Task>((task, done) => {
    task();
    void settled.then(() => done(null));
  }, 1);
  return {
    fill(count, task) {
      for (let index = 0; index < count; index++) queue.push(task);
      return null;
    },
    post(task) {
      queue.push(task);
    },
    fillCancellable: null,
  };
}

const ranks: Readonly<Record<Priority, number>> = { 'user-blocking': 0, 'user-visible': 1, background: 2 };

function ignore(): void {
  // Without a callback it would make a promise of each task.
}

function openPriorityQueue({ priorityQueue }: Async): Session {
  const queue = priorityQueue<Task>((task, done) => {
    task();
    done();
  }, 1);
  return {
    fill(count, task, priority) {
      const rank = ranks[priority];
      for (let index = 0; index < count; index++) queue.push(task, rank, ignore);
      return null;
    },
    post(task, priority) {
      queue.push(task, ranks[priority], ignore);
    },
    fillCancellable(count, task) {
      // A task is found again by identity, so each needs its own.
      const tasks: Task[] = [];
      for (let index = 0; index < count; index++) {
        const own = (): void => task();
        tasks.push(own);
        queue.push(own, ranks['user-visible'], ignore);
      }
      return (index) => {
        const own = tasks[index];
        queue.remove(({ data }) => data === own);
      };
    },
  };
}

export const fastqQueue: Peer = {
  name: 'fastq',
  tags: ['callback', 'queue'],
  async load() {
    const { default: fastq } = (await import('fastq')) as unknown as { default: Fastq };
    return { open: () => openFastq(fastq), yields: [] };
  },
};

export const asyncPriorityQueue: Peer = {
  name: 'async.priorityQueue',
  tags: ['callback', 'priorities', 'cancel', 'queue'],
  async load() {
    const async = await import('async');
    return { open: () => openPriorityQueue(async), yields: [] };
  },
};
