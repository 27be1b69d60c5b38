/**
 * What is measured of a subject. A peer says how it makes one call (`Calls`); the loops around it, and whether each answer is
 * right, are the same for all (`callerOf`).
 */
import { weightOf } from './api.js';

/** A subject that is connected. Each of these rejects unless all that was asked for came, right and in order. */
export interface Caller {
  /** Calls `add`, and the next when the answer is there. */
  sequential(count: number): Promise<void>;
  /** Calls `add` so many times in one turn, then waits for all. */
  together(count: number): Promise<void>;
  /** One call, which calls a function of ours back so many times. */
  visited(count: number): Promise<void>;
  /** Takes so many items of a stream. */
  streamed(count: number): Promise<void>;
  /** Calls with each of the buffers, one after the other. */
  weighed(buffers: readonly ArrayBuffer[], moves: boolean): Promise<void>;
  /** Ends the thread, where whoever has started it must not be left without knowing. */
  close?(this: void): void;
}

/** A subject has no way to do something. */
export class NoWay extends Error {
  override readonly name = 'NoWay';
}

/** How a peer makes one call; a text is why it has none of that kind. */
export interface Calls {
  add(this: void, a: number, b: number): PromiseLike<number>;
  /** @param each - is called with 1 to `count` before the promise is fulfilled */
  readonly visit: ((count: number, each: (n: number) => void) => PromiseLike<unknown>) | string;
  /** @param take - is called with 1 to `count` before the promise is fulfilled */
  readonly items: ((count: number, take: (n: number) => void) => PromiseLike<unknown>) | string;
  readonly weigh: Weigh | string;
  /** The same, transferred. */
  readonly weighMoved: Weigh | string;
}

export type Weigh = (buffer: ArrayBuffer, at: number) => PromiseLike<number>;

/** Which byte of a buffer is asked for: another each time. */
export function placeIn(buffer: ArrayBuffer, index: number): number {
  return (index * 104_729) % buffer.byteLength;
}

export function assertAnswer(answer: unknown, wanted: number): void {
  if (answer !== wanted) throw new Error(`the answer was ${String(answer)} in place of ${String(wanted)}`);
}

/** Counts 1, 2, 3 … as they come. */
export class Sequence {
  private last = 0;
  private strayed = '';

  readonly take = (n: number): void => {
    if (n !== ++this.last && this.strayed === '') {
      this.strayed = `${String(n)} came in place of ${String(this.last)}`;
    }
  };

  /** @throws Error unless 1 to `count` came, in order */
  assertComplete(count: number): void {
    if (this.strayed !== '') throw new Error(this.strayed);
    if (this.last !== count) throw new Error(`${String(this.last)} came where ${String(count)} were to come`);
  }
}

/** @throws Error where a buffer was copied that was to be moved, or the other way round */
export function assertMoved(buffers: readonly ArrayBuffer[], moves: boolean): void {
  const wrong = buffers.filter((buffer) => (buffer.byteLength === 0) !== moves).length;
  if (wrong > 0) throw new Error(`${String(wrong)} buffers were ${moves ? 'not moved' : 'moved away'}`);
}

export function callerOf(calls: Calls): Caller {
  return {
    async sequential(count) {
      for (let n = 0; n < count; n++) assertAnswer(await calls.add(n, 3), n + 3);
    },
    async together(count) {
      const answers = await Promise.all(Array.from({ length: count }, (_, n) => calls.add(n, 2 * n)));
      answers.forEach((answer, n) => assertAnswer(answer, 3 * n));
    },
    visited: (count) => inSequence(calls.visit, count),
    streamed: (count) => inSequence(calls.items, count),
    async weighed(buffers, moves) {
      const weigh = wayOf(moves ? calls.weighMoved : calls.weigh);
      for (const [index, buffer] of buffers.entries()) {
        const at = placeIn(buffer, index);
        const wanted = weightOf(buffer.byteLength, new Uint8Array(buffer)[at]);
        assertAnswer(await weigh(buffer, at), wanted);
      }
      assertMoved(buffers, moves);
    },
  };
}

async function inSequence(way: Calls['visit'], count: number): Promise<void> {
  const sequence = new Sequence();
  await wayOf(way)(count, sequence.take);
  sequence.assertComplete(count);
}

/** @throws NoWay with the reason */
function wayOf<Way>(way: Way | string): Way {
  if (typeof way === 'string') throw new NoWay(way);
  return way;
}
