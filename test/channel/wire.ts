/** A pipe whose messages arrive when the test says so, each direction by itself. */
import { connectPipes } from '../../src/adapters/pipe-pair.js';
import type { PipePairOptions } from '../../src/adapters/pipe-pair.js';
import type { Pipe } from '../../src/host/pipe.js';

type Way = (() => void)[];

/** Two ends and what is under way between them. */
export interface Wire {
  readonly a: Pipe;
  readonly b: Pipe;
  /** What is under way from `a` to `b`, and back, the oldest first. */
  readonly ways: readonly [Way, Way];
  /** Breaks the connection: what is under way is lost. */
  cut(): void;
}

/** Makes a wire; `options` are those of a pair, without a delay. */
export function createWire(options: PipePairOptions): Wire {
  const ways: [Way, Way] = [[], []];
  let sender: 0 | 1 = 0;
  const pair = connectPipes(
    (_delayMs, run) => ways[sender].push(run),
    () => 0,
    options,
  );
  const endOf = (pipe: Pipe, direction: 0 | 1): Pipe => ({
    traits: pipe.traits,
    listen: (events) => pipe.listen(events),
    send(message, transfer) {
      sender = direction;
      pipe.send(message, transfer);
    },
    close() {
      sender = direction;
      pipe.close();
    },
  });
  return {
    a: endOf(pair.a, 0),
    b: endOf(pair.b, 1),
    ways,
    cut() {
      for (const way of ways) way.length = 0;
      pair.cut(new Error('cut'));
    },
  };
}
