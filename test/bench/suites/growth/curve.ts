/** What grows; how it is written down stands in `harness/growth-names.ts`. */
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
