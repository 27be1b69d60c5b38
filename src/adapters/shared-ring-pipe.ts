/**
 * A pipe with shared memory beside it: small messages go through a ring each way, all others through the plain pipe.
 * `shared-ring.ts` has the memory, `shared-ring-intake.ts` how one order is made of the two ways.
 *
 * | message  | from       | meaning                                                                                |
 * | -------- | ---------- | -------------------------------------------------------------------------------------- |
 * | `offer`  | the starter | the memory of both rings                                                              |
 * | `accept` | the worker  | it has them: what the worker sends next may be in its ring, and the starter may use its own |
 * | `bell`   | either      | there is something in the ring; only for a reader that sleeps and has no `Atomics.waitAsync` |
 *
 * What must always hold:
 * - Until the offer is accepted everything flows through the plain pipe; another build never accepts, and stays there.
 * - Messages of this table are not counted; the starter counts the plain messages behind its offer, the worker those
 *   behind its `accept`, so that both ends of each way count the same ones.
 * - A message is handed to the transport within `send`: a full ring delays nothing and keeps nothing here, the plain
 *   pipe takes the message and a mark follows when there is room. So nothing is lost when a thread ends.
 */
import type { HostWorker, Pipe, PipeEvents, PipeTraits } from '../host/pipe.js';
import {
  BY_MESSAGE,
  bareText,
  RingReader,
  RingWriter,
  canShareMemory,
  createRingMemory,
  isRingMemory,
  sleepWord,
} from './shared-ring.js';
import { RingIntake } from './shared-ring-intake.js';
import type { WaitAsync } from './shared-ring-intake.js';

/** How a ring is used; both ends may differ. */
export interface SharedRingOptions {
  /** Bytes each way, a power of two from 64 up; the offering end says. @defaultValue 1 MiB */
  readonly capacityBytes?: number;
  /** How to sleep; `null`: until a message of the plain pipe wakes us. @defaultValue the engine's `Atomics.waitAsync`, if any */
  readonly waitAsync?: WaitAsync | null;
}

/** A message as it can be a record: a text and a number, which is the envelope's version, or {@link bareText}. */
interface SmallMessage {
  readonly mpLanes: number;
  readonly text: string;
}

/** Raised when a record or a message of the table changes its meaning. */
const ringVersion = 1;
const defaultCapacityBytes = 1 << 20;

/**
 * Longest text that goes through the ring, in UTF-16 code units. Bursts of 8,000 are still faster through it (1.4 times in
 * Node, 3 in Chromium), those of 16,000 no more in Node; and a few large ones would fill it.
 */
const maxTextLength = 1 << 13;

const bell = { mpLanesRing: 'bell' };

function engineWaitAsync(): WaitAsync | null {
  const { waitAsync } = Atomics as { readonly waitAsync?: WaitAsync };
  return typeof waitAsync === 'function' ? waitAsync : null;
}

/** The word of the table that `message` is, or `undefined`. */
function controlOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null
    ? (message as { readonly mpLanesRing?: unknown }).mpLanesRing
    : undefined;
}

/** `message` as a record; `null` where it goes by the plain pipe. */
function smallOf(message: unknown): SmallMessage | null {
  if (typeof message === 'string')
    return message.length <= maxTextLength ? { mpLanes: bareText, text: message } : null;
  if (typeof message !== 'object' || message === null) return null;
  const { mpLanes, text, buffers } = message as Record<string, unknown>;
  const isRecord =
    typeof mpLanes === 'number' &&
    mpLanes >>> 0 === mpLanes &&
    mpLanes !== bareText &&
    typeof text === 'string' &&
    text.length <= maxTextLength &&
    Array.isArray(buffers) &&
    buffers.length === 0;
  return isRecord ? (message as SmallMessage) : null;
}

/** One end: the plain pipe and, once agreed, a ring each way. */
class SharedRingPipe implements Pipe {
  readonly traits: PipeTraits;
  private events: PipeEvents | null = null;
  private writer: RingWriter | null = null;
  private intake: RingIntake | null = null;
  /** Plain messages sent, and as many as the last mark named; modulo 2^32. */
  private sent = 0;
  private marked = 0;
  private isOpen = true;
  private readonly waitAsync: WaitAsync | null;

  constructor(
    private readonly plain: Pipe,
    /** The rings that we offer, ours to write first; `null` at the end that accepts. */
    private readonly offered: readonly [SharedArrayBuffer, SharedArrayBuffer] | null,
    { waitAsync = engineWaitAsync() }: SharedRingOptions,
  ) {
    this.waitAsync = waitAsync;
    const hasRing = (): boolean => this.writer !== null;
    this.traits = {
      ...plain.traits,
      get sharedMemory() {
        return hasRing();
      },
    };
  }

  send(message: unknown, transfer?: readonly ArrayBuffer[]): void {
    if (!this.isOpen) return;
    try {
      const small = this.writer === null ? null : smallOf(message);
      if (small !== null && this.write(this.writer as RingWriter, small)) return;
    } catch (error) {
      this.fail(error);
      return;
    }
    this.plain.send(message, transfer);
    this.sent = (this.sent + 1) >>> 0;
  }

  listen(events: PipeEvents): void {
    this.events = events;
    if (this.offered !== null) this.offer(this.offered);
    this.plain.listen({
      message: (message) => this.receive(message),
      end: (error) => this.end(error),
    });
  }

  close(): void {
    this.isOpen = false;
    this.intake?.stop();
    this.plain.close();
  }

  private write(writer: RingWriter, { text, mpLanes }: SmallMessage): boolean {
    if (this.marked !== this.sent) {
      if (!writer.writeBare(this.sent)) return false;
      this.marked = this.sent;
    }
    if (!writer.write(text, mpLanes)) return false;
    const sleeper = writer.takeSleeper();
    if (sleeper === BY_MESSAGE) this.plain.send(bell);
    else if (sleeper !== 0) Atomics.notify(writer.words, sleepWord);
    return true;
  }

  private offer([toWorker, toStarter]: readonly [SharedArrayBuffer, SharedArrayBuffer]): void {
    try {
      this.plain.send({ mpLanesRing: 'offer', version: ringVersion, toWorker, toStarter });
    } catch {
      // Memory cannot be shared from here: everything stays with the plain pipe.
    }
    this.sent = 0;
  }

  private receive(message: unknown): void {
    const control = controlOf(message);
    if (control === undefined) this.receivePlain(message);
    else if (control === 'bell') this.intake?.wake();
    else if (this.intake !== null) return;
    else if (control === 'offer' && this.offered === null) this.accept(message as Record<string, unknown>);
    else if (control === 'accept' && this.offered !== null) this.join(...this.offered);
  }

  private receivePlain(message: unknown): void {
    if (this.intake === null) this.events?.message(message);
    else this.intake.receive(message);
  }

  private accept({ version, toWorker, toStarter }: Record<string, unknown>): void {
    if (version !== ringVersion || !isRingMemory(toWorker) || !isRingMemory(toStarter)) return;
    this.plain.send({ mpLanesRing: 'accept' });
    this.sent = 0;
    this.join(toStarter, toWorker);
  }

  private join(toWrite: SharedArrayBuffer, toRead: SharedArrayBuffer): void {
    this.writer = new RingWriter(toWrite);
    this.intake = new RingIntake(
      new RingReader(toRead),
      { message: (message) => this.events?.message(message), end: (error) => this.fail(error) },
      this.waitAsync,
    );
    this.intake.wake();
  }

  private end(error: unknown): void {
    if (this.intake === null) this.fail(error);
    else this.intake.end(error);
  }

  /** It is over: of the plain pipe's accord, or because a ring is damaged. */
  private fail(error: unknown): void {
    if (!this.isOpen) return;
    this.close();
    this.events?.end(error);
  }
}

/** `worker` with shared memory beside it, offered when it is listened to; `worker` itself where that cannot be. */
export function offerSharedRing(worker: HostWorker, options: SharedRingOptions = {}): HostWorker {
  if (!canShareMemory()) return worker;
  const { capacityBytes = defaultCapacityBytes } = options;
  const rings = [createRingMemory(capacityBytes), createRingMemory(capacityBytes)] as const;
  const pipe = new SharedRingPipe(worker, rings, options);
  return {
    traits: pipe.traits,
    send: (message, transfer) => pipe.send(message, transfer),
    listen: (events) => pipe.listen(events),
    close: () => pipe.close(),
    onError: (listener) => worker.onError(listener),
    ...(worker.keepAlive === undefined ? {} : { keepAlive: (on: boolean) => worker.keepAlive?.(on) }),
  };
}

/** The pipe to the thread above, which takes shared memory when it is offered. */
export function acceptSharedRing(pipe: Pipe, options: SharedRingOptions = {}): Pipe {
  return canShareMemory() ? new SharedRingPipe(pipe, null, options) : pipe;
}
