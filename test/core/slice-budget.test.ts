import { describe, expect, it } from 'vitest';
import { SliceBudget } from '../../src/core/slice-budget.js';

/** Begins slices of 5 ms one after another with `gapsMs` between them; gives the lengths. */
function lengths(gapsMs: readonly number[], hidden = false, adaptive = true): number[] {
  const budget = new SliceBudget();
  let nowMs = 0;
  return gapsMs.map((gapMs) => {
    nowMs += gapMs;
    budget.begin(nowMs, hidden, adaptive);
    const lengthMs = Math.round(5 * budget.scale * 1000) / 1000;
    nowMs += lengthMs;
    budget.end(nowMs, true);
    return lengthMs;
  });
}

const repeat = (gapMs: number, times: number): number[] => Array.from({ length: times }, () => gapMs);

describe('the budget of a slice', () => {
  it('is the base at first', () => {
    expect(lengths([0])).toEqual([5]);
  });

  it('grows to 6.5 ms while turns come back at once', () => {
    expect(lengths(repeat(0.1, 10)).slice(0, 4)).toEqual([5, 5.5, 6, 6.5]);
    expect(lengths(repeat(0.1, 20)).pop()).toBe(6.5);
  });

  it('takes what the host always needs to come back for nothing', () => {
    expect(lengths(repeat(4, 20)).pop()).toBe(6.5);
  });

  it('shrinks to 2.5 ms while others need more than a frame', () => {
    expect(lengths([0, 20, 20])).toEqual([5, 3.75, 2.813]);
    expect(lengths([0, ...repeat(20, 20)]).pop()).toBe(2.5);
  });

  it('drifts back to the base in between', () => {
    expect(lengths([0, 0, ...repeat(20, 5), ...repeat(5, 20)]).pop()).toBe(5);
    expect(lengths([0, ...repeat(0, 10), ...repeat(5, 20)]).pop()).toBe(5);
  });

  it('starts again from the base after a pause', () => {
    const budget = new SliceBudget();
    const next = (nowMs: number): number => {
      budget.begin(nowMs, false, true);
      return budget.scale;
    };
    expect(next(0)).toBe(1);
    budget.end(5, true);
    expect(next(5)).toBe(1.1);
    budget.end(10, false);
    expect(next(1000)).toBe(1);
  });

  it('is a fifth shorter for a second after somebody asked for user-blocking work', () => {
    const budget = new SliceBudget();
    const next = (nowMs: number): number => {
      budget.begin(nowMs, false, true);
      budget.end(nowMs + 5, true);
      return budget.scale;
    };
    next(0);
    budget.urge(5);
    expect([next(5), next(10), next(1004)]).toEqual([0.8, 0.8, 0.8]);
    expect(next(1010)).toBeGreaterThanOrEqual(1);
    for (let index = 0; index < 20; index++) next(2000 + index * 100);
    budget.urge(5000);
    expect(next(5000)).toBe(0.5);
  });

  it('stays at the base where slices are not to adapt', () => {
    expect(lengths([0, 0.1, 20, 20], false, false)).toEqual([5, 5, 5, 5]);
    expect(lengths([0, 0.1], true, false)).toEqual([5, 5]);
  });

  it('is twice the base in the background', () => {
    expect(lengths([0, 20, 0], true)).toEqual([10, 10, 10]);
  });
});
