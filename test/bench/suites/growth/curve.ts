/**
 * What grows, and how it is written down.
 *
 * The samples of a curve are series of its own: workload `growth: <area>`, subject the curve's name, metric `n=<n>`, and each
 * sample the nanoseconds of one item among n. So a plot is one workload, with a line for each subject and the number after
 * `n=` on the axis (`sizeOf`); both axes are best logarithmic.
 */
import type * as lanesModule from 'mp-lanes';
import type { Kit } from '../../harness/kit.js';
import type { WorkClock } from './clock.js';

export type Lanes = typeof lanesModule;

/** What a curve works with. */
export interface Tools extends WorkClock {
  readonly lanes: Lanes;
  readonly kit: Kit;
}

/** What was measured once: so many items took so long. */
export interface Spent {
  readonly ms: number;
  readonly items: number;
}

/** What theory says of one item among n: it costs the same however many there are, or as much as a heap is deep. `bare` is no library's. */
export type Law = 'constant' | 'logarithmic' | 'bare';

export interface Curve {
  readonly area: string;
  readonly name: string;
  readonly law: Law;
  readonly least: number;
  /** The greatest n of a full run, and of a quick one. */
  readonly most: number;
  readonly quickMost: number;
  /** @throws (rejects) Error unless as many ran as were to */
  run(this: void, tools: Tools, n: number): Promise<Spent>;
}

export function workloadOf(area: string): string {
  return `growth: ${area}`;
}

export function metricOf(n: number): string {
  return `n=${String(n)}`;
}

/** The n of a metric; `NaN` for another metric. */
export function sizeOf(metric: string): number {
  return metric.startsWith('n=') ? Number(metric.slice(2)) : NaN;
}

/** From `least` to `most` in steps of ten. */
export function sizesOf(least: number, most: number): number[] {
  const sizes: number[] = [];
  for (let n = least; n <= most; n *= 10) sizes.push(n);
  return sizes;
}

/** @throws Error unless `count` is what it was to be */
export function assertCount(count: number, expected: number, what: string): void {
  if (count !== expected) throw new Error(`${String(count)} ${what} where ${String(expected)} were to be`);
}
