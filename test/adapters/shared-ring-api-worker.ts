/** A worker file as a user writes it. */
import { expose } from '../../src/worker.js';

expose({
  add: (a: number, b: number) => a + b,
  length: (buffer: ArrayBuffer) => buffer.byteLength,
  repeat: (text: string, times: number) => text.repeat(times),
  crash: () => {
    setImmediate(() => {
      throw new Error('crashed');
    });
    return new Promise(() => undefined);
  },
});
