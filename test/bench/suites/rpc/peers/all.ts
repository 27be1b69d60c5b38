/** Who is compared, in the order of the tables. */
import { birpc } from './birpc.js';
import { comlink } from './comlink.js';
import { mpLanes } from './mp-lanes.js';
import type { Peer } from './peer.js';
import { raw } from './raw.js';
import { threadsJs } from './threads.js';
import { tinypool } from './tinypool.js';
import { workerpool } from './workerpool.js';

export const allPeers: readonly Peer[] = [raw, mpLanes, birpc, comlink, tinypool, workerpool, threadsJs];
