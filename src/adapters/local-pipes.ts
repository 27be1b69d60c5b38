/**
 * Two pipes that are each other's other end, for code of this thread that is written as a worker's.
 *
 * Invariants: a message is delivered as a task, never inside `send`, in order; it is handed over as it is, for what a link
 * sends is its own already.
 */
import type { Pipe } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { Inbox } from './inbox.js';

const traits = { binary: true, transfer: true, bare: true };

// "user-visible", as messages are.
const post = (run: () => void): void => void currentRuntime().pump.post(1, run);

function createEnd(own: Inbox, other: Inbox): Pipe {
  return {
    traits,
    send: (message) => post(() => other.receive(message)),
    listen: (events) => own.listen(events),
    close() {
      if (own.close()) post(() => other.end());
    },
  };
}

/** Makes the two ends. */
export function createLocalPipes(): readonly [Pipe, Pipe] {
  const [first, second] = [new Inbox(), new Inbox()];
  return [createEnd(first, second), createEnd(second, first)];
}
