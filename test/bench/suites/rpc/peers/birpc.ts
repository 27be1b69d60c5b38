/**
 * birpc: a callback is a call of a function that this end has by name, and a stream is such a call for each item. What is to be
 * transferred the user's own `post` has to know; here it does by the name of the method.
 */
import { callerOf } from '../caller.js';
import type { Peer } from './peer.js';

/** The functions of the other thread. */
export interface BirpcFar {
  add(a: number, b: number): number;
  weigh(buffer: ArrayBuffer, at: number): number;
  weighMoved(buffer: ArrayBuffer, at: number): number;
  visit(count: number): Promise<number>;
}

/** The functions of this one. */
export interface BirpcNear {
  onVisit(n: number): void;
}

export const birpc: Peer = {
  name: 'birpc',
  tags: ['peer'],
  async connect(_kit, threads) {
    const { createBirpc } = await import('birpc');
    const pipe = threads.start('birpc');
    let visitor: (n: number) => void = () => undefined;
    const far = createBirpc<BirpcFar, BirpcNear>(
      { onVisit: (n) => visitor(n) },
      {
        post: (message: { m?: string; a: unknown[] }) =>
          pipe.post(message, message.m === 'weighMoved' ? message.a.slice(0, 1) : undefined),
        on: (listener) => pipe.listen(listener),
      },
    );
    const visit = (count: number, each: (n: number) => void): Promise<number> => {
      visitor = each;
      return far.visit(count);
    };
    return callerOf({
      add: (a, b) => far.add(a, b),
      visit,
      items: visit,
      weigh: (buffer, at) => far.weigh(buffer, at),
      weighMoved: (buffer, at) => far.weighMoved(buffer, at),
    });
  },
};
