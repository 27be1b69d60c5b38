import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from '../../src/core/ring.js';

describe('Ring', () => {
  it('gives items in the order in which they came, over many chunks', () => {
    const ring = new Ring<{ n: number }>();
    for (let n = 0; n < 1000; n++) ring.push({ n });
    expect(ring.peek()).toEqual({ n: 0 });
    for (let n = 0; n < 1000; n++) expect(ring.shift()).toEqual({ n });
    expect([ring.shift(), ring.peek(), ring.length]).toEqual([undefined, undefined, 0]);
  });

  it('equals an array under any sequence of push, shift and retain', () => {
    const command = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('push' as const), count: fc.integer({ min: 1, max: 200 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('shift' as const),
          count: fc.integer({ min: 1, max: 200 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('retain' as const), count: fc.integer({ min: 2, max: 5 }) }),
      },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const ring = new Ring<{ n: number }>();
        let model: { n: number }[] = [];
        let next = 0;
        for (const { kind, count } of commands) {
          if (kind === 'retain') {
            ring.retain(({ n }) => n % count === 0);
            model = model.filter(({ n }) => n % count === 0);
          }
          for (let index = 0; kind !== 'retain' && index < count; index++) {
            if (kind === 'push') {
              const item = { n: next++ };
              ring.push(item);
              model.push(item);
            } else expect(ring.shift()).toBe(model.shift());
          }
          expect(ring.length).toBe(model.length);
          expect(ring.peek()).toBe(model[0]);
        }
      }),
    );
  });
});

describe('drain', () => {
  it('takes all out in order, over chunks, and what is pushed meanwhile', () => {
    const ring = new Ring<{ n: number }>();
    for (let n = 0; n < 300; n++) ring.push({ n });
    const taken: number[] = [];
    ring.drain(({ n }) => {
      taken.push(n);
      if (n === 299) ring.push({ n: 300 });
    });
    expect(taken).toEqual(Array.from({ length: 301 }, (_, n) => n));
    expect(ring.length).toBe(0);
  });
});
