/**
 * `Chan`, Go's channel, within one thread.
 *
 * What must always hold
 * - Receivers wait only while the buffer is empty and no sender waits; senders only while it is full. So one of the two
 *   lists is empty, and who waits is served in the order of coming.
 * - A value is in one place: with its sender, in the buffer, or handed over; handing over is one step that nothing interrupts.
 * - A closed channel has no waiting senders, and receivers wait on it no more.
 *
 * @see https://go.dev/ref/spec#Channel_types
 */
import { refuseArgument } from '../core/bad-argument.js';
import { LanesError } from '../core/errors.js';
import { defineInterface } from '../core/webidl.js';
import type { Operation } from './operation.js';
import { ValueBuffer } from './value-buffer.js';
import { WaitList } from './wait-list.js';
import type { Waiter } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** What `recv` gives: a value, or word that the channel is closed and empty. */
export type Received<T> =
  { readonly value: T; readonly ok: true } | { readonly value: undefined; readonly ok: false };

/** What of a channel can be received from: the channel, and timers that behave like one. */
export interface Receivable<T> {
  recv(options?: WaitOptions): Operation<Received<T>>;
  tryRecv(): Received<T> | undefined;
  [Symbol.asyncIterator](): AsyncIterator<T, undefined>;
}

const noMore: Received<never> = { value: undefined, ok: false };

/** The values of a channel, for `for await`. */
export class Values<T> implements AsyncIterator<T, undefined> {
  constructor(private readonly source: { recv(): PromiseLike<Received<T>> }) {}

  next(): Promise<IteratorResult<T, undefined>> {
    return this.source.recv().then(toResult) as Promise<IteratorResult<T, undefined>>;
  }
}

function toResult<T>({ value, ok }: Received<T>): IteratorResult<T, undefined> {
  return { value, done: !ok } as IteratorResult<T, undefined>;
}

/** Senders that wait, whom their channel counts. */
class SenderList extends WaitList {
  constructor(private readonly chan: { ready: number }) {
    super(chan, 'send');
  }

  override push(waiter: Waiter): void {
    super.push(waiter);
    this.chan.ready++;
  }

  override remove(waiter: Waiter): void {
    super.remove(waiter);
    this.chan.ready--;
  }
}

/** A limit of the buffer, so that a mistaken one shows at once. */
const MOST = 2 ** 31;

function readCapacity(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < MOST && value % 1 === 0) return value;
  return refuseArgument('capacity', 'an integer from 0 to 2^31 - 1', value);
}

/** What sending on a closed channel, or closing it again, fails with. */
export function closedError(what: string): LanesError {
  return new LanesError(
    'ERR_CHAN_CLOSED',
    `${what} a closed Chan: whoever sends should be the one who closes, once`,
  );
}

/**
 * A typed conduit between routines, as in Go: unbuffered, so that sender and receiver meet, or with room for `capacity`
 * values. Who waits is served in the order of coming. Within one thread; `MessageChannel` is what crosses threads.
 * @example
 * const jobs = new Chan<number>();
 * go(function* () {
 *   for (let n = 0; n < 3; n++) yield jobs.send(n);
 *   jobs.close();
 * });
 * for await (const n of jobs) console.log(n); // 0, 1, 2
 * @see https://go.dev/ref/spec#Channel_types
 */
export class Chan<T> implements Receivable<T> {
  /** @internal See `core/task.ts`. */
  static readonly kept: unknown = new Chan<unknown>();

  /** Values that are buffered. */
  private readonly buffer: ValueBuffer<T>;
  // These four are known to `cases.ts` as well, by its `Source` and `Sink`.
  private readonly receivers = new WaitList(this, 'receive');
  private readonly senders: WaitList = new SenderList(this as unknown as { ready: number });
  /**
   * What a receive would find: values in the buffer, senders, and word that it is closed. A select looks at this number of
   * each of its channels, and at nothing else of those where it is 0.
   */
  private ready = 0;
  private isClosed = false;

  /**
   * @param capacity - how many values it holds for nobody yet: an integer from 0. @defaultValue 0: unbuffered
   * @throws LanesError `ERR_INVALID_ARGUMENT` for anything else
   */
  constructor(capacity: number = 0) {
    this.buffer = new ValueBuffer(readCapacity(capacity));
  }

  /** How many values are buffered now. */
  get len(): number {
    return this.buffer.length;
  }

  /** How many values it can hold for nobody yet. */
  get cap(): number {
    return this.buffer.capacity;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Whether a send would not wait; on a closed channel it fails instead. */
  private get canSend(): boolean {
    return this.receivers.length > 0 || this.buffer.length < this.buffer.capacity || this.isClosed;
  }

  /**
   * Sends `value`; over as soon as it is received or buffered.
   *
   * Cancel safety: when the signal aborts, or the routine is cancelled, while it waits, the value was not sent and never
   * will be. Once it was handed over the operation succeeds, whatever aborts later.
   * @throws (rejects) LanesError `ERR_CHAN_CLOSED` when the channel is closed, or is closed while it waits; the signal's
   * reason.
   * @example
   * await results.send(row, { signal: ctx });
   * @see https://go.dev/ref/spec#Send_statements
   */
  send(value: T, options?: WaitOptions): Operation<void> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    if (this.isClosed) return failed(closedError('send on'));
    if (!this.canSend) return waitIn(this.senders, value, options);
    this.hand(value);
    return done(undefined);
  }

  /**
   * Receives a value: `{ value, ok: true }`; from a channel that is closed and empty `{ value: undefined, ok: false }`.
   *
   * Cancel safety: when the signal aborts, or the routine is cancelled, while it waits, nothing was taken. A value that was
   * handed over is given, whatever aborts later: none is lost.
   * @throws (rejects) the signal's reason
   * @example
   * const { value, ok } = await jobs.recv();
   * @see https://go.dev/ref/spec#Receive_operator
   */
  recv(options?: WaitOptions): Operation<Received<T>> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    return this.ready > 0 ? done(this.take()) : waitIn(this.receivers, undefined, options);
  }

  /**
   * Sends `value` if that needs no waiting; whether it did.
   * @throws LanesError `ERR_CHAN_CLOSED`
   */
  trySend(value: T): boolean {
    if (this.isClosed) throw closedError('send on');
    const { canSend } = this;
    if (canSend) this.hand(value);
    return canSend;
  }

  /** Receives if that needs no waiting; `undefined` otherwise. */
  tryRecv(): Received<T> | undefined {
    return this.ready > 0 ? this.take() : undefined;
  }

  /**
   * No more values will come: receivers get what is buffered, and then `ok: false`. Those who still wait to send fail.
   * @throws LanesError `ERR_CHAN_CLOSED` when it is closed already
   * @see https://go.dev/ref/spec#Close
   */
  close(): void {
    if (this.isClosed) throw closedError('close of');
    this.isClosed = true;
    this.ready++;
    this.receivers.drain((waiter) => waiter.grant(noMore));
    this.senders.drain((waiter) => waiter.refuse(closedError('send on')));
  }

  /**
   * The values until the channel is closed. Leaving the loop closes nothing.
   * @example
   * for await (const row of rows) draw(row);
   */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new Values(this);
  }

  /** Hands `value` to a receiver or to the buffer, one of which can take it. */
  private hand(value: T): void {
    const receiver = this.receivers.shift();
    if (receiver === null) this.keep(value);
    else receiver.grant({ value, ok: true });
  }

  /** Takes a value from the buffer or a sender, or word that no more come; one of which there is. */
  private take(): Received<T> {
    const { buffer, senders } = this;
    if (buffer.length > 0) {
      const value = buffer.shift();
      this.ready--;
      if (senders.length > 0) this.refill();
      return { value, ok: true };
    }
    const sender = senders.shift();
    if (sender === null) return noMore;
    const value = sender.item as T;
    sender.grant(undefined);
    return { value, ok: true };
  }

  private keep(value: T): void {
    this.buffer.push(value);
    this.ready++;
  }

  /** There is room again for the value of the sender who has waited for longest. */
  private refill(): void {
    const sender = this.senders.shift();
    if (sender === null) return;
    this.keep(sender.item as T);
    sender.grant(undefined);
  }
}

defineInterface(Chan, 'Chan');
