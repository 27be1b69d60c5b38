import { describe, expect, it } from 'vitest';
import { InFlightWindow } from '../../src/pool/in-flight-window.js';

/** The size after a thread has worked for a second on jobs of `ms`, and was heard of every 5 ms or after each. */
function sizeFor(ms: number, most = 64): number {
  const window = new InFlightWindow(most);
  let nowMs = 0;
  window.begin(nowMs);
  while (nowMs < 1000) {
    const passedMs = Math.max(5, ms);
    nowMs += passedMs;
    const count = Math.max(1, Math.round(passedMs / ms));
    for (let at = 0; at < count; at++) window.answered();
    window.heard(nowMs, false);
  }
  return window.size;
}

describe('the window of a thread', () => {
  it.each([
    [0.1, 64],
    [1, 41],
    [2, 21],
    [5, 9],
    [20, 3],
    [40, 2],
    [51, 1],
    [1000, 1],
  ])('for jobs of %d ms has room for %d', (ms, size) => {
    const found = sizeFor(ms);
    expect(Math.abs(found - size)).toBeLessThanOrEqual(ms < 5 ? 4 : 0);
  });

  it('keeps the limit, and begins below it', () => {
    expect(sizeFor(0.1, 8)).toBe(8);
    expect(new InFlightWindow(1).size).toBe(1);
  });

  it('grows while the thread runs dry, for then its time is not that of its jobs', () => {
    const window = new InFlightWindow(64);
    window.begin(0);
    for (let round = 1; round <= 5; round++) {
      window.answered();
      window.heard(round * 40, true);
    }
    expect(window.size).toBe(64);
  });

  it('does not grow for long jobs that run dry', () => {
    const window = new InFlightWindow(64);
    window.begin(0);
    window.answered();
    window.heard(200, true);
    expect(window.size).toBe(1);
  });
});
