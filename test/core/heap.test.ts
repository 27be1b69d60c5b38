import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/core/heap.js';
import type { HeapItem } from '../../src/core/heap.js';

interface Item extends HeapItem {
  readonly due: number;
  readonly key: number;
}

const before = (a: Item, b: Item): boolean => (a.due !== b.due ? a.due < b.due : a.key < b.key);
const order = (a: Item, b: Item): number => (before(a, b) ? -1 : 1);

describe('Heap', () => {
  it('equals a sorted array under any sequence of push, pop, remove and retain', () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('pop' as const), at: fc.constant(0) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(1000) }),
      fc.record({ kind: fc.constant('retain' as const), at: fc.integer({ min: 2, max: 9 }) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300 }), (commands) => {
        const heap = new Heap<Item>(before);
        let model: Item[] = [];
        let key = 0;
        for (const { kind, at } of commands) {
          if (kind === 'push') {
            const item = { due: at, key: key++, heapIndex: -1 };
            heap.push(item);
            model.push(item);
            model.sort(order);
          } else if (kind === 'pop') {
            expect(heap.pop()).toBe(model.shift());
          } else if (kind === 'retain') {
            heap.retain((item) => item.key % at !== 0);
            model = model.filter((item) => item.key % at !== 0);
          } else if (model.length > 0) {
            const [item] = model.splice(at % model.length, 1);
            expect(heap.remove(item!)).toBe(true);
            expect(heap.remove(item!)).toBe(false);
          }
          expect(heap.peek()).toBe(model[0]);
          expect(heap.length).toBe(model.length);
        }
        while (model.length > 0) expect(heap.pop()).toBe(model.shift());
      }),
      { numRuns: 300 },
    );
  });
});
