/** What we say of messages between threads, each read off the figures of one host. */
import { atLeast, atMost } from '../../report/judgements.js';
import type { Claim } from '../../report/report.js';
import type { Results } from '../../report/results.js';
import { ownNames, referenceName } from './subjects.js';
import { smallBursts, trips } from './workloads.js';

/** How many messages we carry in the time of one of the raw worker's. Node's own cost less than Chromium's. */
const burstFactor = { node: 2, jitless: NaN, chromium: 10, preview: NaN } as const;
const TRIP_LIMIT = 1.15;

/** Of the form of ours that does worse. */
function worseRatio(results: Results, workload: string): number {
  return Math.max(...ownNames.map((name) => results.ratio(workload, name, referenceName, 'cost')));
}

/** The medians of the rounds' ratios, so it is the same whether it is asked how much quicker or how much slower. */
function timesRaw(results: Results, workload: string): number {
  return Math.min(...ownNames.map((name) => results.ratio(workload, referenceName, name, 'cost')));
}

export const claims: readonly Claim[] = [
  ...smallBursts.map(({ name }): Claim => ({
    text: `${name} small messages: 10 times the raw worker’s in Chromium, twice in Node`,
    judge: (results) => atLeast(timesRaw(results, name), burstFactor[results.data.host], '× as many'),
  })),
  ...trips.map(({ name }): Claim => ({
    text: `${name}: at most 1.15 times the raw worker’s`,
    judge: (results) => atMost(worseRatio(results, name), TRIP_LIMIT, '×'),
  })),
];
