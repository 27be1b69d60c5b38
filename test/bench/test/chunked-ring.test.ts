import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChunkedRing } from '../suites/scheduler/peers/chunked-ring.js';

it('the bare ring is a queue, over any number of chunks', () => {
  const bursts = fc.array(fc.tuple(fc.nat(5000), fc.nat(5000)), { maxLength: 8 });
  fc.assert(
    fc.property(bursts, (steps) => {
      const ring = new ChunkedRing<number>();
      let pushed = 0;
      let shifted = 0;
      for (const [pushes, shifts] of steps) {
        for (let count = 0; count < pushes; count++) ring.push(pushed++);
        for (let count = 0; count < shifts; count++) {
          const wanted = shifted < pushed ? shifted++ : undefined;
          if (ring.shift() !== wanted) return false;
        }
      }
      return true;
    }),
    { numRuns: 200 },
  );
  expect(new ChunkedRing().shift()).toBeUndefined();
});
