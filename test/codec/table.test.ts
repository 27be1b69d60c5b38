import { describe, expect, it } from 'vitest';
import { encode } from '../../src/codec/encode.js';
import { differenceOf } from './isomorphism.js';
import { roundTrip } from './round-trip.js';

const native = globalThis.structuredClone;
type Row = Record<string, unknown>;

/** More rows than a message that is written while it is read may have. */
const rows = (length: number, make: (id: number) => Row = (id) => ({ id, name: `n${id}` })): Row[] =>
  Array.from({ length }, (_, id) => make(id));

const isTable = (value: unknown): boolean => encode(value).text.includes('["T",[');

describe('an array of rows with the same keys', () => {
  it('says each key once', () => {
    expect(encode(rows(50)).text.match(/"name"/g)).toHaveLength(1);
    expect(encode({ page: { rows: rows(50) } }).text.match(/"name"/g)).toHaveLength(1);
  });

  it.each<[string, () => unknown]>([
    ['as it is', () => rows(50)],
    [
      'with cells of every kind',
      () => rows(50, (id) => ({ a: [id], d: new Date(id), u: undefined, s: '~h', z: -0 })),
    ],
    ['with integer keys', () => rows(50, (id) => ({ b: id, 2: 1, 1: 'x' }))],
    [
      'with own __proto__ keys',
      () => rows(50, (id) => JSON.parse(`{"a":1,"__proto__":{"id":${id}}}`) as Row),
    ],
    [
      'with names of inherited members',
      () => rows(50, (id) => ({ constructor: id, toString: 'x', valueOf: null })),
    ],
    ['with tables in cells', () => rows(50, (id) => ({ id, inner: rows(17, (at) => ({ at, id })) }))],
    ['with a row in two places', () => ((list) => ({ list, picked: list[7], first: [list[0]] }))(rows(50))],
    ['with a row met before', () => ((list) => ({ picked: list[7], list }))(rows(50))],
    ['with a row twice', () => ((list) => [...list, list[3]])(rows(50))],
    ['with shared cells', () => ((shared) => rows(50, (id) => ({ id, shared })))({ x: [1] })],
    [
      'with a cell that is a row',
      () => ((list) => (list.forEach((row, at) => (row['up'] = list[at >> 1])), list))(rows(50)),
    ],
    [
      'with a cell that is the table',
      () => ((list) => (list.forEach((row) => (row['all'] = list)), list))(rows(50)),
    ],
    ['in a Map and a Set', () => new Map<unknown, unknown>([[rows(17), new Set([rows(17)])]])],
    [
      'far down',
      () => {
        let value: unknown = rows(20, (id) => ({ id, list: [[id]] }));
        for (let level = 0; level < 500; level++) value = [value];
        return value;
      },
    ],
  ])('comes through %s', (_, make) => {
    const value = make();
    expect(isTable(value)).toBe(true);
    expect(differenceOf(roundTrip(value), native(value))).toBeNull();
    expect(differenceOf(roundTrip(value, { limits: { maxDepth: 3 } }), native(value))).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['the order of keys differs', () => [...rows(50), { name: 'x', id: 1 }]],
    ['a key is missing', () => [...rows(50), { id: 1 }]],
    [
      'a row is no literal',
      () => [...rows(50), Object.assign(Object.create(null) as object, { id: 1, name: '' })],
    ],
    ['a row is null', () => [...rows(50), null]],
    ['there are no keys', () => rows(50, () => ({}))],
    ['there are few rows', () => [new Map(), rows(15)]],
    ['there is a hole', () => ((list) => (delete list[5], list))(rows(50))],
    ['the array has a property of its own', () => Object.assign(rows(50), { total: 1 })],
    ['one object is all rows', () => new Array(50).fill({ id: 1 })],
  ])('is an array as any other where %s', (_, make) => {
    const value = make();
    expect(isTable(value)).toBe(false);
    expect(differenceOf(roundTrip(value), native(value))).toBeNull();
  });

  it('is read row by row, each getter once, and without those that were deleted meanwhile', () => {
    const log: string[] = [];
    const list: Row[] = rows(20, (id) =>
      Object.defineProperties(
        {},
        {
          a: {
            enumerable: true,
            configurable: true,
            get: () => (log.push(`a${id}`), id === 3 && delete list[4]?.['b'], id),
          },
          b: { enumerable: true, configurable: true, get: () => (log.push(`b${id}`), [id]) },
        },
      ),
    );
    const copy = roundTrip(list) as Row[];
    expect(log).toEqual(rows(20).flatMap((_, id) => (id === 4 ? ['a4'] : [`a${id}`, `b${id}`])));
    expect(copy[4]).toEqual({ a: 4 });
    expect(copy[5]).toEqual({ a: 5, b: [5] });
  });

  it('calls no accessor to see whether it is one', () => {
    let calls = 0;
    const list = rows(20);
    Object.defineProperty(list, 7, { enumerable: true, get: () => (calls++, { id: 7, name: 'n7' }) });
    expect(roundTrip(list)).toEqual(rows(20));
    expect(calls).toBe(1);
  });

  it('names the cell that cannot be cloned', () => {
    const list = rows(50);
    (list[31] as Row)['name'] = { on() {} };
    expect(() => encode({ list })).toThrow('value.list[31].name.on is a function, which cannot be cloned');
  });
});
