/** Ours, as built: the callback form and the form of the W3C, which gives promises. */
import type * as lanesModule from 'mp-lanes/scheduler';
import type { ScheduledTask } from 'mp-lanes/scheduler';
import { ignoreRejection } from './peer.js';
import type { Peer, Session } from './peer.js';

type Lanes = typeof lanesModule;

export const callbackName = 'mp-lanes scheduleTask';
export const promiseName = 'mp-lanes postTask';

function openCallbackForm({ scheduler }: Lanes): Session {
  return {
    fill(count, task, priority) {
      for (let index = 0; index < count; index++) scheduler.scheduleTask(task, priority);
      return null;
    },
    post(task, priority) {
      scheduler.scheduleTask(task, priority);
    },
    fillCancellable(count, task) {
      const handles: ScheduledTask[] = [];
      for (let index = 0; index < count; index++) handles.push(scheduler.scheduleTask(task, 'user-visible'));
      return (index) => handles[index]?.cancel();
    },
  };
}

function openPromiseForm({ scheduler, AbortController }: Lanes): Session {
  return {
    fill(count, task, priority) {
      const promises: Promise<unknown>[] = [];
      for (let index = 0; index < count; index++) promises.push(scheduler.postTask(task, { priority }));
      return promises;
    },
    post(task, priority) {
      void scheduler.postTask(task, { priority });
    },
    fillCancellable(count, task) {
      const controllers: InstanceType<Lanes['AbortController']>[] = [];
      for (let index = 0; index < count; index++) {
        const controller = new AbortController();
        controllers.push(controller);
        ignoreRejection(scheduler.postTask(task, { signal: controller.signal }));
      }
      return (index) => controllers[index]?.abort();
    },
  };
}

export const mpLanesCallbacks: Peer = {
  name: callbackName,
  tags: ['own', 'callback', 'priorities', 'cancel', 'slices', 'queue'],
  async load() {
    const lanes = await import('mp-lanes/scheduler');
    return { open: () => openCallbackForm(lanes), yields: [] };
  },
};

export const mpLanesPromises: Peer = {
  name: promiseName,
  tags: ['own', 'promise', 'priorities', 'cancel', 'slices', 'queue'],
  async load() {
    const lanes = await import('mp-lanes/scheduler');
    const { scheduler } = lanes;
    return {
      open: () => openPromiseForm(lanes),
      yields: [{ name: 'mp-lanes yield', hop: () => scheduler.yield() }],
    };
  },
};
