/**
 * The receiving half of a pipe beside which lies a ring: two sources, one order.
 *
 * What the other end sends goes into the ring or, if it does not fit or carries buffers, through the plain pipe. The
 * plain messages are counted, and before the first record behind some of them the other end writes a mark: "so many
 * plain messages come before what follows".
 *
 *   sent       a    b    (c)  (d)  e    (f)      in brackets: by the plain pipe
 *   ring       a    b    mark 2    e
 *   plain                c    d         f
 *
 * What must always hold:
 * - Behind a mark nothing is read until so many plain messages were handed on.
 * - A plain message is handed on once the ring is empty or at such a mark. That is in order, because the records ahead
 *   of it were visible when it arrived: a message orders the memory of its two threads, and its mark did not stand yet.
 * - While nothing is under way we sleep: either word of it stands in the ring, or a mark says that a plain message comes.
 * - A turn of the host hands on for a limited time; the rest follows in the next, so that timers and taps come between.
 */
import { Ring } from '../core/ring.js';
import { currentRuntime } from '../host/runtime.js';
import { BY_MESSAGE, BY_NOTIFY, bareText, damaged, sleepWord } from './shared-ring.js';
import type { RingReader } from './shared-ring.js';

/** As `Atomics.waitAsync`. */
export type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
) => { readonly async: boolean; readonly value: unknown };

/** What an intake tells. */
export interface IntakeEvents {
  message(message: unknown): void;
  /** Nothing more comes: after `end`, or because the ring is damaged. Told once. */
  end(error?: unknown): void;
}

interface Arrived {
  readonly message: unknown;
}

/** Milliseconds that one turn of the host hands on messages for: about a slice. */
const turnMs = 4;

/** Hands on what comes, in the order of sending. */
export class RingIntake {
  private readonly plain = new Ring<Arrived>();
  /** How many plain messages were handed on, modulo 2^32, and how many still must be before the next record. */
  private handedOn = 0;
  private owed = 0;
  private lastMark = 0;
  /** Whether a turn of ours runs or is asked for. */
  private busy = false;
  /** Whether a waiter of ours hangs on the ring. */
  private waits = false;
  private state: 'open' | 'ending' | 'stopped' = 'open';
  private endError: unknown;

  constructor(
    private readonly ring: RingReader,
    private readonly events: IntakeEvents,
    /** `null`: a message of the plain pipe wakes us, and `wake` is called for it. */
    private readonly waitAsync: WaitAsync | null,
  ) {}

  /** Looks for what has come. */
  wake(): void {
    if (!this.busy && this.state !== 'stopped') this.runTurn();
  }

  /** A plain message arrived. */
  receive(message: unknown): void {
    this.plain.push({ message });
    this.wake();
  }

  /** No plain message will arrive any more; what did, and what lies in the ring, is handed on first. */
  end(error: unknown): void {
    if (this.state !== 'open') return;
    this.state = 'ending';
    this.endError = error;
    this.wake();
  }

  /** Nothing is handed on from now on. Idempotent. */
  stop(): void {
    this.state = 'stopped';
    // Our own waiter, which would live as long as the memory.
    if (this.waits) Atomics.notify(this.ring.words, sleepWord);
  }

  private readonly runTurn = (): void => {
    this.busy = true;
    // True also when a listener throws: what follows is not lost by it.
    let more = true;
    try {
      more = this.handOn();
    } finally {
      this.busy = more;
      if (more) currentRuntime().host.turns.macrotask(this.runTurn);
    }
  };

  /** Whether there is more. */
  private handOn(): boolean {
    const { now } = currentRuntime();
    let untilMs = -1;
    while (this.state !== 'stopped') {
      const next = this.next();
      if (next === null) return false;
      this.events.message(next.message);
      const nowMs = now();
      if (untilMs < 0) untilMs = nowMs + turnMs;
      else if (nowMs >= untilMs) return true;
    }
    return false;
  }

  /** The next message; `null` when there is none, and then we sleep or it is over. */
  private next(): Arrived | null {
    try {
      do {
        const next = this.take();
        if (next !== null) return next;
      } while (this.state === 'open' && !this.sleep());
    } catch (error) {
      this.finish(error);
      return null;
    }
    if (this.state === 'ending') this.finish(this.endError);
    return null;
  }

  private take(): Arrived | null {
    while (this.owed === 0) {
      const record = this.ring.read();
      if (record === null) break;
      const { text, value } = record;
      if (text !== null)
        return { message: value === bareText ? text : { mpLanes: value, text, buffers: [] } };
      this.meetMark(value);
    }
    return this.takePlain();
  }

  /** A mark names more plain messages than the one before; of those, what was handed on is not owed any more. */
  private meetMark(count: number): void {
    const owed = (count - this.handedOn) | 0;
    if (owed < 0 || count === this.lastMark) {
      throw damaged('a mark that cannot be', count);
    }
    this.owed = owed;
    this.lastMark = count;
  }

  private takePlain(): Arrived | null {
    const arrived = this.plain.shift();
    if (arrived === undefined) return null;
    this.handedOn = (this.handedOn + 1) >>> 0;
    if (this.owed > 0) this.owed--;
    return arrived;
  }

  /** False when something has come in the meantime. */
  private sleep(): boolean {
    // Behind a mark a plain message will wake us; a waiter that hangs on the ring still does, or is on its way.
    if (this.owed > 0 || this.waits) return true;
    const { ring, waitAsync } = this;
    if (waitAsync === null) return ring.sleep(BY_MESSAGE);
    if (!ring.sleep(BY_NOTIFY)) return false;
    const wait = waitAsync(ring.words, sleepWord, BY_NOTIFY);
    if (!wait.async) return false;
    this.waits = true;
    void (wait.value as Promise<unknown>).then(() => {
      this.waits = false;
      this.wake();
    });
    return true;
  }

  private finish(error: unknown): void {
    this.stop();
    this.events.end(error);
  }
}
