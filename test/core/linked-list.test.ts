import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkedList } from '../../src/core/linked-list.js';
import type { Linked } from '../../src/core/linked-list.js';

class Item implements Linked<Item> {
  list: LinkedList<Item> | null = null;
  before: Item | null = null;
  after: Item | null = null;

  constructor(readonly n: number) {}
}

function itemsOf(list: LinkedList<Item>): number[] {
  const found: number[] = [];
  for (let item = list.head; item !== null; item = item.after) found.push(item.n);
  return found;
}

describe('a linked list', () => {
  it('does what an array does, whatever is pushed and taken out', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat({ max: 9 }))), (steps) => {
        const list = new LinkedList<Item>();
        let model: Item[] = [];
        let made = 0;
        for (const step of steps) {
          const chosen = step === null ? undefined : model[step % Math.max(1, model.length)];
          if (chosen === undefined) {
            const item = new Item(made++);
            list.push(item);
            model.push(item);
          } else {
            list.remove(chosen);
            expect([chosen.list, chosen.after, chosen.before]).toEqual([null, null, null]);
            model = model.filter((each) => each !== chosen);
          }
          expect(itemsOf(list)).toEqual(model.map(({ n }) => n));
          expect(list.length).toBe(model.length);
        }
        const drained: Item[] = [];
        list.drain((item) => drained.push(item));
        expect(drained).toEqual(model);
        expect([list.length, list.head]).toEqual([0, null]);
      }),
    );
  });
});
