/** The far end of one pipe or port: counts what comes, or sends it back. */
import type { RawPipe } from '../../../harness/kit.js';
import type { Message, Order } from '../protocol.js';

/** @param pipeOf - what to do with a port that comes */
export function serveAt(pipe: RawPipe, pipeOf: (port: unknown) => RawPipe): void {
  let take: (message: Message) => void = () => undefined;

  function obey(order: Order): void {
    if (order.name === 'serve') serveAt(pipeOf(order.port), pipeOf);
    else take = order.name === 'count' ? counter(pipe, order.count) : echo(pipe, order.moves);
    pipe.post({ done: true });
  }

  pipe.listen((received) => {
    const message = received as Message;
    if (message.order === undefined) take(message);
    else obey(message.order);
  });
}

function counter(pipe: RawPipe, count: number): (message: Message) => void {
  let counted = 0;
  let outOfTurn = 0;
  return ({ id }) => {
    if (id !== counted) outOfTurn++;
    if (++counted === count) pipe.post({ counted, outOfTurn });
  };
}

function echo(pipe: RawPipe, moves: boolean): (message: Message) => void {
  return moves ? (message) => pipe.post(message, [message.value]) : (message) => pipe.post(message);
}
