/**
 * What a run cannot tell apart, from its A/A controls (`harness/control.ts`): the rounds' ratios of a subject to itself. As a
 * factor it is at least 1; 1.1 says that two figures less than a tenth apart may be the same.
 */
import { againOf } from '../harness/control.js';
import { median, quartiles } from '../harness/statistics.js';
import type { Asked, Results } from './results.js';

export interface Noise {
  /** Who was measured twice. */
  readonly subject: string;
  /** The median of the second by the first, and between which two values the middle half of the rounds lies. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** `null` where the control has no such figure. */
export function noiseOf(results: Results, { workload, metric }: Asked): Noise | null {
  const subject = results.controlIn(workload);
  if (subject === null) return null;
  const first = results.samples(workload, subject, metric);
  const second = results.samples(workload, againOf(subject), metric);
  const rounds = Math.min(first.length, second.length);
  const ratios = second.slice(0, rounds).map((value, round) => value / (first[round] ?? NaN));
  if (ratios.length === 0 || ratios.some((ratio) => !(ratio > 0 && ratio < Infinity))) return null;
  return { subject, ratio: median(ratios), ...quartiles(ratios) };
}

/** How far the middle is off, or half of the spread: the greater of the two. */
export function factorOf({ ratio, low, high }: Noise): number {
  return Math.exp(Math.max(Math.abs(Math.log(ratio)), Math.log(high / low) / 2));
}

/** The greatest noise of some figures; 1 where none is known. */
export function greatestFactor(results: Results, asked: readonly Asked[]): number {
  const figures = new Map(asked.map((each) => [JSON.stringify([each.workload, each.metric]), each]));
  const factors = [...figures.values()].flatMap((each) => {
    const noise = noiseOf(results, each) ?? elsewhereIn(results, each.workload);
    return noise === null ? [] : [factorOf(noise)];
  });
  return Math.max(1, ...factors);
}

/** Where the control lacks the metric itself: the first that it has in that workload. */
function elsewhereIn(results: Results, workload: string): Noise | null {
  const subject = results.controlIn(workload);
  const found = results.data.series.find(
    (each) => each.workload === workload && each.subject === subject && noiseOf(results, each) !== null,
  );
  return found === undefined ? null : noiseOf(results, found);
}

/** Whether two numbers are no further apart than `factor`; `false` where their ratio says nothing. */
export function isWithin(factor: number, value: number, limit: number): boolean {
  if (!(value > 0 && limit > 0)) return false;
  return Math.abs(Math.log(value / limit)) <= Math.log(factor);
}
