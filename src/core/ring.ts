/**
 * A first-in first-out queue in chunks, for the hot paths: tasks, messages, waiters.
 *
 * Invariants: `length` items lie from `head.items[first]` to `tail.items[end - 1]`; a slot that holds no item holds
 * `undefined`, so the queue keeps nothing alive; at most one emptied chunk is kept for the next growth.
 *
 *      head                                tail
 *    [ . . . A B C D ] -> [ E F G H I J K ] -> [ L M . . . . . ]
 *            ^first                                  ^end
 *
 * Chunks instead of one doubling array: no copying as it grows, no more than two chunks of slack, and no array of
 * 100,000 slots left behind by a burst.
 */
interface Chunk<T> {
  readonly items: (T | undefined)[];
  next: Chunk<T> | null;
}

/** Slots a chunk: an array of 128 pointers is one allocation of 1 kB; larger ones gained nothing measurable. */
const CHUNK_SLOTS = 128;

function createChunk<T>(): Chunk<T> {
  return { items: new Array<T | undefined>(CHUNK_SLOTS).fill(undefined), next: null };
}

/** First in, first out; `push`, `shift` and `peek` in constant time. */
export class Ring<T extends object> {
  length = 0;
  private head: Chunk<T> | null = null;
  private tail: Chunk<T> | null = null;
  private spare: Chunk<T> | null = null;
  private first = 0;
  private end = 0;

  push(item: T): void {
    let tail = this.tail;
    if (tail === null || this.end === CHUNK_SLOTS) tail = this.grow(tail);
    tail.items[this.end++] = item;
    this.length++;
  }

  /** The oldest item, left in place. */
  peek(): T | undefined {
    return this.head === null ? undefined : this.head.items[this.first];
  }

  /** Takes the oldest item out. */
  shift(): T | undefined {
    const head = this.head;
    if (head === null || this.length === 0) return undefined;
    const item = head.items[this.first];
    head.items[this.first] = undefined;
    this.length--;
    if (this.length === 0) this.first = this.end = 0;
    else if (++this.first === CHUNK_SLOTS) this.dropHead(head);
    return item;
  }

  /** Takes all items out, the oldest first; what is pushed meanwhile, too. */
  drain(take: (item: T) => void): void {
    for (let item = this.shift(); item !== undefined; item = this.shift()) take(item);
  }

  /** Keeps, in order, the items of which `keep` says so; linear in the length. */
  retain(keep: (item: T) => boolean): void {
    for (let left = this.length; left > 0; left--) {
      const item = this.shift() as T; // Invariant: `left` items are still to be looked at.
      if (keep(item)) this.push(item);
    }
  }

  private grow(tail: Chunk<T> | null): Chunk<T> {
    const chunk = this.spare ?? createChunk<T>();
    this.spare = null;
    if (tail === null) this.head = chunk;
    else tail.next = chunk;
    this.tail = chunk;
    this.end = 0;
    return chunk;
  }

  private dropHead(head: Chunk<T>): void {
    this.head = head.next;
    head.next = null;
    this.spare = head;
    this.first = 0;
  }
}
