/** The other thread: takes ports and counts what comes through them, and is called. */
import { expose, self } from 'mp-lanes/worker';
import type { MessagePort } from 'mp-lanes/worker';
import type { Serve } from '../../../harness/kit.js';
import type { Counted, Far } from '../far-api.js';

export const serve: Serve = () => {
  const counts: Record<Counted, number> = { opened: 0, messages: 0, closed: 0 };
  let waiting: { readonly what: Counted; readonly count: number; readonly done: () => void } | null = null;
  const kept = new Set<MessagePort>();

  function add(what: Counted): void {
    counts[what]++;
    if (waiting?.what !== what || counts[what] < waiting.count) return;
    waiting.done();
    waiting = null;
  }

  function take(port: MessagePort): void {
    kept.add(port);
    port.onmessage = () => add('messages');
    port.onclose = () => {
      kept.delete(port);
      add('closed');
    };
    add('opened');
  }

  self.onmessage = ({ data }) => take((data as { readonly port: MessagePort }).port);

  const far: Far = {
    add: (a, b) => a + b,
    until(what, count) {
      if (counts[what] >= count) return Promise.resolve(counts[what]);
      return new Promise((resolve) => {
        waiting = { what, count, done: () => resolve(counts[what]) };
      });
    },
    count: (what) => counts[what],
    reset() {
      counts.opened = counts.messages = counts.closed = 0;
      return kept.size;
    },
  };
  expose(far);
};
