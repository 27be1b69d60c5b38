/**
 * Two pipes that are each other's other end, within one thread: for tests of everything that crosses a thread.
 *
 * Invariants: a message is copied when it is sent, so that nothing leaks by reference; it is delivered in a turn of its
 * own, never inside `send`; order is kept, except where a fault says otherwise; nothing is delivered after the end.
 */
import { LanesError } from '../core/errors.js';
import type { Pipe, PipeEvents } from '../host/pipe.js';
import { Inbox } from './inbox.js';

/** What may happen to a message on its way; nothing, when a fault function returns `undefined`. */
export type PipeFault =
  | 'drop'
  | 'duplicate'
  | 'cut'
  | { readonly replaceWith: unknown }
  /** Takes so much longer on the way; what is sent behind it does not overtake it. */
  | { readonly delayMs: number };

/** How a pair behaves. */
export interface PipePairOptions {
  /** Whether `ArrayBuffer`s arrive as such. @defaultValue true */
  readonly binary?: boolean;
  /** Whether transferred buffers are detached from the sender (needs the platform's `structuredClone`). @defaultValue false */
  readonly transfer?: boolean;
  /** `json`: what JSON keeps, and buffers. `structured`: what the platform's structured clone keeps. @defaultValue 'json' */
  readonly cloneMessage?: 'json' | 'structured';
  /** Time on the way, in milliseconds. @defaultValue 0 */
  readonly delayMs?: number;
  /** Asked for every message: what happens to it. */
  readonly faults?: (
    message: unknown,
    info: { readonly index: number; readonly from: 'a' | 'b' },
  ) => PipeFault | undefined;
}

/** How a pair comes to its turns: the virtual host's queue, or a real host's timers. */
export type DeliverTurn = (delayMs: number, run: () => void) => void;

/** The two ends. */
export interface PipePair {
  readonly a: Pipe;
  readonly b: Pipe;
  /** Breaks the connection, as a dying thread does: both ends hear `end(error)`. What is on its way is lost. */
  cut(error?: unknown): void;
}

declare const structuredClone:
  ((value: unknown, options?: { transfer: readonly ArrayBuffer[] }) => unknown) | undefined;

type CloneMessage = (message: unknown, transfer: readonly ArrayBuffer[]) => unknown;

const bufferMark = '\u0000mp-lanes.buffer';

function isBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

function cloneAsJson(message: unknown, binary: boolean): unknown {
  if (message === undefined) return undefined;
  const buffers: ArrayBuffer[] = [];
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (!binary || !isBuffer(value)) return value;
    buffers.push(value.slice(0));
    return { [bufferMark]: buffers.length - 1 };
  });
  return JSON.parse(text, (_key, value: unknown) => {
    const index =
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[bufferMark]
        : undefined;
    return typeof index === 'number' ? buffers[index] : value;
  }) as unknown;
}

function chooseClone({
  binary = true,
  transfer = false,
  cloneMessage = 'json',
}: PipePairOptions): CloneMessage {
  const clone = typeof structuredClone === 'function' ? structuredClone : undefined;
  if ((transfer || cloneMessage === 'structured') && clone === undefined) {
    throw new LanesError(
      'ERR_HOST_CAPABILITY',
      'This platform has no structuredClone: use cloneMessage "json", no transfer.',
    );
  }
  return (message, list) => {
    // Invariant: `structuredClone` is there whenever one of the two options asks for it.
    if (cloneMessage === 'structured') return clone?.(message, transfer ? { transfer: list } : undefined);
    const copy = cloneAsJson(message, binary);
    if (transfer && list.length > 0) clone?.(null, { transfer: list });
    return copy;
  };
}

/** One direction: nothing overtakes what is late. */
function createWay(deliver: DeliverTurn, now: () => number): DeliverTurn {
  let lastDueMs = -Infinity;
  return (delayMs, run) => {
    const nowMs = now();
    lastDueMs = Math.max(nowMs + delayMs, lastDueMs);
    deliver(lastDueMs - nowMs, run);
  };
}

/** Makes a pair whose messages take their turns from `deliver`; `now` is the clock that this goes by. */
export function connectPipes(
  deliver: DeliverTurn,
  now: () => number,
  options: PipePairOptions = {},
): PipePair {
  const { binary = true, transfer = false, cloneMessage = 'json', delayMs = 0, faults } = options;
  const clone = chooseClone(options);
  const inboxes = { a: new Inbox(), b: new Inbox() };
  const ways = { a: createWay(deliver, now), b: createWay(deliver, now) };
  let sent = 0;

  function cut(error?: unknown): void {
    inboxes.a.end(error);
    inboxes.b.end(error);
  }
  function carry(from: 'a' | 'b', to: Inbox, message: unknown): void {
    const fault = faults?.(message, { index: sent++, from });
    if (fault === 'drop') return;
    if (fault === 'cut') return deliver(delayMs, () => cut(new Error('The pipe was cut.')));
    const given: { readonly replaceWith?: unknown; readonly delayMs?: number } =
      typeof fault === 'object' ? fault : {};
    const arrives = 'replaceWith' in given ? given.replaceWith : message;
    const takesMs = delayMs + (given.delayMs ?? 0);
    ways[from](takesMs, () => to.receive(arrives));
    if (fault === 'duplicate') ways[from](takesMs, () => to.receive(cloneAsJson(arrives, binary)));
  }
  function createEnd(from: 'a' | 'b', own: Inbox, other: Inbox): Pipe {
    return {
      traits: { binary, transfer, bare: cloneMessage === 'structured' },
      send(message, list = []) {
        const copy = clone(message, list);
        if (own.isOpen) carry(from, other, copy);
      },
      listen: (events: PipeEvents) => own.listen(events),
      close() {
        if (own.close()) deliver(delayMs, () => other.end());
      },
    };
  }
  return { a: createEnd('a', inboxes.a, inboxes.b), b: createEnd('b', inboxes.b, inboxes.a), cut };
}
