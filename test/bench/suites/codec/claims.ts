/** What we say of the codec, each read off the figures of one host. */
import { atMost, belowPeers, notMeasured } from '../../report/judgements.js';
import type { Claim, Judgement } from '../../report/report.js';
import type { Results } from '../../report/results.js';
import { ownName } from './peers/mp-lanes.js';
import { referenceName } from './peers/native.js';
import { small, table, workloads } from './values.js';

const SMALL_LIMIT = 1.3;
/** "About 0.55": what is written down says 0.55, and another list of cities may say a little more. */
const BYTES_LIMIT = 0.58;

/** Who has no figure in a workload did not preserve it, so whoever has one is a match. */
function belowTextPeers(results: Results, workload: string): Judgement {
  const own = results.median(workload, ownName, 'both');
  const peers = results.named(['text'], ['own', 'limit']);
  return belowPeers(results, own, workload, 'both', peers, 'µs');
}

function belowJson(results: Results, workload: string): Judgement {
  const times = results.ratio(workload, ownName, referenceName, 'both');
  if (Number.isNaN(times)) return notMeasured;
  return { ...atMost(times, 1, '×'), held: times < 1, wanted: '< 1 ×' };
}

export const claims: readonly Claim[] = [
  ...workloads.map(({ name }): Claim => ({
    text: `${name}: below every peer on JSON text that preserves it`,
    judge: (results) => belowTextPeers(results, name),
  })),
  {
    text: `${small}: at most 1.3 times bare JSON`,
    judge: (results) => atMost(results.ratio(small, ownName, referenceName, 'both'), SMALL_LIMIT, '×'),
  },
  { text: `${table}: faster than bare JSON`, judge: (results) => belowJson(results, table) },
  {
    text: `${table}: about 0.55 of the bytes of bare JSON`,
    judge: (results) => atMost(results.ratio(table, ownName, referenceName, 'bytes'), BYTES_LIMIT, '×'),
  },
];
