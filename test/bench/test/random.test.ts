import { describe, expect, it } from 'vitest';
import { seededNumbers, seededRandom, shuffled } from '../harness/random.js';

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
  });

  it('fill the range evenly', () => {
    const tenths = new Array<number>(10).fill(0);
    const values = seededNumbers(100_000, 2, 12, 3);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...values)).toBeLessThan(12);
    for (const value of values) tenths[Math.floor(value - 2)]!++;
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('shuffled', () => {
  it('keeps every item and puts each at every place equally often', () => {
    const random = seededRandom(4);
    const orders = new Map<string, number>();
    for (let round = 0; round < 6000; round++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
