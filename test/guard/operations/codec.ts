/** Values into text and back: what they allocate, and how long the text is. */
import { structuredClone } from '../../../src/codec/clone.js';
import { decode, encode } from '../../../src/codec/carrier.js';
import type { Operation } from '../measure.js';
import { many } from './many.js';

const small = { id: 7, name: 'tea', tags: ['hot', 'green'], price: 12.5, sold: false };
const rows = Array.from({ length: 100 }, (_, id) => ({
  id,
  name: `row ${id}`,
  price: id / 4,
  sold: id % 2 === 0,
}));
const rich = {
  at: new Date(0),
  seen: new Set(['a', 'b']),
  prices: new Map([['tea', 12n]]),
  bytes: new Uint8Array(16),
  missing: undefined,
};

function coding(name: string, value: object, times: number): readonly Operation[] {
  return [
    many(`encode ${name}`, times, undefined, (stage) => () => {
      stage.counted.counts.sentBytes += encode(value).text.length;
      stage.done++;
    }),
    many(`decode ${name}`, times, undefined, (stage) => {
      const { text, buffers } = encode(value);
      return () => {
        decode(text, buffers);
        stage.done++;
      };
    }),
    many(`structuredClone of ${name}`, times, undefined, (stage) => () => {
      structuredClone(value);
      stage.done++;
    }),
  ];
}

export const codecOperations: readonly Operation[] = [
  ...coding('a small object', small, 1_000),
  ...coding('100 rows', rows, 100),
  ...coding('Map, Set, Date and bytes', rich, 1_000),
];
