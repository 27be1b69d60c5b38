/** The other thread as a worker of ours. */
import { expose } from 'mp-lanes/worker';
import type { Serve } from '../../../harness/kit.js';
import { add, items, visit, weigh } from '../api.js';

export const serve: Serve = () => {
  expose({ add, weigh, visit, items });
};
