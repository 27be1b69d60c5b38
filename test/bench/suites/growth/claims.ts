/**
 * What we say of growth, read off the figures of one host. Costs are judged by the least of their rounds: what else the machine
 * does only ever adds.
 *
 * V8's collector copies young objects that live, twice, so where all n live at once an item costs more among many, up to some
 * 100,000, whoever made it: n promises of no library cost 390 ns each among 1,000, 4,600 among 100,000 and 5,800 among a million
 * (Node 20), and a quarter of that with `--max-semi-space-size=256`. So a curve is judged by its own figures or by how many times
 * the bare promises of the same run it costs, whichever grows less. A square is one in both.
 */
import { metricOf, workloadOf } from '../../harness/growth-names.js';
import { atMost, notMeasured } from '../../report/judgements.js';
import type { Claim, Judgement } from '../../report/report.js';
import type { Results } from '../../report/results.js';
import { sizesOf } from './curve.js';
import type { Curve } from './curve.js';
import { curves } from './curves/all.js';
import { bareName } from './curves/waiters.js';
import { overallExcess, relativeTo, rise, steepestExcess } from './fit.js';
import type { Point } from './fit.js';

/**
 * By which power of n all may grow beyond n log n, over all sizes and from one size to the next. Caches alone may make an item cost
 * three times as much in one step of ten, which is a power of 0.4; n² is a power of 0.9, and n^1.5 of 0.4 over all sizes.
 */
export const mostOverall = 0.3;
export const mostInAStep = 0.5;

/**
 * How many times as much an item may cost among many as among few where it is to cost the same. The work is the same, what it
 * touches is not: 1,000 objects lie in the processor's nearest cache, a million in none of them.
 */
export const mostRise = 4;

const judged = curves.filter(({ law }) => law !== 'bare');

export const claims: readonly Claim[] = [
  {
    text: 'nothing grows faster than n log n, over all sizes',
    judge: (results) => worst(results, overallExcess, mostOverall),
  },
  { text: 'nor from one size to the next', judge: (results) => worst(results, steepestExcess, mostInAStep) },
  ...judged
    .filter(({ law }) => law === 'constant')
    .map((curve): Claim => ({
      text: `${curve.area}, ${curve.name}: the same for each, however many`,
      judge: (results) => atMost(growthOf(results, curve, rise), mostRise, '× from the cheapest'),
    })),
];

function pointsOf(results: Results, { area, name, least, most }: Curve): Point[] {
  return sizesOf(least, most).flatMap((n) => {
    const samples = results.samples(workloadOf(area), name, metricOf(n));
    return samples.length === 0 ? [] : [{ n, cost: Math.min(...samples) }];
  });
}

/** What `tell` says of a curve, or of its relation to bare promises where that is less. */
function growthOf(results: Results, curve: Curve, tell: (points: readonly Point[]) => number): number {
  const points = pointsOf(results, curve);
  const bare = curves.filter(({ name }) => name === bareName).flatMap((each) => pointsOf(results, each));
  const own = tell(points);
  const relative = tell(relativeTo(points, bare));
  return relative < own ? relative : own;
}

function worst(results: Results, tell: (points: readonly Point[]) => number, limit: number): Judgement {
  let found: { readonly excess: number; readonly curve: Curve } | null = null;
  for (const curve of judged) {
    const excess = growthOf(results, curve, tell);
    if (!Number.isNaN(excess) && (found === null || excess > found.excess)) found = { excess, curve };
  }
  if (found === null) return notMeasured;
  const { excess, curve } = found;
  const { held, wanted } = atMost(excess, limit, 'powers of n more');
  return { held, measured: `n^${excess.toFixed(2)} more (${curve.area}, ${curve.name})`, wanted };
}
