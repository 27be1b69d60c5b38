/**
 * Who waits for the same thing, the first to come first.
 *
 * What must always hold: a waiter lies in at most one list, `waiter.list`, and `null` says that it waits no longer; who
 * grants or refuses has taken it out before. A waiter takes itself out in constant time, wherever it stands:
 *
 *     list.head ─► A ◄─► B ◄─► C        B leaves:  A ◄─► C
 */
import { LinkedList } from '../core/linked-list.js';
import type { Linked } from '../core/linked-list.js';
import { addAbortAlgorithm } from '../core/signal-state.js';
import type { AbortSignalLike } from '../core/signal-state.js';

/** What waits: an operation of a routine, a promise, or one case of a select. */
export abstract class Waiter implements Linked<Waiter> {
  list: LinkedList<Waiter> | null = null;
  before: Waiter | null = null;
  after: Waiter | null = null;
  /** What it brings: the value that it sends, the number of units that it wants. */
  item: unknown = undefined;

  /** Where it waits. Waiters lie in no other kind of list. */
  get waitList(): WaitList | null {
    return this.list as WaitList | null;
  }

  /** Whether only what this thread's routines and other code do can end it: no timer, signal or message. */
  get isInner(): boolean {
    const { waitList } = this;
    return waitList !== null && waitList.isInner;
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

/** A waiter that a signal may end. */
export abstract class SignalledWaiter extends Waiter {
  private stop: (() => void) | null = null;

  override get isInner(): boolean {
    return this.stop === null && super.isInner;
  }

  /** Ends with `signal`. */
  follow(signal: AbortSignalLike): void {
    this.stop = addAbortAlgorithm(signal, () => {
      this.leave();
      this.refuse(signal.reason);
    });
  }

  /** It is over, or nobody waits for it any more: no signal ends it, and it brings nothing. */
  protected unfollow(): void {
    const { stop } = this;
    this.item = undefined;
    if (stop === null) return;
    this.stop = null;
    stop();
  }
}

/** Waiters in the order in which they came. */
export class WaitList extends LinkedList<Waiter> {
  constructor(
    /** What they wait for, and how, for whoever shows it. */
    private readonly owner: object,
    private readonly verb: string,
  ) {
    super();
  }

  /** What they wait for, in words. */
  get text(): string {
    return `${this.verb} ${this.owner.constructor.name}`;
  }

  /** See `Waiter.isInner`. */
  get isInner(): boolean {
    return true;
  }
}

/** A list that tells when one has left, as one does that gives up: it may have been all that kept others waiting. */
export class TellingList extends WaitList {
  constructor(
    owner: object,
    verb: string,
    private readonly left: () => void,
  ) {
    super(owner, verb);
  }

  override remove(waiter: Waiter): void {
    super.remove(waiter);
    this.left();
  }
}
