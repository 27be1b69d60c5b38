/** Who is compared, in the order of the tables. */
import { mpLanes } from './mp-lanes.js';
import { bareJson, nativeClone } from './native.js';
import { cborX, msgpackr, ungapObjects } from './others.js';
import type { Peer } from './peer.js';
import { devalue, flatted, seroval, superjson, telejson, ungapJson } from './texts.js';

export const allPeers: readonly Peer[] = [
  bareJson,
  mpLanes,
  flatted,
  devalue,
  seroval,
  superjson,
  telejson,
  ungapJson,
  ungapObjects,
  nativeClone,
  msgpackr,
  cborX,
];
