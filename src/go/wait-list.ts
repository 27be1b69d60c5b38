/**
 * Who waits for the same thing, the first to come first.
 *
 * What must always hold: a waiter lies in at most one list, `waiter.list`, and `null` says that it waits no longer; who
 * grants or refuses has taken it out before. A waiter takes itself out in constant time, wherever it stands:
 *
 *     list.first ─► A ◄─► B ◄─► C ◄─ list.last        B leaves:  A ◄─► C
 */

/** What waits: an operation of a routine, a promise, or one case of a select. */
export abstract class Waiter {
  list: WaitList | null = null;
  before: Waiter | null = null;
  after: Waiter | null = null;
  /** What it brings: the value that it sends, the number of units that it wants. */
  item: unknown = undefined;

  /** Whether only what this thread's routines and other code do can end it: no timer, signal or message. */
  get isInner(): boolean {
    return this.list !== null && this.list.isInner;
  }

  /** It has what it waited for. It was taken out of its list before. */
  abstract grant(result: unknown): void;

  /** It will not get it. It was taken out of its list before. */
  abstract refuse(error: unknown): void;

  /** Waits no longer, if it did. */
  leave(): void {
    if (this.list !== null) this.list.remove(this);
  }
}

/** Waiters in the order in which they came. */
export class WaitList {
  length = 0;
  private head: Waiter | null = null;
  private tail: Waiter | null = null;

  constructor(
    /** What they wait for, and how, for whoever shows it. */
    private readonly owner: object,
    private readonly verb: string,
  ) {}

  /** What they wait for, in words. */
  get text(): string {
    return `${this.verb} ${this.owner.constructor.name}`;
  }

  /** See `Waiter.isInner`. */
  get isInner(): boolean {
    return true;
  }

  /** The one that has waited for longest, left in place. */
  get first(): Waiter | null {
    return this.head;
  }

  push(waiter: Waiter): void {
    const { tail } = this;
    waiter.list = this;
    waiter.before = tail;
    if (tail === null) this.head = waiter;
    else tail.after = waiter;
    this.tail = waiter;
    this.length++;
  }

  /** Takes out the one that has waited for longest. */
  shift(): Waiter | null {
    const waiter = this.head;
    if (waiter !== null) this.remove(waiter);
    return waiter;
  }

  /** Takes out `waiter`, which lies in this list. */
  remove(waiter: Waiter): void {
    const { before, after } = waiter;
    if (before === null) this.head = after;
    else before.after = after;
    if (after === null) this.tail = before;
    else after.before = before;
    waiter.list = waiter.before = waiter.after = null;
    this.length--;
  }
}
