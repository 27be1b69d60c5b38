import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RestartBudget } from '../../src/worker/restart-budget.js';

describe('a budget of restarts', () => {
  it('doubles the wait with each restart of the window, up to five seconds', () => {
    const budget = new RestartBudget({ budget: 10, windowMs: 60_000, backoffMs: 100 });
    const waits = Array.from({ length: 11 }, (_, n) => budget.take(n));
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, null]);
  });

  it('forgets what is as long ago as its window', () => {
    const budget = new RestartBudget({ budget: 1, windowMs: 1000, backoffMs: 7 });
    expect([0, 999, 1000, 1999].map((nowMs) => budget.take(nowMs))).toEqual([7, null, 7, null]);
  });

  it('waits for nothing where it is told to', () => {
    const budget = new RestartBudget({ budget: 3, windowMs: 1000, backoffMs: 0 });
    expect([0, 0, 0, 0].map((nowMs) => budget.take(nowMs))).toEqual([0, 0, 0, null]);
  });

  it('never gives more than its budget in any window (property)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { maxLength: 100 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 1000 }),
        (pauses, limit, windowMs) => {
          const budget = new RestartBudget({ budget: limit, windowMs, backoffMs: 1 });
          const given: number[] = [];
          let nowMs = 0;
          for (const pauseMs of pauses) {
            nowMs += pauseMs;
            const recent = given.filter((ms) => nowMs - ms < windowMs).length;
            expect(budget.take(nowMs) === null).toBe(recent === limit);
            if (recent < limit) given.push(nowMs);
          }
        },
      ),
    );
  });
});
