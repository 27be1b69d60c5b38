/**
 * Items in a row, linked through themselves, so that one in the middle is taken out in constant time.
 *
 * What must always hold: an item is in at most one list, the one that its `list` names; `length` items are reached from
 * `head` by `after`, and from the last by `before`.
 */

/** What an item must have. */
export interface Linked<T extends Linked<T>> {
  list: LinkedList<T> | null;
  before: T | null;
  after: T | null;
}

/** First in, first out, or out from anywhere. */
export class LinkedList<T extends Linked<T>> {
  length = 0;
  head: T | null = null;
  private tail: T | null = null;

  push(item: T): void {
    const { tail } = this;
    item.list = this;
    item.before = tail;
    if (tail === null) this.head = item;
    else tail.after = item;
    this.tail = item;
    this.length++;
  }

  /** Takes out `item`, which is here. */
  remove(item: T): void {
    const { before, after } = item;
    if (before === null) this.head = after;
    else before.after = after;
    if (after === null) this.tail = before;
    else after.before = before;
    item.list = item.before = item.after = null;
    this.length--;
  }

  /** Takes the oldest out. */
  shift(): T | null {
    const item = this.head;
    if (item !== null) this.remove(item);
    return item;
  }

  /** Takes all out, the oldest first; also what is pushed meanwhile. */
  drain(take: (item: T) => void): void {
    for (let item = this.shift(); item !== null; item = this.shift()) take(item);
  }
}
