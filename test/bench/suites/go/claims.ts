/** What we say of routines and channels, each read off the figures of one host. */
import { atLeast, atMost, belowPeers, notMeasured } from '../../report/judgements.js';
import type { Claim, Judgement } from '../../report/report.js';
import type { Results } from '../../report/results.js';
import { asyncName, generatorName, tryFirstName } from './peers/mp-lanes.js';
import { buffered, handOffs, pingPong, selects, unbuffered } from './workloads/messages.js';
import { SLEEP_MS, bytesWorkload, sleepersWorkload } from './workloads/sleepers.js';

const limits = [
  { form: generatorName, seconds: 1.15, bytes: 256 },
  { form: asyncName, seconds: 1.3, bytes: 700 },
] as const;

const peersIn = (results: Results): string[] => results.named(['peer']);

/** The light form of ours is less than the least of the peers. */
function ahead(results: Results, workload: string, metric: string, unit: string): Judgement {
  const own = results.median(workload, generatorName, metric);
  return belowPeers(results, own, workload, metric, peersIn(results), unit);
}

/** How many of ours there are in the time of one of the best peer's. */
function times(results: Results, workload: string, form: string, factor: number): Judgement {
  const best = results.best(workload, peersIn(results), 'cost');
  if (best === null) return notMeasured;
  return atLeast(results.ratio(workload, best, form, 'cost'), factor, `× as many as ${best}`);
}

function halfOver(results: Results, form: string): Judgement {
  const best = results.best(sleepersWorkload, peersIn(results), 'over');
  if (best === null) return notMeasured;
  const least = results.median(sleepersWorkload, best, 'over');
  const own = results.median(sleepersWorkload, form, 'over');
  return atMost(own, least / 2, 'ms', `, half of ${best}`);
}

export const claims: readonly Claim[] = [
  ...[pingPong, unbuffered, buffered, ...selects, handOffs].map(({ name }): Claim => ({
    text: `${name}: generators ahead of every peer`,
    judge: (results) => ahead(results, name, 'cost', 'ns'),
  })),
  {
    text: '100,000 sleepers: generators ahead of every peer',
    judge: (results) => ahead(results, sleepersWorkload, 'over', 'ms over'),
  },
  // Written as each may be: try first, wait if there is nothing (`ch.tryRecv() ?? (yield ch.recv())`), or wait always.
  ...[generatorName, tryFirstName].map((form): Claim => ({
    text: `ping-pong, ${form}: twice the best peer’s`,
    judge: (results) => times(results, pingPong.name, form, 2),
  })),
  {
    text: `buffered, ${tryFirstName}: five times the best peer’s`,
    judge: (results) => times(results, buffered.name, tryFirstName, 5),
  },
  {
    text: `100,000 sleepers, ${generatorName}: half of what the best peer needs over 1 s`,
    judge: (results) => halfOver(results, generatorName),
  },
  ...limits.flatMap(({ form, seconds, bytes }): Claim[] => [
    {
      text: `100,000 sleepers, ${form}: done within ${String(seconds)} s`,
      judge: (results) =>
        atMost((results.median(sleepersWorkload, form, 'over') + SLEEP_MS) / 1_000, seconds, 's'),
    },
    {
      text: `100,000 sleepers, ${form}: at most ${String(bytes)} bytes each`,
      judge: (results) => atMost(results.median(bytesWorkload, form, 'bytes'), bytes, 'bytes'),
    },
  ]),
];
