/** What we say of calls across threads, each read off the figures of one host. */
import { atLeast, atMost, belowPeers, notMeasured } from '../../report/judgements.js';
import type { Claim } from '../../report/report.js';
import { ownName } from './peers/mp-lanes.js';
import { rawName } from './peers/raw.js';
import { sequential, together } from './workloads.js';

const SEQUENTIAL_LIMIT = 1.15;

/** How many of our calls are to be made in the time of one of the fastest peer's. Node's messages cost less than Chromium's. */
const togetherFactor = { node: 5, jitless: NaN, chromium: 10, preview: NaN } as const;

export const claims: readonly Claim[] = [
  {
    text: 'sequential calls: at most 1.15 times raw postMessage',
    judge: (results) =>
      atMost(results.ratio(sequential.name, ownName, rawName, 'cost'), SEQUENTIAL_LIMIT, '×'),
  },
  {
    text: 'sequential calls: ahead of every peer',
    judge: (results) =>
      belowPeers(
        results,
        results.median(sequential.name, ownName, 'cost'),
        sequential.name,
        'cost',
        results.named(['peer']),
        'µs',
      ),
  },
  {
    text: '1,000 in flight: 5 times the fastest peer’s in Node, 10 times in Chromium',
    judge(results) {
      const best = results.best(together.name, results.named(['peer']), 'cost');
      if (best === null) return notMeasured;
      const times = results.ratio(together.name, best, ownName, 'cost');
      return atLeast(times, togetherFactor[results.data.host], `× as many as ${best}`);
    },
  },
];
