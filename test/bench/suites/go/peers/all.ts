/** Who is compared, in the order of the tables. */
import { cspTs } from './csp-ts.js';
import { effect3 } from './effect-3.js';
import { effect4 } from './effect-4.js';
import { effection } from './effection.js';
import { jsCsp } from './js-csp.js';
import { medium } from './medium.js';
import { mpLanesAsync, mpLanesGenerators, mpLanesTryFirst } from './mp-lanes.js';
import type { Peer } from './peer.js';
import { plain } from './plain.js';
import { reduxSaga } from './redux-saga.js';
import { thiNgCsp } from './thi-ng-csp.js';
import { tsChan, tsChanUnsafe } from './ts-chan.js';

export const allPeers: readonly Peer[] = [
  plain,
  mpLanesGenerators,
  mpLanesAsync,
  mpLanesTryFirst,
  medium,
  thiNgCsp,
  cspTs,
  tsChan,
  tsChanUnsafe,
  jsCsp,
  effect4,
  effect3,
  effection,
  reduxSaga,
];
