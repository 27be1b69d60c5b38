/** The limit: bare messages with an id, and neither promises nor dispatch for each. */
import type { RawPipe } from '../../../harness/kit.js';
import { weightOf } from '../api.js';
import { Sequence, assertAnswer, assertMoved, placeIn } from '../caller.js';
import type { Caller } from '../caller.js';
import type { RawRequest, RawResponse } from '../raw-protocol.js';
import type { Peer } from './peer.js';

export const rawName = 'raw postMessage';

export const raw: Peer = {
  name: rawName,
  tags: ['limit'],
  connect: (_kit, threads) => Promise.resolve(rawCaller(threads.start('raw'))),
};

/** Calls `resolve` when all is over, and must not be called thereafter. */
type Take = (response: RawResponse, resolve: () => void) => void;

export function rawCaller(pipe: RawPipe): Caller {
  let take: (response: RawResponse) => void = () => undefined;
  pipe.listen((received) => take(received as RawResponse));
  const post = (request: RawRequest): void => pipe.post(request);

  function listen(taking: Take): Promise<void> {
    return new Promise((resolve, reject) => {
      take = (response) => {
        try {
          taking(response, resolve);
        } catch (error) {
          reject(error);
        }
      };
    });
  }

  function inTurn(count: number, ask: (id: number) => void, answerTo: (id: number) => number): Promise<void> {
    let id = 0;
    const over = listen((response, resolve) => {
      assertAnswer('result' in response ? response.result : undefined, answerTo(id));
      if (++id === count) resolve();
      else ask(id);
    });
    ask(0);
    return over;
  }

  /** Takes what comes by one kind of message, until there is no more. */
  async function inSequence(start: RawRequest, count: number, take: Take): Promise<void> {
    const over = listen((response, resolve) => {
      if ('done' in response) resolve();
      else take(response, resolve);
    });
    post(start);
    await over;
  }

  return {
    sequential: (count) =>
      inTurn(
        count,
        (id) => post({ id, a: id, b: 3 }),
        (id) => id + 3,
      ),
    together(count) {
      let answered = 0;
      const over = listen((response, resolve) => {
        const { id, result } = response as { id: number; result: number };
        assertAnswer(result, 3 * id);
        if (++answered === count) resolve();
      });
      for (let id = 0; id < count; id++) post({ id, a: id, b: 2 * id });
      return over;
    },
    async visited(count) {
      const sequence = new Sequence();
      await inSequence({ visit: count }, count, (response) => {
        const n = 'callback' in response ? response.callback : NaN;
        sequence.take(n);
        post({ visited: n });
      });
      sequence.assertComplete(count);
    },
    async streamed(count) {
      const sequence = new Sequence();
      await inSequence({ items: count }, count, (response) => {
        sequence.take('item' in response ? response.item : NaN);
      });
      sequence.assertComplete(count);
    },
    async weighed(buffers, moves) {
      const weights = buffers.map((buffer, id) =>
        weightOf(buffer.byteLength, new Uint8Array(buffer)[placeIn(buffer, id)]),
      );
      const ask = (id: number): void => {
        const buffer = buffers[id] as ArrayBuffer;
        pipe.post({ id, buffer, at: placeIn(buffer, id) }, moves ? [buffer] : undefined);
      };
      await inTurn(buffers.length, ask, (id) => weights[id] ?? NaN);
      assertMoved(buffers, moves);
    },
  };
}
