import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { structuredClone } from '../../src/codec/clone.js';
import { registerType } from '../../src/codec/registered-types.js';
import { graphs } from './graphs.js';
import { differenceOf } from './isomorphism.js';
import { roundTrip } from './round-trip.js';

const native = globalThis.structuredClone;
/** More of them: `CODEC_GRAPHS=1000000 npx vitest run test/codec/properties.test.ts`. */
const numRuns = Number(process.env['CODEC_GRAPHS'] ?? 20_000);
const timeoutMs = 60_000 + numRuns * 2;

describe('random graphs', () => {
  it(
    'come through text and buffers as native structuredClone makes them',
    () => {
      fc.assert(
        fc.property(graphs, (make) => {
          const value = make();
          expect(differenceOf(roundTrip(value), native(value))).toBeNull();
        }),
        { numRuns },
      );
    },
    timeoutMs,
  );

  it(
    'come through a text with a low limit of depth as well',
    () => {
      fc.assert(
        fc.property(graphs, (make) => {
          const value = make();
          expect(differenceOf(roundTrip(value, { limits: { maxDepth: 3 } }), native(value))).toBeNull();
        }),
        { numRuns: Math.ceil(numRuns / 3) },
      );
    },
    timeoutMs,
  );

  it(
    'come through structuredClone as through the native one',
    () => {
      fc.assert(
        fc.property(graphs, (make) => {
          const value = make();
          expect(differenceOf(structuredClone(value), native(value))).toBeNull();
        }),
        { numRuns },
      );
    },
    timeoutMs,
  );
});

/** Stands for a registered type that native `structuredClone` copies as the plain object that it is. */
class Wrapper {
  constructor(public inside: unknown) {}
}

describe('random graphs with instances of a registered type', () => {
  const isWrapper = (value: unknown): value is Wrapper => value instanceof Wrapper;

  it.each(Object.entries({ roundTrip, structuredClone }))(
    'keep what is inside of each, and each once (%s)',
    (_, through) => {
      const unregister = registerType<Wrapper, unknown>('Wrapper', {
        type: Wrapper,
        serialize: ({ inside }) => [inside],
        deserialize: (data) => new Wrapper((data as unknown[])[0]),
      });
      fc.assert(
        fc.property(graphs, graphs, (make, makeOther) => {
          const [value, other] = [make(), makeOther()];
          const inner = new Wrapper(value);
          const outer = new Wrapper({ inner, value, other });
          const given = { inner, outer, again: [outer, inner], map: new Map([[inner, outer]]), other };
          const copy = through(given) as typeof given;
          expect([copy.inner, copy.outer].every(isWrapper)).toBe(true);
          const plain = (graph: typeof given): unknown => {
            const { inner: a, outer: b, again, map, other: rest } = graph;
            const more = b.inside as { inner: Wrapper; value: unknown; other: unknown };
            return [
              a.inside,
              [more.value, more.other, rest],
              [more.inner === a, again[0] === b, again[1] === a, map.get(a) === b],
            ];
          };
          expect(differenceOf(plain(copy), native(plain(given)))).toBeNull();
        }),
        { numRuns: Math.ceil(numRuns / 10) },
      );
      unregister();
    },
    timeoutMs,
  );
});

describe('the comparison itself', () => {
  it('tells graphs apart that differ in sharing, order, kind or content', () => {
    const shared = {};
    const pairs: [unknown, unknown][] = [
      [
        [shared, shared],
        [{}, {}],
      ],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      [new Map(), new Set()],
      [new Date(1), new Date(2)],
      [
        [, 1],
        [undefined, 1],
      ],
      [[0], [-0]],
      [new Uint8Array([1]), new Uint8Array([2])],
      [new Uint8Array(1), new Int8Array(1)],
    ];
    for (const [left, right] of pairs) expect(differenceOf(left, right)).not.toBeNull();
  });
});
