import { describe, expect, it } from 'vitest';
import { defaultTuning } from '../../src/core/pump-host.js';
import { SliceBudget } from '../../src/core/slice-budget.js';

/** Begins slices of 5 ms one after another with `gapsMs` between them; gives the lengths. */
function lengths(gapsMs: readonly number[], hidden = false, adaptive = true): number[] {
  const budget = new SliceBudget();
  let nowMs = 0;
  return gapsMs.map((gapMs) => {
    nowMs += gapMs;
    budget.begin(nowMs, { hidden, delayed: false }, { ...defaultTuning, adaptive });
    const lengthMs = Math.round(5 * budget.scale * 1000) / 1000;
    nowMs += lengthMs;
    budget.end(nowMs, true);
    return lengthMs;
  });
}

const front = { hidden: false, delayed: false };
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
      budget.begin(nowMs, front, defaultTuning);
      return budget.scale;
    };
    expect(next(0)).toBe(1);
    budget.end(5, true);
    expect(next(5)).toBe(1.1);
    budget.end(10, false);
    expect(next(1000)).toBe(1);
  });

  describe('for a second after somebody asked for user-blocking work', () => {
    /** The slice after slices with `gapMs` between them. */
    function urged(gapMs: number, delayed = false): (nowMs: number) => number {
      const budget = new SliceBudget();
      const next = (nowMs: number): number => {
        budget.begin(nowMs, { hidden: false, delayed }, defaultTuning);
        budget.end(nowMs, true);
        return budget.scale;
      };
      for (let index = 0; index < 5; index++) next(index * gapMs);
      budget.urge(5 * gapMs);
      return (afterMs) => next(5 * gapMs + afterMs);
    }

    it.each([
      ['a tenth of the base where turns cost nothing', 0.01, 0.1],
      ['twenty turns where they cost more', 0.1, 0.4],
      ['four fifths where they cost milliseconds', 4, 0.8],
    ])('is %s', (_, gapMs, scale) => {
      expect(urged(gapMs)(gapMs)).toBeCloseTo(scale);
    });

    it('is four fifths where turns are timers, which pass while a slice works', () => {
      expect(urged(0.01, true)(0.01)).toBe(0.8);
    });

    it('is as before when the second is over', () => {
      const next = urged(0.01);
      expect(next(999)).toBeCloseTo(0.1);
      expect(next(1001)).toBeGreaterThanOrEqual(1);
    });

    it('is four fifths before anything is known of the turns', () => {
      const budget = new SliceBudget();
      budget.urge(0);
      budget.begin(0, front, defaultTuning);
      expect(budget.scale).toBe(0.8);
    });
  });

  it('stays at the base where slices are not to adapt', () => {
    expect(lengths([0, 0.1, 20, 20], false, false)).toEqual([5, 5, 5, 5]);
    expect(lengths([0, 0.1], true, false)).toEqual([5, 5]);
  });

  it('is twice the base in the background', () => {
    expect(lengths([0, 20, 0], true)).toEqual([10, 10, 10]);
  });
});
