/** The second thread as a worker of ours. */
import { self } from 'mp-lanes/worker';
import type { Serve } from '../../../harness/kit.js';
import { lanesPipe } from '../lanes-pipe.js';
import { serveAt } from './serve.js';

export const serve: Serve = () => serveAt(lanesPipe(self), (port) => lanesPipe(port as object));
