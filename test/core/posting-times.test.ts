import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PostingTimes } from '../../src/core/posting-times.js';

describe('the times of posting', () => {
  it('are known to 4 ms, and never too late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (gaps) => {
          const times = new PostingTimes();
          let nowMs = 0;
          const exact = gaps.map((gapMs, key) => {
            nowMs += gapMs;
            times.note(key, nowMs);
            return nowMs;
          });
          exact.forEach((postedMs, key) => {
            expect(times.of(key)).toBeLessThanOrEqual(postedMs);
            expect(times.of(key)).toBeGreaterThan(postedMs - 4);
          });
        },
      ),
    );
  });

  it('are long ago before the first mark', () => {
    const times = new PostingTimes();
    expect(times.of(0)).toBeLessThan(-1e12);
    times.note(5, 1000);
    expect(times.of(4)).toBeLessThan(-1e12);
    expect(times.of(4) + Infinity).toBe(Infinity);
  });

  it('reach back 16 seconds of ceaseless posting, and are forgotten then', () => {
    const times = new PostingTimes();
    for (let key = 0; key < 100_000; key++) times.note(key, key);
    expect(times.of(100_000 - 16_000)).toBeGreaterThan(83_990);
    expect(times.of(1)).toBeLessThan(-1e12);
  });
});
