/** The browser's own `scheduler`, and the polyfill of it: the same API, so the same way to drive it. */
import { ignoreRejection, requireGlobals } from './peer.js';
import type { LoadedPeer, Peer, Session } from './peer.js';

function open(scheduler: Scheduler): Session {
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
      const controllers: AbortController[] = [];
      for (let index = 0; index < count; index++) {
        const controller = new AbortController();
        controllers.push(controller);
        ignoreRejection(scheduler.postTask(task, { signal: controller.signal }));
      }
      return (index) => controllers[index]?.abort();
    },
  };
}

function loaded(name: string, scheduler: Scheduler): LoadedPeer {
  return { open: () => open(scheduler), yields: [{ name: `${name} yield`, hop: () => scheduler.yield() }] };
}

const tags = ['promise', 'priorities', 'cancel', 'slices', 'queue'];
export const nativeName = 'native scheduler';
const polyfillName = 'scheduler-polyfill';

export const nativeScheduler: Peer = {
  name: nativeName,
  tags,
  load() {
    const found: Scheduler | undefined = typeof scheduler === 'undefined' ? undefined : scheduler;
    return found === undefined
      ? Promise.reject(new Error('this host has no scheduler of its own'))
      : Promise.resolve(loaded(nativeName, found));
  },
};

export const schedulerPolyfill: Peer = {
  name: polyfillName,
  tags,
  async load() {
    requireGlobals({
      MessageChannel: typeof MessageChannel === 'undefined' ? undefined : MessageChannel,
      AbortController: typeof AbortController === 'undefined' ? undefined : AbortController,
      Event: typeof Event === 'undefined' ? undefined : Event,
    });
    const { scheduler: polyfilled } = await import('./isolated-polyfill.js');
    return loaded(polyfillName, polyfilled);
  },
};
