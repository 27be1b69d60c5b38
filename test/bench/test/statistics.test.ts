import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, ratio } from '../harness/statistics.js';

const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });

describe('median', () => {
  it('is the value in the middle, or between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 2, 4])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('has as many values below as above, whatever their order', () => {
    fc.assert(
      fc.property(values, (all) => {
        const middle = median(all);
        const below = all.filter((each) => each < middle).length;
        const above = all.filter((each) => each > middle).length;
        expect(below).toBeLessThanOrEqual(all.length / 2);
        expect(above).toBeLessThanOrEqual(all.length / 2);
      }),
    );
  });

  it('leaves the samples as they were', () => {
    const all = [3, 1, 2];
    median(all);
    expect(all).toEqual([3, 1, 2]);
  });
});

describe('percentile', () => {
  it('is a value that was measured: the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0)).toBe(1);
    expect(percentile([4], 0.99)).toBe(4);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('is not exceeded by the part of the values it names', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, p) => {
        const value = percentile(all, p);
        expect(all).toContain(value);
        expect(all.filter((each) => each <= value).length).toBeGreaterThanOrEqual(p * all.length);
      }),
    );
  });
});

describe('ratio', () => {
  it('compares what was measured in the same round, so a slow round changes nothing', () => {
    expect(ratio([2, 200, 2], [1, 100, 1])).toBe(2);
    // The medians alone would say so, too, but not here:
    expect(ratio([2, 200, 200], [1, 1, 100])).toBe(2);
  });

  it('compares the medians of different numbers of rounds', () => {
    expect(ratio([6, 6], [1, 2, 3])).toBe(3);
    expect(ratio([], [1])).toBeNaN();
  });
});
