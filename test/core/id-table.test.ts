import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdTable } from '../../src/core/id-table.js';
import { runs } from '../deep/scale.js';

interface Entry {
  readonly id: number;
}

describe('a table of ids', () => {
  it('is a map, whatever the ids are', () => {
    // Far apart, and alike in as many bits as a slot is chosen by.
    const ids = fc.oneof(
      fc.nat(40),
      fc.nat(40).map((n) => n * 2 ** 32),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    );
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete'), ids), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (given) => {
        const table = new IdTable<Entry>();
        const map = new Map<number, Entry>();
        for (const [step, id] of given) {
          if (step === 'delete') expect(table.delete({ id })).toBe(map.delete(id));
          else if (!map.has(id)) {
            const entry = { id };
            table.add(entry);
            map.set(id, entry);
          }
          expect(table.size).toBe(map.size);
          expect(table.get(id)).toBe(map.get(id));
        }
        expect(table.all()).toEqual([...map.values()].sort((a, b) => a.id - b.id));
      }),
      runs(300, 20_000),
    );
  });

  it('mints ids that have a slot of their own', () => {
    const table = new IdTable<Entry>();
    const waiting: Entry[] = [];
    let next = 1;
    for (let round = 0; round < 5000; round++) {
      const entry = { id: table.freeFrom(next) };
      expect(entry.id - next).toBeLessThanOrEqual(table.size);
      next = entry.id + 1;
      table.add(entry);
      waiting.push(entry);
      // One in seven stays.
      if (round % 7 !== 0) table.delete(waiting.pop() as Entry);
    }
    for (const entry of waiting) expect(table.get(entry.id)).toBe(entry);
    expect(table.size).toBe(waiting.length);
  });
});
