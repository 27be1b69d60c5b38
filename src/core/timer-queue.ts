/**
 * The timer queue: every sleep, delay, deadline and heartbeat, on one host timer.
 *
 * Invariants: at most one host timer is armed; it is armed if and only if the queue is not empty, and for no later than
 * the earliest entry; `dueMs` is a whole number of milliseconds rounded up, so nothing fires early; entries of equal
 * `dueMs` fire in the order of `after`. Callbacks run inside the pump's slice, under its budget, never inside `after`.
 * While nothing but background entries wait, the host timer is one that keeps nothing alive.
 */
import { Heap } from './heap.js';
import type { HeapItem } from './heap.js';
import type { DueSource, Pump } from './pump.js';

/** The longest delay a host timer takes; a longer one fires at once (HTML: a `long`), so it is armed in stages. */
export const MAX_HOST_DELAY_MS = 2 ** 31 - 1;

/** What the timer queue needs of its host. */
export interface TimerHost {
  /** Milliseconds; never goes back. */
  now(): number;
  /** By how much `now` may be rounded down. */
  readonly roundedMs: number;
  setTimer(callback: () => void, delayMs: number, background: boolean): unknown;
  clearTimer(handle: unknown): void;
  /** It is at least `ms` now, whatever the clock says. */
  atLeast(ms: number): void;
}

/**
 * A host timer fires up to 2 ms early by a fine clock (Node rounds); whoever is earlier than that by the clock shows
 * that the clock stepped back while nobody looked at it.
 */
const CLOCK_STEP_MS = 50;

/** What waits in the queue. Many of one kind are objects of a class of their own, and need no entry and no function. */
export interface TimerItem extends HeapItem {
  /** When it is due, in whole milliseconds of the host's clock. Written by the queue only. */
  dueMs: number;
  /** Keeps items of one `dueMs` in order. Written by the queue only. */
  key: number;
  /** Whether nobody waits for it, as for a heartbeat: it must not keep a process or a test busy. */
  readonly background: boolean;
  /** It is due, and no longer in the queue. */
  fire(): void;
  /** It was taken out by `cancel`. */
  discard(): void;
}

/** One waiting callback, as `after` gives it; hand it to `cancel`. */
export class TimerEntry implements TimerItem {
  heapIndex = -1;
  dueMs = 0;
  key = 0;

  constructor(
    /** `null` once it ran or was cancelled. */
    public callback: (() => void) | null,
    readonly background: boolean,
  ) {}

  fire(): void {
    const { callback } = this;
    this.callback = null;
    if (callback !== null) callback();
  }

  discard(): void {
    this.callback = null;
  }
}

function isBefore(a: TimerItem, b: TimerItem): boolean {
  return a.dueMs !== b.dueMs ? a.dueMs < b.dueMs : a.key < b.key;
}

/** Delays on one host timer. */
export class TimerQueue implements DueSource {
  private readonly heap = new Heap<TimerItem>(isBefore);
  private nextKey = 0;
  private handle: unknown;
  /** For when the host timer is armed; infinite when it is not. */
  private armedMs = Infinity;
  private firesMs = 0;
  private armedInBackground = false;
  /** How many entries somebody waits for. */
  private awaited = 0;
  private readonly onHostTimer = (): void => {
    this.armedMs = Infinity;
    if (this.firesMs - this.host.now() > CLOCK_STEP_MS) this.host.atLeast(this.firesMs);
    // The slice runs what is due and calls `runDue`, which arms again for the rest.
    this.pump.runSlice();
    this.arm();
  };

  constructor(
    private readonly host: TimerHost,
    private readonly pump: Pump,
  ) {
    pump.addDueSource(this);
  }

  /** How many entries wait. */
  get length(): number {
    return this.heap.length;
  }

  /** When the earliest entry is due; `Infinity` without one. */
  get nextDueMs(): number {
    const next = this.heap.peek();
    return next === undefined ? Infinity : next.dueMs;
  }

  /**
   * Runs `callback` in a slice of its own turn, at the earliest when `delayMs` have passed. Less than zero and NaN mean
   * zero; `Infinity` waits until it is cancelled. With `background` nothing is kept alive for it.
   */
  after(delayMs: number, callback: () => void, background = false): TimerEntry {
    const entry = new TimerEntry(callback, background);
    this.add(entry, this.dueAfter(delayMs));
    return entry;
  }

  /** When something with such a delay is due. */
  dueAfter(delayMs: number): number {
    // It may be later by `roundedMs` than the clock says.
    return Math.ceil(this.host.now() + (delayMs > 0 ? delayMs + this.host.roundedMs : 0));
  }

  /** Puts `item`, which is in no queue, behind all that are due by `dueMs`. */
  add(item: TimerItem, dueMs: number): void {
    item.dueMs = dueMs;
    item.key = this.nextKey++;
    this.heap.push(item);
    if (!item.background) this.awaited++;
    if (dueMs < this.armedMs || (this.armedInBackground && !item.background)) this.arm();
  }

  /** Whether `item` waits and was the last to be added. */
  isLast(item: TimerItem): boolean {
    return item.heapIndex >= 0 && item.key === this.nextKey - 1;
  }

  /** Takes `item` out; false when it fired or was cancelled before. What it holds is let go of at once. */
  cancel(item: TimerItem): boolean {
    if (!this.heap.remove(item)) return false;
    item.discard();
    this.left(item);
    return true;
  }

  /** Whether an entry is due at `nowMs`. */
  isDue(nowMs: number): boolean {
    return this.nextDueMs <= nowMs;
  }

  /** Runs the earliest entry, which is due. */
  runDue(): void {
    const item = this.heap.pop();
    if (item === undefined) return;
    this.left(item);
    item.fire();
  }

  /** An item is out: the host timer is not needed any more, or nobody waits for it any more. */
  private left({ background }: TimerItem): void {
    if (!background) this.awaited--;
    if (this.heap.length === 0) this.disarm();
    else if (this.awaited === 0 && this.armedMs !== Infinity) this.arm();
  }

  private arm(): void {
    const { nextDueMs } = this;
    const background = this.awaited === 0;
    if (nextDueMs === Infinity || (nextDueMs >= this.armedMs && background === this.armedInBackground))
      return;
    this.disarm();
    this.armedMs = nextDueMs;
    this.armedInBackground = background;
    const nowMs = this.host.now();
    const delayMs = Math.min(Math.max(Math.ceil(nextDueMs - nowMs), 0), MAX_HOST_DELAY_MS);
    this.firesMs = nowMs + delayMs;
    this.handle = this.host.setTimer(this.onHostTimer, delayMs, background);
  }

  private disarm(): void {
    if (this.armedMs !== Infinity) this.host.clearTimer(this.handle);
    this.armedMs = Infinity;
    this.handle = undefined;
  }
}
