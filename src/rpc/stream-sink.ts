/**
 * The end of a stream that reads it: keeps what arrived until somebody asks for it, and asks the other end for more.
 *
 * What must always hold:
 * - Nothing is asked for before the first `next`.
 * - Items come in their order, each once, and the end or the error after the last of them.
 * - Whoever waits is answered: by an item, by the end, or by the end of the session.
 */
import { Ring } from '../core/ring.js';
import { currentRuntime } from '../host/runtime.js';
import { brokenStream } from './stream-source.js';
import { asyncIterator } from './stream.js';

/** Items that may be under way. Larger windows gained nothing in `npm run bench -- rpc`. */
const windowItems = 256;

/** What a sink needs of its session. */
export interface SinkWire {
  sendPull(stream: number, taken: number, total: number): void;
  sendStop(stream: number): void;
  /** The sink is of no use any more. */
  sinkEnded(stream: number, sink: StreamSink): void;
}

/** An item as it arrived. */
export interface StreamItem {
  /** @throws where it does not decode */
  open(): unknown;
  dispose(): void;
}

interface Waiter {
  resolve(result: IteratorResult<unknown>): void;
  reject(error: unknown): void;
  /** The user's object: it is not collected while somebody waits. */
  readonly stream: object;
}

type End = { readonly error: unknown } | 'done';

const over = (): IteratorResult<unknown> => ({ value: undefined, done: true });

/** One stream that is read here. */
export class StreamSink {
  /** Called when nothing comes any more. */
  readonly onLeave: (() => void)[] = [];
  private readonly items = new Ring<StreamItem>();
  private readonly waiters = new Ring<Waiter>();
  private received = 0;
  private taken = 0;
  private acknowledged = -1;
  private isUrged = false;
  private end: End | null = null;
  private closed = false;

  constructor(
    private readonly id: number,
    private readonly wire: SinkWire,
  ) {}

  /** An item came. */
  receive(number: number, item: StreamItem): void {
    // Twice the same: nothing new.
    if (this.closed || this.end !== null || number < this.received) return item.dispose();
    // Out of order, or more than was asked for.
    if (number > this.received || number >= this.acknowledged + windowItems) {
      item.dispose();
      this.wire.sendStop(this.id);
      return this.fail(brokenStream());
    }
    this.received++;
    const waiter = this.waiters.shift();
    if (waiter === undefined) this.items.push(item);
    else this.hand(item, waiter);
  }

  /** The other end has no more. */
  last(number: number, failure: { readonly error: unknown } | null): void {
    if (this.end !== null || this.closed) return;
    if (number !== this.received) return this.fail(brokenStream());
    this.finish(failure ?? 'done');
  }

  /** Nothing more comes: what had arrived is still given, then the error. */
  fail(error: unknown): void {
    if (this.end === null && !this.closed) this.finish({ error });
  }

  /** A signal of its call aborted: what had arrived is not given any more. */
  abort(reason: unknown): void {
    this.items.drain((item) => item.dispose());
    if (this.end !== null || this.closed) return;
    this.wire.sendStop(this.id);
    this.finish({ error: reason });
  }

  /** Asks for an item on behalf of `stream`. */
  next(stream: object): Promise<IteratorResult<unknown>> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject, stream };
      const item = this.items.shift();
      if (item !== undefined) return this.hand(item, waiter);
      if (this.closed || this.end !== null) return this.answerEnd(waiter);
      this.waiters.push(waiter);
      if (this.acknowledged < 0) this.pull();
    });
  }

  /** Nobody reads on. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.items.drain((item) => item.dispose());
    this.waiters.drain(({ resolve }) => resolve(over()));
    if (this.end !== null) return;
    this.wire.sendStop(this.id);
    this.leave();
  }

  private leave(): void {
    this.wire.sinkEnded(this.id, this);
    for (const each of this.onLeave) each();
  }

  private hand(item: StreamItem, waiter: Waiter): void {
    this.taken++;
    this.acknowledge();
    const { pump } = currentRuntime();
    // Whoever reads in a loop would keep the thread for as long as there are items.
    if (!pump.shouldYield()) return this.open(item, waiter);
    pump.post(1, () => {
      pump.letJobsRun();
      this.open(item, waiter);
    });
  }

  private open(item: StreamItem, { resolve, reject }: Waiter): void {
    try {
      resolve({ value: item.open(), done: false });
    } catch (error) {
      reject(error);
      // Nobody asks on after an error.
      this.close();
    }
  }

  /** The other end waits until what it sent is taken. */
  urge(): void {
    this.isUrged = true;
    this.acknowledge();
  }

  private acknowledge(): void {
    if (this.end !== null || this.closed) return;
    const count = this.taken - this.acknowledged;
    if (count >= windowItems / 2 || (this.isUrged && count > 0 && this.items.length === 0)) this.pull();
  }

  private pull(): void {
    this.isUrged = false;
    this.acknowledged = this.taken;
    this.wire.sendPull(this.id, this.taken, this.taken + windowItems);
  }

  private finish(end: End): void {
    this.end = end;
    this.leave();
    this.waiters.drain((waiter) => this.answerEnd(waiter));
  }

  /** An error is told once; whoever asks again is told that it is over. */
  private answerEnd({ resolve, reject }: Waiter): void {
    const { end } = this;
    this.end = 'done';
    if (typeof end === 'object' && end !== null) reject(end.error);
    else resolve(over());
  }
}

/** What a user iterates. `for await` on it reads the stream once; leaving the loop tells the other end. */
export interface RemoteStream extends AsyncIterableIterator<unknown> {
  return(value?: unknown): Promise<IteratorResult<unknown>>;
  throw(error?: unknown): Promise<IteratorResult<unknown>>;
}

/** The user's object on top of a sink, which it keeps and which does not keep it. */
export function createRemoteStream(sink: StreamSink): RemoteStream {
  const stream: RemoteStream = {
    next: () => sink.next(stream),
    return(value?: unknown) {
      sink.close();
      return Promise.resolve({ value, done: true as const });
    },
    throw(error?: unknown) {
      sink.close();
      return Promise.reject(error);
    },
    [asyncIterator]: () => stream,
  };
  return stream;
}
