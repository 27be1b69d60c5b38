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

/** The figure of the form of ours that does worse. */
function worse(results: Results, workload: string, metric: string): number {
  return Math.max(...forms.map((form) => results.median(workload, form, metric)));
}

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

export const claims: readonly Claim[] = [
  {
    text: 'scheduleTask, 100,000 tasks: at most twice the bare ring',
    judge: (results) => atMost(results.ratio(most, callbackName, referenceName, 'all'), 2, '×'),
  },
  {
    text: 'postTask, 100,000 tasks: below every peer with priorities',
    judge: (results) =>
      belowPeers(
        results,
        results.median(most, promiseName, 'all'),
        most,
        'all',
        withPriorities(results),
        'ns',
      ),
  },
  {
    text: 'scheduleTask: half of the best callback peer’s bytes',
    judge: (results) => halfOfBest(results, callbackName, 'callback'),
  },
  {
    text: 'postTask: half of the best promise peer’s bytes',
    judge: (results) => halfOfBest(results, promiseName, 'promise'),
  },
  {
    text: 'user-blocking wait, p50: one slice',
    judge: (results) => atMost(worse(results, latencyWorkload, 'p50'), SLICE_MS, 'ms'),
  },
  ...(['p99', 'max'] as const).map((metric): Claim => ({
    text: `user-blocking wait, ${metric}: below every peer that does the work`,
    judge: (results) =>
      belowPeers(
        results,
        worse(results, latencyWorkload, metric),
        latencyWorkload,
        metric,
        whoWork(results),
        'ms',
      ),
  })),
  {
    text: 'block, p99: a slice and a half',
    judge: (results) => atMost(worse(results, gapsWorkload, 'p99'), SLICE_MS * 1.5, 'ms'),
  },
  {
    text: 'longest block: below every peer',
    judge: (results) =>
      belowPeers(
        results,
        worse(results, gapsWorkload, 'longest'),
        gapsWorkload,
        'longest',
        results.named([], ['own', 'limit']),
        'ms',
      ),
  },
  ...forms.map((form): Claim => ({
    text: `${form}: cancelling in constant time (100,000 against 1,000)`,
    judge: (results) => constantCancel(results, form),
  })),
];
