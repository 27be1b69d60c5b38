/** p-queue and p-limit, one task at a time: with more at once they queue nothing of tasks that do not wait. */
import type limitFunction from 'p-limit';
import type queueClass from 'p-queue';
import { ignoreRejection } from './peer.js';
import type { Peer, Priority, Session } from './peer.js';

type PQueueClass = typeof queueClass;
type PLimit = typeof limitFunction;

const ranks: Readonly<Record<Priority, number>> = { 'user-blocking': 2, 'user-visible': 1, background: 0 };

function openQueue(PQueue: PQueueClass): Session {
  const queue = new PQueue({ concurrency: 1 });
  return {
    fill(count, task, priority) {
      const promises: Promise<unknown>[] = [];
      const options = { priority: ranks[priority] };
      for (let index = 0; index < count; index++) promises.push(queue.add(task, options));
      return promises;
    },
    post(task, priority) {
      void queue.add(task, { priority: ranks[priority] });
    },
    fillCancellable(count, task) {
      const controllers: AbortController[] = [];
      for (let index = 0; index < count; index++) {
        const controller = new AbortController();
        controllers.push(controller);
        ignoreRejection(queue.add(task, { signal: controller.signal }));
      }
      return (index) => controllers[index]?.abort();
    },
  };
}

function openLimit(createLimit: PLimit): Session {
  const limit = createLimit(1);
  return {
    fill(count, task) {
      const promises: Promise<unknown>[] = [];
      for (let index = 0; index < count; index++) promises.push(limit(task));
      return promises;
    },
    post(task) {
      void limit(task);
    },
    fillCancellable: null,
  };
}

export const pQueue: Peer = {
  name: 'p-queue',
  tags: ['promise', 'priorities', 'cancel', 'queue'],
  async load() {
    const { default: PQueue } = await import('p-queue');
    return { open: () => openQueue(PQueue), yields: [] };
  },
};

export const pLimit: Peer = {
  name: 'p-limit',
  tags: ['promise', 'queue'],
  async load() {
    const { default: createLimit } = await import('p-limit');
    return { open: () => openLimit(createLimit), yields: [] };
  },
};
