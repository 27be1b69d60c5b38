import { expect, it } from 'vitest';
import { createSteadyClock } from '../../src/core/steady-clock.js';

it('starts at zero and goes on where it was when its source steps back', () => {
  let sourceMs = 1e12;
  const { now, atLeast } = createSteadyClock(() => sourceMs);
  expect(now()).toBe(0);
  sourceMs += 10;
  expect(now()).toBe(10);
  sourceMs -= 3_600_000;
  expect(now()).toBe(10);
  sourceMs += 5;
  expect(now()).toBe(15);
  atLeast(10);
  expect(now()).toBe(15);
  atLeast(20);
  expect(now()).toBe(20);
  sourceMs = NaN;
  expect(now()).toBe(20);
});
