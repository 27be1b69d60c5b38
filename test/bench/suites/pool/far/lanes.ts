/** A thread of the pool. */
import { asJobs, expose } from 'mp-lanes/worker';
import type { Serve } from '../../../harness/kit.js';
import { spin } from '../api.js';

export const serve: Serve = () => {
  expose(asJobs({ spin }));
};
