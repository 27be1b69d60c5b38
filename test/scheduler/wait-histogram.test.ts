import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaitHistogram } from '../../src/scheduler/wait-histogram.js';

describe('a histogram of waiting times', () => {
  it('is zero where nothing waited', () => {
    expect(new WaitHistogram().percentiles()).toEqual({ p50: 0, p95: 0, p99: 0 });
  });

  it('gives percentiles at most a tenth (and a hundredth of a millisecond) above the exact ones', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3_600_000, noNaN: true }), { minLength: 1 }), (waits) => {
        const histogram = new WaitHistogram();
        for (const wait of waits) histogram.add(wait);
        const sorted = [...waits].sort((a, b) => a - b);
        const exact = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
        const { p50, p95, p99 } = histogram.percentiles();
        for (const [found, share] of [
          [p50, 0.5],
          [p95, 0.95],
          [p99, 0.99],
        ] as const) {
          expect(found).toBeGreaterThanOrEqual(exact(share));
          expect(found).toBeLessThanOrEqual(exact(share) * 1.1 + 0.01);
        }
      }),
    );
  });

  it('takes a clock that went back for no wait, and days for an hour', () => {
    const histogram = new WaitHistogram();
    histogram.add(-5);
    expect(histogram.percentiles().p99).toBeLessThan(0.01);
    histogram.add(1e9);
    histogram.add(1e9);
    expect(histogram.percentiles().p99).toBeGreaterThan(3_500_000);
  });
});
