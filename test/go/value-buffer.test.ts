import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueBuffer } from '../../src/go/value-buffer.js';
import { runs } from '../deep/scale.js';

describe('ValueBuffer', () => {
  it('gives what it was given, in order, up to its capacity, around its end and while it grows', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.array(fc.boolean(), { maxLength: 200 }), (capacity, moves) => {
        const buffer = new ValueBuffer<number>(capacity);
        const model: number[] = [];
        moves.forEach((isPush, n) => {
          if (isPush && model.length < capacity) {
            buffer.push(n);
            model.push(n);
          } else if (model.length > 0) expect(buffer.shift()).toBe(model.shift());
          expect(buffer.length).toBe(model.length);
        });
      }),
      runs(300, 10_000),
    );
  });

  it('keeps nothing that was taken out', () => {
    const buffer = new ValueBuffer<object>(3);
    for (let n = 0; n < 20; n++) {
      buffer.push({});
      buffer.shift();
    }
    const { slots } = buffer as unknown as { readonly slots: unknown[] };
    expect(slots.every((slot) => slot === undefined)).toBe(true);
    expect(slots.length).toBeLessThanOrEqual(8);
  });

  it('costs nothing for a large capacity until that is used', () => {
    const { slots } = new ValueBuffer<number>(2 ** 31 - 1) as unknown as { readonly slots: unknown[] };
    expect(slots.length).toBeLessThanOrEqual(8);
  });
});
