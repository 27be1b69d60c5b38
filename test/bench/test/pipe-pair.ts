/** A pipe of a second thread, without the thread. */
import type { RawPipe } from '../harness/kit.js';

/** Two ends of one pipe that carries copies, in turns of its own; `lose` drops some on their way to the far end. */
export function pipePair(lose: (message: never) => boolean = () => false): [near: RawPipe, far: RawPipe] {
  const listeners: ((message: unknown) => void)[] = [];
  const end = (self: number, drops: (message: never) => boolean): RawPipe => ({
    post(message, transfer) {
      const copy = structuredClone(message, { transfer: [...(transfer ?? [])] as ArrayBuffer[] });
      if (!drops(copy as never)) queueMicrotask(() => listeners[1 - self]?.(copy));
    },
    listen: (listener) => (listeners[self] = listener),
  });
  return [end(0, lose), end(1, () => false)];
}
