/** The near end of one pipe: gives orders, posts bursts, makes round trips, and checks that nothing is lost. */
import type { RawPipe } from '../../harness/kit.js';
import type { Answer, Message, Order } from './protocol.js';

export class Line {
  private take: (received: unknown) => void = () => undefined;

  constructor(readonly pipe: RawPipe) {
    pipe.listen((received) => this.take(received));
  }

  /** Gives an order and waits until it is followed. */
  async order(order: Order, transfer?: readonly unknown[]): Promise<void> {
    const answer = this.next();
    this.pipe.post({ id: -1, order }, transfer);
    if ((await answer).done !== true) throw new Error('an order was answered with something else');
  }

  /**
   * Posts `message` so many times in one turn, numbered anew each time.
   * @returns when the last was posted, and when the far end had said that it had the last
   * @throws (rejects) Error unless all came, in their order
   */
  async burst(
    message: Message,
    count: number,
    now: () => number,
  ): Promise<{ postedMs: number; endMs: number }> {
    const { pipe } = this;
    let endMs = NaN;
    const answer = this.next(() => (endMs = now()));
    for (let id = 0; id < count; id++) {
      message.id = id;
      pipe.post(message);
    }
    const postedMs = now();
    const { counted, outOfTurn } = await answer;
    if (counted !== count || outOfTurn !== 0) {
      throw new Error(`${String(outOfTurn)} of ${String(counted)} messages came out of their turn`);
    }
    return { postedMs, endMs };
  }

  private next(onAnswer: () => void = () => undefined): Promise<Answer> {
    return new Promise((resolve) => {
      this.take = (received) => {
        onAnswer();
        resolve(received as Answer);
      };
    });
  }

  /** Who gets what comes from now on. */
  listen(take: (received: unknown) => void): void {
    this.take = take;
  }
}

/**
 * Sends `message` over the lines in turn, and the next when it has come back: so many times in all.
 * @returns what the last brought
 * @throws (rejects) Error where another message came than was expected
 */
export function roundTrips(
  lines: readonly Line[],
  message: Message,
  moves: boolean,
  count: number,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    let id = 0;
    let current = message;
    const send = (): void => {
      current.id = id;
      const { pipe } = lines[id % lines.length] as Line;
      if (moves) pipe.post(current, [current.value]);
      else pipe.post(current);
    };
    const take = (received: unknown): void => {
      const back = received as Message;
      if (back.id !== id) {
        reject(new Error(`message ${String(back.id)} came back in place of ${String(id)}`));
      } else if (++id === count) {
        resolve(back);
      } else {
        // What was moved has to be sent on; everything else is sent anew.
        if (moves) current = back;
        send();
      }
    };
    for (const line of lines) line.listen(take);
    send();
  });
}
