/**
 * What no scheduler can beat: task objects in a bare queue, drained in one loop in one turn, without priorities, without
 * cancelling, without slices. The chunked ring is the reference of all ratios ("bare ring"); the plain array is here to
 * show that the reference is not a slow one.
 */
import type { Kit } from '../../../harness/kit.js';
import { ChunkedRing } from './chunked-ring.js';
import type { LoadedPeer, Peer, Session } from './peer.js';

interface BareTask {
  readonly callback: () => void;
}

/** Arms one turn, however many tasks are posted before it. */
function once(macrotask: Kit['macrotask'], drain: () => void): () => void {
  let armed = false;
  const run = (): void => {
    armed = false;
    drain();
  };
  return () => {
    if (armed) return;
    armed = true;
    macrotask(run);
  };
}

function openRing({ macrotask }: Kit): Session {
  const ring = new ChunkedRing<BareTask>();
  const arm = once(macrotask, () => {
    for (let task = ring.shift(); task !== undefined; task = ring.shift()) task.callback();
  });
  return {
    fill(count, task) {
      for (let index = 0; index < count; index++) ring.push({ callback: task });
      arm();
      return null;
    },
    post(task) {
      ring.push({ callback: task });
      arm();
    },
    fillCancellable: null,
  };
}

function openArray({ macrotask }: Kit): Session {
  let tasks: BareTask[] = [];
  const arm = once(macrotask, () => {
    const due = tasks;
    tasks = [];
    for (const { callback } of due) callback();
  });
  return {
    fill(count, task) {
      for (let index = 0; index < count; index++) tasks.push({ callback: task });
      arm();
      return null;
    },
    post(task) {
      tasks.push({ callback: task });
      arm();
    },
    fillCancellable: null,
  };
}

const loaded = (open: () => Session): Promise<LoadedPeer> => Promise.resolve({ open, yields: [] });

/** The name of the reference. */
export const referenceName = 'bare ring';

export const bareRing: Peer = {
  name: referenceName,
  tags: ['limit', 'callback', 'queue'],
  load: (kit) => loaded(() => openRing(kit)),
};

export const bareArray: Peer = {
  name: 'bare array',
  tags: ['limit', 'callback', 'queue'],
  load: (kit) => loaded(() => openArray(kit)),
};
