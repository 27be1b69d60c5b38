/**
 * main-thread-scheduling, twice: `scheduleTask`, which queues, and the loop with `yieldOrContinue` that its README shows
 * first, which has no queue at all but is how it is used.
 */
import type * as mainThread from 'main-thread-scheduling';
import { ignoreRejection } from './peer.js';
import type { LoadedPeer, Peer, Priority, Session } from './peer.js';

type MainThread = typeof mainThread;
type Strategy = 'interactive' | 'smooth' | 'idle';

const strategies: Readonly<Record<Priority, Strategy>> = {
  'user-blocking': 'interactive',
  'user-visible': 'smooth',
  background: 'idle',
};

function openQueue({ scheduleTask }: MainThread): Session {
  return {
    fill(count, task, priority) {
      const strategy = strategies[priority];
      const promises: Promise<unknown>[] = [];
      for (let index = 0; index < count; index++) promises.push(scheduleTask(task, { strategy }));
      return promises;
    },
    post(task, priority) {
      void scheduleTask(task, { strategy: strategies[priority] });
    },
    fillCancellable(count, task) {
      const controllers: AbortController[] = [];
      for (let index = 0; index < count; index++) {
        const controller = new AbortController();
        controllers.push(controller);
        ignoreRejection(scheduleTask(task, { strategy: 'smooth', signal: controller.signal }));
      }
      return (index) => controllers[index]?.abort();
    },
  };
}

function openLoop({ yieldOrContinue }: MainThread): Session {
  async function run(count: number, task: () => void, strategy: Strategy): Promise<void> {
    for (let index = 0; index < count; index++) {
      await yieldOrContinue(strategy);
      task();
    }
  }
  return {
    fill(count, task, priority) {
      void run(count, task, strategies[priority]);
      return null;
    },
    post(task, priority) {
      void run(1, task, strategies[priority]);
    },
    fillCancellable: null,
  };
}

async function load(): Promise<MainThread> {
  // By its own check; it then runs everything at once.
  if (typeof document === 'undefined') throw new Error('schedules nothing outside of a window');
  return import('main-thread-scheduling');
}

export const mainThreadScheduling: Peer = {
  name: 'main-thread-scheduling',
  tags: ['promise', 'priorities', 'cancel', 'slices', 'queue'],
  async load(): Promise<LoadedPeer> {
    const library = await load();
    return { open: () => openQueue(library), yields: [] };
  },
};

export const mainThreadLoop: Peer = {
  name: 'main-thread-scheduling loop',
  tags: ['callback', 'slices'],
  async load(): Promise<LoadedPeer> {
    const library = await load();
    const { yieldOrContinue, yieldControl } = library;
    return {
      open: () => openLoop(library),
      yields: [
        { name: 'main-thread-scheduling yieldOrContinue', hop: () => yieldOrContinue('smooth') },
        { name: 'main-thread-scheduling yieldControl', hop: () => yieldControl('smooth') },
      ],
    };
  },
};
