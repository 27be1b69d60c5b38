/** Who is compared, in the order of the tables. */
import { asyncPriorityQueue, fastqQueue } from './callback-queues.js';
import { bareArray, bareRing } from './limits.js';
import { mainThreadLoop, mainThreadScheduling } from './main-thread-scheduling.js';
import { mpLanesCallbacks, mpLanesPromises } from './mp-lanes.js';
import type { Peer } from './peer.js';
import { nativeScheduler, schedulerPolyfill } from './post-task.js';
import { pLimit, pQueue } from './promise-queues.js';
import { reactScheduler } from './react.js';

export const allPeers: readonly Peer[] = [
  bareRing,
  bareArray,
  mpLanesCallbacks,
  reactScheduler,
  asyncPriorityQueue,
  fastqQueue,
  mainThreadLoop,
  mpLanesPromises,
  nativeScheduler,
  schedulerPolyfill,
  mainThreadScheduling,
  pQueue,
  pLimit,
];
