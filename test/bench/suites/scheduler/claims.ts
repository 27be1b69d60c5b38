/** What we say of the scheduler, each read off the figures of one host. */
import { atMost, belowPeers, notMeasured } from '../../report/judgements.js';
import type { Claim, Judgement } from '../../report/report.js';
import type { Results } from '../../report/results.js';
import { runWorkload } from './bench.js';
import { referenceName } from './peers/limits.js';
import { callbackName, promiseName } from './peers/mp-lanes.js';
import { bytesWorkload } from './workloads/bytes.js';
import { cancelSizes, cancelWorkload } from './workloads/cancel.js';
import { gapsWorkload } from './workloads/gaps.js';
import { latencyWorkload } from './workloads/latency.js';

const SLICE_MS = 5;
const forms = [callbackName, promiseName];
const most = runWorkload(100_000);

function withPriorities(results: Results): string[] {
  return results.named(['priorities'], ['own', 'limit']);
}

/** Who leaves the background undone answers at once: only who does at least half of the work that we do is a match. */
function whoWork(results: Results): string[] {
  const busy = (name: string): number => results.median(latencyWorkload, name, 'busy');
  const ours = Math.max(...forms.map(busy));
  return withPriorities(results).filter((name) => busy(name) >= ours / 2);
}

/** At most half of the bytes of the best peer of the same form and features. */
function halfOfBest(results: Results, form: string, tag: 'callback' | 'promise'): Judgement {
  const peers = results.named([tag, 'priorities', 'cancel', 'slices'], ['own', 'limit']);
  const best = results.best(bytesWorkload, peers, 'bytes');
  if (best === null) return notMeasured;
  const least = results.median(bytesWorkload, best, 'bytes');
  return atMost(results.median(bytesWorkload, form, 'bytes'), least / 2, 'bytes', `, half of ${best}`);
}

function constantCancel(results: Results, form: string): Judgement {
  const [small, large] = cancelSizes;
  const base = results.median(cancelWorkload(small), form, 'cost');
  return atMost(results.median(cancelWorkload(large), form, 'cost') / base, 3, '×');
}

/** Each form is judged by itself: whoever posts without a promise does not pay for one. */
function claimsOf(form: string): Claim[] {
  const below = (results: Results, workload: string, metric: string, peers: readonly string[]): Judgement =>
    belowPeers(results, results.median(workload, form, metric), workload, metric, peers, 'ms');
  return [
    {
      text: `${form}: user-blocking wait, p50: one slice`,
      judge: (results) => atMost(results.median(latencyWorkload, form, 'p50'), SLICE_MS, 'ms'),
    },
    ...(['p99', 'max'] as const).map((metric): Claim => ({
      text: `${form}: user-blocking wait, ${metric}: below every peer that does the work`,
      judge: (results) => below(results, latencyWorkload, metric, whoWork(results)),
    })),
    {
      text: `${form}: block, p99: a slice and a half`,
      judge: (results) => atMost(results.median(gapsWorkload, form, 'p99'), SLICE_MS * 1.5, 'ms'),
    },
    {
      text: `${form}: longest block: below every peer`,
      judge: (results) => below(results, gapsWorkload, 'longest', results.named([], ['own', 'limit'])),
    },
  ];
}

/** Below all of `peers` when 100,000 tasks are run. */
function quickest(results: Results, form: string, peers: readonly string[]): Judgement {
  return belowPeers(results, results.median(most, form, 'all'), most, 'all', peers, 'ns');
}

export const claims: readonly Claim[] = [
  {
    text: 'scheduleTask, 100,000 tasks: at most twice the bare ring',
    judge: (results) => atMost(results.ratio(most, callbackName, referenceName, 'all'), 2, '×'),
  },
  {
    text: 'scheduleTask, 100,000 tasks: below every peer with priorities',
    judge: (results) => quickest(results, callbackName, withPriorities(results)),
  },
  {
    text: 'postTask, 100,000 tasks: below every peer with priorities that gives promises',
    judge: (results) =>
      quickest(results, promiseName, results.named(['promise', 'priorities'], ['own', 'limit'])),
  },
  {
    text: 'postTask, 100,000 tasks: below every peer with priorities, also those without promises',
    judge: (results) => quickest(results, promiseName, withPriorities(results)),
  },
  {
    text: 'scheduleTask: half of the best callback peer’s bytes',
    judge: (results) => halfOfBest(results, callbackName, 'callback'),
  },
  {
    text: 'postTask: half of the best promise peer’s bytes',
    judge: (results) => halfOfBest(results, promiseName, 'promise'),
  },
  ...forms.flatMap(claimsOf),
  ...forms.map((form): Claim => ({
    text: `${form}: cancelling in constant time (100,000 against 1,000)`,
    judge: (results) => constantCancel(results, form),
  })),
];
