/** React's scheduler. Its `LowPriority` expires after 10 s, as our `background` does. */
import type * as reactModule from 'scheduler';
import type { CallbackNode } from 'scheduler';
import type { Peer, Priority, Session } from './peer.js';

type React = typeof reactModule;

function open(react: React): Session {
  const { unstable_scheduleCallback: schedule, unstable_cancelCallback: cancel } = react;
  const levels: Readonly<Record<Priority, number>> = {
    'user-blocking': react.unstable_UserBlockingPriority,
    'user-visible': react.unstable_NormalPriority,
    background: react.unstable_LowPriority,
  };
  return {
    fill(count, task, priority) {
      const level = levels[priority];
      for (let index = 0; index < count; index++) schedule(level, task);
      return null;
    },
    post(task, priority) {
      schedule(levels[priority], task);
    },
    fillCancellable(count, task) {
      const nodes: CallbackNode[] = [];
      for (let index = 0; index < count; index++) nodes.push(schedule(levels['user-visible'], task));
      return (index) => {
        const node = nodes[index];
        if (node !== undefined) cancel(node);
      };
    },
  };
}

export const reactScheduler: Peer = {
  name: 'React scheduler',
  tags: ['callback', 'priorities', 'cancel', 'slices', 'queue'],
  async load() {
    const react = await import('scheduler');
    const { unstable_scheduleCallback: schedule, unstable_NormalPriority: normal } = react;
    return {
      open: () => open(react),
      // It has no yield; code that waits for a callback of its own is the nearest.
      yields: [
        {
          name: 'React callback',
          hop: () => new Promise((resolve) => schedule(normal, () => resolve())),
        },
      ],
    };
  },
};
