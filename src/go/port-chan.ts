/**
 * `PortChan`: a `Chan` whose other end is elsewhere, over a `MessagePort`.
 *
 *   send ─► senders ─► port ═══ another thread ═══ port, unread ─► receivers ─► recv
 *           wait while credit is used up           wait while no message does
 *
 * What must always hold
 * - Senders wait only while something that was posted before waits for credit; then they go in the order of coming. So at most
 *   the port's high-water mark and one message are under way, and one more waits in the port.
 * - A value is posted, and what it transfers moved, in the one step in which its sender is told.
 */
import { LanesError } from '../core/errors.js';
import { defineInterface } from '../core/webidl.js';
import { Values, closedError } from './chan.js';
import type { Receivable, Received } from './chan.js';
import type { Operation } from './operation.js';
import { PortList, isPort, sourceOf } from './port-source.js';
import type { PortLike, PortSender, PortSource } from './port-source.js';
import type { WaitList } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** How a value is sent through a port. */
export interface PortSendOptions extends WaitOptions {
  /** `ArrayBuffer`s and ports to move instead of copying, as of `postMessage`. @defaultValue none */
  readonly transfer?: readonly object[] | undefined;
}

/** What a sender waits with. */
class Letter {
  constructor(
    readonly value: unknown,
    readonly transfer: readonly object[] | undefined,
  ) {}
}

/**
 * A typed conduit to another thread: `send` and `recv` as of a `Chan`, over one end of a `MessageChannel` whose other end,
 * in a `PortChan` as well or not, may be anywhere. Values are copied. Within one thread take a `Chan`: there a port holds
 * whatever is sent.
 *
 * Sending waits while the other thread has not received what is under way: 4 MiB, see `MessagePort.bufferedAmount`.
 * A port runs both ways, and so does this; closing either end closes both.
 *
 * It takes the port over: set no `onmessage`, and do not transfer it. A `Worker`, `self` or a port of the platform's will do,
 * but holds no sender back.
 * @example
 * // here
 * const { port1, port2 } = new MessageChannel();
 * worker.postMessage({ rows: port2 }, [port2]);
 * const rows = new PortChan<Row>(port1);
 * for await (const row of rows) draw(row);
 * // in the worker
 * self.onmessage = ({ data }) => go(function* () {
 *   const rows = new PortChan<Row>(data.rows);
 *   for (const row of parse(text)) yield rows.send(row); // at most 4 MiB ahead of who draws
 *   rows.close();
 * });
 * @see https://go.dev/ref/spec#Channel_types
 */
export class PortChan<T> implements Receivable<T> {
  private readonly source: PortSource<T>;
  // These and `trySend` and `tryRecv` are known to `cases.ts` as well, by its `Source` and `Sink`.
  private readonly receivers: WaitList;
  private readonly senders: WaitList = new PortList(this, 'send');
  private wasClosedHere = false;

  /**
   * @param port - a `MessagePort`, or what behaves like one
   * @throws LanesError `ERR_INVALID_ARGUMENT` for what is no port, for one that has a `message` listener, and for one that
   * a `PortChan` has taken over already
   */
  constructor(private readonly port: PortLike) {
    if (!isPort(Object(port) as object)) throw invalid('PortChan takes a MessagePort', port);
    const source = sourceOf<T>(port);
    if (source.sender !== null) throw invalid('this port has a PortChan already: pass that on', port);
    source.sender = this.createSender();
    this.source = source;
    this.receivers = source.receivers;
  }

  /** Whether either end was closed, as far as is known here. What arrived before can still be received. */
  get closed(): boolean {
    return this.source.isClosed;
  }

  private get ready(): number {
    return this.source.ready;
  }

  /** Whether a send would not wait; on a closed channel it fails instead. */
  private get canSend(): boolean {
    return this.closed || (this.senders.length === 0 && !((this.port.bufferedAmount as number) > 0));
  }

  /**
   * Sends a copy of `value`; over when the copy is made, which waits for those that were sent before to leave. Do not change
   * `value` meanwhile. Whether it arrives is not known: what was sent to a thread that dies is lost with it.
   *
   * Cancel safety: when the signal aborts, or the routine is cancelled, while it waits, the value was not sent and never
   * will be, and nothing was transferred.
   * @throws (rejects) LanesError `ERR_CHAN_CLOSED` when either end is closed; the signal's reason; DOMException
   * `DataCloneError` for what cannot be cloned or transferred
   * @example
   * yield pixels.send({ at, bytes }, { transfer: [bytes], signal: ctx });
   */
  send(value: T, options?: PortSendOptions): Operation<void> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const transfer = options === undefined ? undefined : options.transfer;
    if (!this.canSend) return waitIn(this.senders, new Letter(value, transfer), options);
    try {
      this.post(value, transfer);
    } catch (error) {
      return failed(error);
    }
    return done(undefined);
  }

  /**
   * Receives a value: `{ value, ok: true }`; when either end is closed, and all that came before was received,
   * `{ value: undefined, ok: false }`. Ports that `value` brings are in it, wherever its sender put them.
   *
   * Cancel safety: as `recv` of a `Chan`. Nothing was taken from the port, and its sender got no credit.
   * @throws (rejects) the signal's reason; why a message cannot be read, which is over with that: the next may be fine
   * @example
   * const { value, ok } = await rows.recv();
   */
  recv(options?: WaitOptions): Operation<Received<T>> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    let received: Received<T> | undefined;
    try {
      received = this.tryRecv();
    } catch (error) {
      return failed(error);
    }
    return received === undefined ? waitIn(this.receivers, undefined, options) : done(received);
  }

  /**
   * Sends `value` if that needs no waiting; whether it did.
   * @throws LanesError `ERR_CHAN_CLOSED`; DOMException `DataCloneError`
   */
  trySend(value: T, options?: Pick<PortSendOptions, 'transfer'>): boolean {
    const { canSend } = this;
    if (canSend) this.post(value, options === undefined ? undefined : options.transfer);
    return canSend;
  }

  /** Receives if that needs no waiting; `undefined` otherwise. @throws why a message cannot be read */
  tryRecv(): Received<T> | undefined {
    return this.source.tryRecv();
  }

  /**
   * Closes both ends: no more values will come. The other end gets what was sent before, and then `ok: false`; what arrived
   * here and was not received is dropped. Those who still wait to send fail. Over `self` it ends the worker, as `self.close()`
   * does, and over a `Worker` this end alone.
   * @throws LanesError `ERR_CHAN_CLOSED` when it was called already; not when the other end was closed first
   */
  close(): void {
    if (this.wasClosedHere) throw closedError('close of');
    this.wasClosedHere = true;
    this.port.close?.();
    // The platform's ports do not tell the end at which `close` was called.
    if (!this.closed) this.source.closed();
  }

  /**
   * The values until the channel is closed. Leaving the loop closes nothing.
   * @example
   * for await (const row of rows) draw(row);
   */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new Values(this);
  }

  private post(value: unknown, transfer: readonly object[] | undefined): void {
    if (this.closed) throw closedError('send on');
    if (transfer === undefined) this.port.postMessage(value);
    else this.port.postMessage(value, transfer as object[]);
  }

  private createSender(): PortSender {
    const { senders } = this;
    const sendNext = (): void => {
      const sender = senders.shift();
      if (sender === null) return;
      const { item } = sender;
      try {
        if (item instanceof Letter) this.post(item.value, item.transfer);
        else this.post(item, undefined);
      } catch (error) {
        return sender.refuse(error);
      }
      sender.grant(undefined);
    };
    return {
      drained: () => {
        while (senders.length > 0 && this.port.bufferedAmount === 0) sendNext();
      },
      closed: () => {
        for (let left = senders.length; left > 0; left--) sendNext();
      },
    };
  }
}

function invalid(message: string, value: unknown): LanesError {
  return new LanesError('ERR_INVALID_ARGUMENT', message, { value });
}

defineInterface(PortChan, 'PortChan');
