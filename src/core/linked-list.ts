/**
 * Items in a row, linked through themselves, so that one in the middle is taken out in constant time.
 *
 * What must always hold: an item is in at most one list, the one that its `list` names; `length` items are reached from
 * `head` by `next`, and from the last by `previous`.
 */

/** What an item must have. */
export interface Linked<T extends Linked<T>> {
  list: LinkedList<T> | null;
  previous: T | null;
  next: T | null;
}

/** First in, first out, or out from anywhere. */
export class LinkedList<T extends Linked<T>> {
  length = 0;
  head: T | null = null;
  private tail: T | null = null;

  push(item: T): void {
    const { tail } = this;
    item.list = this;
    item.previous = tail;
    if (tail === null) this.head = item;
    else tail.next = item;
    this.tail = item;
    this.length++;
  }

  /** Takes out `item`, which is here. */
  remove(item: T): void {
    const { previous, next } = item;
    if (previous === null) this.head = next;
    else previous.next = next;
    if (next === null) this.tail = previous;
    else next.previous = previous;
    item.list = item.previous = item.next = null;
    this.length--;
  }

  /** Takes all out, the oldest first; also what is pushed meanwhile. */
  drain(take: (item: T) => void): void {
    for (let item = this.head; item !== null; item = this.head) {
      this.remove(item);
      take(item);
    }
  }
}
