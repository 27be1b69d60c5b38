/** The kinds of judgement that the claims of the suites come to. */
import { figure } from './figures.js';
import type { Judgement } from './report.js';
import type { Results } from './results.js';

/** Where there is nothing to judge by. */
export const notMeasured: Judgement = { held: null, measured: 'not measured here', wanted: '' };

/** At most `limit`; `what` says where the limit comes from. */
export function atMost(value: number, limit: number, unit: string, what = ''): Judgement {
  if (Number.isNaN(value) || Number.isNaN(limit)) return notMeasured;
  return {
    held: value <= limit,
    value,
    limit,
    measured: `${figure(value)} ${unit}`,
    wanted: `≤ ${figure(limit)} ${unit}${what}`,
  };
}

/** At least `limit`. */
export function atLeast(value: number, limit: number, unit: string): Judgement {
  if (Number.isNaN(value) || Number.isNaN(limit)) return notMeasured;
  return {
    held: value >= limit,
    value,
    limit,
    measured: `${figure(value)} ${unit}`,
    wanted: `≥ ${figure(limit)} ${unit}`,
  };
}

/** Less than the least of `peers`, of whom it names the best. */
export function belowPeers(
  results: Results,
  value: number,
  workload: string,
  metric: string,
  peers: readonly string[],
  unit: string,
): Judgement {
  const best = results.best(workload, peers, metric);
  if (best === null || Number.isNaN(value)) return notMeasured;
  const least = results.median(workload, best, metric);
  return {
    held: value < least,
    value,
    limit: least,
    measured: `${figure(value)} ${unit}`,
    wanted: `< ${figure(least)} ${unit} of ${best}`,
  };
}
