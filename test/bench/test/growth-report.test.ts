import { describe, expect, it } from 'vitest';
import { metricOf, sizeOf, workloadOf } from '../harness/growth-names.js';
import { sizesOf } from '../suites/growth/curve.js';
import { areas, curves } from '../suites/growth/curves/all.js';
import { bareName } from '../suites/growth/curves/waiters.js';
import { Results } from '../report/results.js';
import { mostInAStep, mostOverall, mostRise } from '../suites/growth/claims.js';
import { overallExcess, rise, steepestExcess } from '../suites/growth/fit.js';
import type { Point } from '../suites/growth/fit.js';
import { report } from '../suites/growth/report.js';
import { resultsOf, verdictOn } from './made-up.js';

const sizes = [1_000, 10_000, 100_000, 1_000_000];

/** What one of n costs where all cost `total(n)`, in the same units. */
const costs = (total: (n: number) => number, among: readonly number[] = sizes): Point[] =>
  among.map((n) => ({ n, cost: total(n) / n }));

const linear = (n: number): number => 100 * n;
const heap = (n: number): number => 20 * n * Math.log2(n);
const square = (n: number): number => n * n;

/** A square with so small a factor that it is a tenth of the cost at 100,000, and as much again at a million. */
const lateSquare = (n: number): number => 100 * n + 1e-4 * n * n;

describe('how fast a cost grows', () => {
  it('is told as a power of n beyond n log n', () => {
    expect(overallExcess(costs(heap))).toBeCloseTo(0, 10);
    expect(overallExcess(costs((n) => n ** 1.5 * Math.log2(n)))).toBeCloseTo(0.5, 10);
    expect(overallExcess(costs(linear))).toBeLessThan(0);
    expect(overallExcess(costs(square))).toBeGreaterThan(0.85);
  });

  it('is told of the steepest step, too', () => {
    expect(steepestExcess(costs(heap))).toBeCloseTo(0, 10);
    const late = costs((n) => 100 * n + 1e-2 * n * n);
    expect(steepestExcess(late)).toBeGreaterThan(steepestExcess(late.slice(0, 2)));
    expect(steepestExcess([...late].reverse())).toBe(steepestExcess(late));
  });

  it('is told as the factor from the cheapest to what comes after it, where costs are to be the same', () => {
    expect(rise(costs(linear))).toBe(1);
    expect(rise(costs(square))).toBe(1_000);
    // What a turn costs is shared by more and more.
    expect(rise(costs((n) => 1e6 + 100 * n))).toBe(1);
    expect(rise(costs(lateSquare))).toBeCloseTo(2, 2);
  });

  it('is nothing that one point could tell', () => {
    for (const tell of [overallExcess, steepestExcess, rise]) expect(tell(costs(linear, [10]))).toBeNaN();
  });
});

/** Figures in which every curve costs what `total` says, and `odd` what `oddTotal` says. */
function resultsWith(total: (n: number) => number, odd?: string, oddTotal: typeof total = total) {
  const figures: Record<string, Record<string, Record<string, number[]>>> = {};
  for (const { area, name, least, most } of curves) {
    const points = costs(name === odd ? oddTotal : total, sizesOf(least, most));
    const metrics = Object.fromEntries(points.map(({ n, cost }) => [metricOf(n), [cost * 1.5, cost]]));
    (figures[workloadOf(area)] ??= {})[name] = metrics;
  }
  return resultsOf([], figures);
}

const overall = 'over all sizes';
const step = 'from one size to the next';

describe('the claims on growth', () => {
  it('let caches and the collector cost three times as much an item in a step, and no more', () => {
    const dearer = (n: number): number => n * (n >= 1_000_000 ? 300 : 100);
    expect(
      [overall, step].map((claim) => verdictOn(report, claim, resultsWith(linear, 'tree', dearer))),
    ).toEqual([true, true]);
    expect(3).toBeLessThan(mostRise);
  });

  it('catch a single square among all, whatever the others do', () => {
    for (const { name } of curves.filter(({ law }) => law !== 'bare')) {
      const results = resultsWith(linear, name, (n) => square(n) / 100);
      expect(verdictOn(report, overall, results), name).toBe(false);
      expect(verdictOn(report, step, results), name).toBe(false);
    }
  });

  it('catch what grows with the root of n, and a square that shows in the last step alone', () => {
    expect(
      verdictOn(
        report,
        overall,
        resultsWith(linear, 'tree', (n) => n ** 1.5),
      ),
    ).toBe(false);
    const late = (n: number): number => 100 * n + 1e-3 * n * n;
    expect(verdictOn(report, step, resultsWith(linear, 'tree', late))).toBe(false);
    expect([mostOverall, mostInAStep].every((limit) => limit < 0.9)).toBe(true);
  });

  it('let a heap be a heap, but not where each is to cost the same', () => {
    const results = resultsWith(heap);
    expect([overall, step].map((claim) => verdictOn(report, claim, results))).toEqual([true, true]);
    const flat = 'tasks, scheduleTask, run: the same';
    const steep = (n: number): number => linear(n) * (n >= 1_000_000 ? mostRise + 0.1 : 1);
    expect(verdictOn(report, flat, resultsWith(linear))).toBe(true);
    expect(verdictOn(report, flat, resultsWith(linear, 'scheduleTask, run', steep))).toBe(false);
  });

  it('let all grow as bare promises do, but catch a square beside them', () => {
    const collected = (n: number): number => n * ([390, 870, 4_600, 5_800][Math.log10(n) - 3] ?? 390);
    const judge = (own: (n: number) => number) => {
      const results = resultsWith(linear, bareName, collected);
      const odd = resultsWith(linear, 'n wait to receive', own).data.series;
      const series = results.data.series.map((each) =>
        each.subject === 'n wait to receive'
          ? (odd.find((other) => other.subject === each.subject && other.metric === each.metric) ?? each)
          : each,
      );
      const both = new Results({ ...results.data, series });
      return [overall, step, 'n wait to receive: the same'].map((claim) => verdictOn(report, claim, both));
    };
    expect(judge((n) => 2 * collected(n))).toEqual([true, true, true]);
    expect(judge((n) => collected(n) + square(n))).toEqual([false, false, false]);
  });

  it('are judged by the least of the rounds', () => {
    const noisy = {
      [workloadOf('tasks')]: { 'cancel one of n': { 'n=1000': [9, 10], 'n=10000': [9_999, 10] } },
    };
    expect(verdictOn(report, step, resultsOf([], noisy))).toBe(true);
  });

  it('say nothing where there is no figure', () => {
    for (const claim of report.claims) expect(claim.judge(resultsOf([], {})).held).toBeNull();
  });
});

describe('the series of growth', () => {
  it('name their n', () => {
    expect(sizesOf(1, 100).map(metricOf).map(sizeOf)).toEqual([1, 10, 100]);
    expect(sizeOf('cost')).toBeNaN();
  });

  it('have a table for each area, and curves of different names in it', () => {
    expect(report.tables.map(({ workload }) => workload)).toEqual(areas.map(workloadOf));
    const keys = curves.map(({ area, name }) => `${area}: ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
