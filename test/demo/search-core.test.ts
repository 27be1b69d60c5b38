import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CityRow } from '../../miniprogram-demo/service/cities.js';
import { openMiniProgram } from './mini-program.js';

interface Row {
  readonly id: number;
  readonly rank: number;
  readonly before: string;
  readonly hit: string;
  readonly after: string;
  readonly zh: string;
  readonly population: number;
}
interface Found {
  readonly matches: number;
  readonly of: number;
  readonly rows: readonly Row[];
}
interface SearchCore {
  createIndex(): object;
  addCities(index: object, part: object): Generator<void, void>;
  search(index: object, text: string, limit?: number): Generator<void, Found>;
  drain<T>(steps: Generator<void, T>): T;
  fold(text: string): string;
}

const root = 'miniprogram-demo/miniprogram';
const { require } = openMiniProgram(root, { wx: {} });
const { createIndex, addCities, search, drain, fold } = require('shared/search-core') as SearchCore;

const countries = { CN: ['中国', 'China'], DE: ['德国', 'Germany'], US: ['美国', 'United States'] };

function indexOf(cities: readonly CityRow[]): object {
  const index = createIndex();
  drain(addCities(index, { countries, cities }));
  return index;
}

function names(cities: readonly CityRow[], text: string): string[] {
  return drain(search(indexOf(cities), text)).rows.map(({ before, hit, after }) => before + hit + after);
}

describe('the ranking', () => {
  it('puts a name that starts with the text before one that has it inside before one that resembles it', () => {
    const cities: CityRow[] = [
      ['Shetland', 'US', 10],
      ['New Shanghai', 'US', 9_000],
      ['Shnaghai', 'US', 1_000_000],
      ['Shanghai', 'CN', 20],
    ];
    expect(names(cities, 'shanghai')).toEqual(['Shanghai', 'New Shanghai', 'Shnaghai']);
  });

  it('puts the larger of two equal matches first, wherever it came from', () => {
    const cities: CityRow[] = [
      ['Springfield', 'US', 5],
      ['Springdale', 'US', 7],
      ['Springtown', 'US', 6],
    ];
    expect(names(cities, 'spring')).toEqual(['Springdale', 'Springtown', 'Springfield']);
  });

  it('finds the cities of a country by its Chinese and by its English name', () => {
    const cities: CityRow[] = [
      ['Berlin', 'DE', 3],
      ['Germantown', 'US', 2],
      ['Shanghai', 'CN', 1],
    ];
    expect(names(cities, '德国')).toEqual(['Berlin']);
    expect(names(cities, 'germ')).toEqual(['Germantown', 'Berlin']);
    expect(names(cities, 'states')).toEqual(['Germantown']);
  });

  it('does not mind accents, case and kinds of apostrophes', () => {
    expect(names([['München', 'DE', 1]], 'MUNCH')).toEqual(['München']);
    expect(names([['Munich', 'DE', 1]], 'mün')).toEqual(['Munich']);
    expect(names([['Xi’an', 'CN', 1]], "xi'an")).toEqual(['Xi’an']);
  });

  it('gives at most the limit, numbered from 1, and counts all', () => {
    const cities = Array.from({ length: 50 }, (_, i): CityRow => [`Town ${i}`, 'US', i]);
    const found = drain(search(indexOf(cities), 'town', 3));
    expect(found.rows.map(({ rank, population }) => [rank, population])).toEqual([
      [1, 49],
      [2, 48],
      [3, 47],
    ]);
    expect(found).toMatchObject({ matches: 50, of: 50 });
  });

  it.each(['', '   '])('finds nothing for "%s"', (text) => {
    expect(drain(search(indexOf([['Berlin', 'DE', 3]]), text))).toEqual({ matches: 0, of: 1, rows: [] });
  });
});

describe('the highlight', () => {
  it.each([
    ['san', '', 'San', ' Francisco'],
    ['fran', 'San ', 'Fran', 'cisco'],
    ['美国', '', '', 'San Francisco'],
    ['fransicsco', 'San ', 'Francisco', ''],
    ['sam fr', '', 'San Fr', 'ancisco'],
  ])('of "%s" is the part that matched', (text, before, hit, after) => {
    const [row] = drain(search(indexOf([['San Francisco', 'US', 1]]), text)).rows;
    expect(row).toMatchObject({ before, hit, after });
  });

  it('stands on the right letters of a name whose folded form is longer or shorter', () => {
    const [row] = drain(search(indexOf([['İ\u0301stanbul', 'US', 1]]), 'stan')).rows;
    expect(row).toMatchObject({ hit: 'stan', after: 'bul' });
  });

  it('never changes the name', () => {
    const letters = fc.string({ unit: letter('aäàßéİstnu ’'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        letters,
        fc.string({ unit: letter('aestnui'), minLength: 1, maxLength: 8 }),
        (name, text) => {
          for (const { before, hit, after } of drain(search(indexOf([[name, 'DE', 1]]), text)).rows) {
            expect(before + hit + after).toBe(name);
          }
        },
      ),
    );
  });
});

describe('the fuzzy match', () => {
  it('forgives one error in four to six letters and two in more', () => {
    expect(names([['Berlin', 'DE', 1]], 'belin')).toEqual(['Berlin']);
    expect(names([['Berlin', 'DE', 1]], 'belxin')).toEqual([]);
    expect(names([['San Francisco', 'US', 1]], 'fransicsco')).toEqual(['San Francisco']);
    expect(names([['Ulm', 'DE', 1]], 'uml')).toEqual([]);
  });

  it('agrees with the definition of the edit distance on any text', () => {
    const text = fc.string({ unit: fc.constantFrom('x', 'y', 'z'), minLength: 4, maxLength: 9 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('x', 'y', 'z'), maxLength: 9 }), text, (name, query) => {
        const allowed = query.length < 7 ? 1 : 2;
        expect(names([[name, 'DE', 1]], query).length === 1).toBe(distanceInside(name, query) <= allowed);
      }),
    );
  });
});

function letter(all: string): fc.Arbitrary<string> {
  return fc.nat(all.length - 1).map((at) => all.charAt(at));
}

/** The smallest edit distance of `query` to any part of `name`, straight from the definition. */
function distanceInside(name: string, query: string): number {
  let smallest = query.length;
  for (let from = 0; from <= name.length; from++) {
    for (let to = from; to <= name.length; to++)
      smallest = Math.min(smallest, distance(name.slice(from, to), query));
  }
  return smallest;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

describe('the steps', () => {
  it('are at most 256 rows apart, in indexing and in searching', () => {
    const cities = Array.from({ length: 1000 }, (_, i): CityRow => [`Town ${i}`, 'US', i]);
    const index = createIndex();
    expect([...addCities(index, { countries, cities })]).toHaveLength(3);
    expect([...search(index, 'town')]).toHaveLength(4);
  });

  it('leave the same result, however the parts were added', () => {
    const cities = Array.from({ length: 600 }, (_, i): CityRow => [`Town ${i * 7919}`, 'US', i % 10]);
    const parts = indexOf(cities.slice(0, 100));
    drain(addCities(parts, { countries, cities: cities.slice(100) }));
    expect(drain(search(parts, 'wn 79'))).toEqual(drain(search(indexOf(cities), 'wn 79')));
  });

  it('fold the same text to the same letters twice', () => {
    fc.assert(fc.property(fc.string(), (text) => fold(fold(text)) === fold(text)));
  });
});

it('the worker has the same copy of the shared code as the pages', () => {
  const read = (folder: string): Record<string, string> =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
  expect(read(`${root}/workers/shared`), 'cp shared/* workers/shared/').toEqual(read(`${root}/shared`));
});
