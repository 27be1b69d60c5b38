import { describe, expect, it } from 'vitest';
import { differences } from '../suites/codec/differences.js';
import { workloads } from '../suites/codec/values.js';

describe('differences', () => {
  it('finds none between two values that are made alike, whatever is in them', () => {
    for (const { name, make } of workloads) expect(differences(make(), make()), name).toEqual([]);
  });

  it('says what became of a type, and where', () => {
    expect(differences({ a: { at: new Date(0) } }, { a: { at: '1970' } })).toEqual([
      'value.a.at: Date became a string',
    ]);
    expect(differences([new Map([[1, 2]])], [{}])).toEqual(['value.0: Map became Object']);
    expect(differences({ n: 5n }, { n: 5 })).toEqual(['value.n: a BigInt became 5']);
  });

  it('tells minus zero and NaN from what JSON makes of them', () => {
    expect(differences(-0, 0)).toEqual(['value: 0 became 0']);
    expect(differences([NaN], [null])).toEqual(['value.0: NaN became null']);
  });

  it('looks into what has no members', () => {
    expect(differences(/a/g, /a/)).toEqual(['value: other content']);
    expect(differences(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toEqual(['value: other content']);
    expect(differences(new Error('a'), new Error('b'))).toEqual(['value: other content']);
    expect(differences(new TypeError('a'), new Error('a'))).toEqual(['value: another prototype']);
  });

  it('sees members that are missing, and members that nobody sent', () => {
    expect(differences({ a: undefined }, {})).toEqual(['value: other members']);
    expect(differences({ a: 1 }, { b: 1 })).toEqual(['value: other members']);
    expect(differences(new Set([1, 2]), new Set([1]))).toEqual(['value: other members']);
  });

  it('wants shared references shared, and others apart', () => {
    const shared = {};
    expect(differences([shared, shared], [{}, {}])).toEqual(['value.0: a shared reference became a copy']);
    expect(differences([{}, {}], [shared, shared])).toEqual(['value.0: two objects became one']);
  });

  it('follows a cycle once', () => {
    const [first, second]: { self?: unknown }[] = [{}, {}];
    first!.self = first;
    second!.self = second;
    expect(differences(first, second)).toEqual([]);
    expect(differences(first, { self: second })).toEqual(['value.self: a shared reference became a copy']);
  });

  it('names three at most, and of a deep place the end', () => {
    expect(differences([1, 2, 3, 4], [0, 0, 0, 0])).toHaveLength(3);
    expect(differences({ a: { b: { c: { d: { e: 1 } } } } }, { a: { b: { c: { d: { e: 2 } } } } })).toEqual([
      'b.c.d.e: 1 became 2',
    ]);
  });
});
