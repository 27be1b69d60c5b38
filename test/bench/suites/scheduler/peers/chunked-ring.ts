/** The bare ring: a first-in-first-out queue in chunks, the fastest that is known for any number of items. */

const CHUNK = 2048;

interface Chunk<T> {
  readonly items: (T | undefined)[];
  next: Chunk<T> | null;
}

function createChunk<T>(): Chunk<T> {
  return { items: new Array<T | undefined>(CHUNK).fill(undefined), next: null };
}

export class ChunkedRing<T> {
  private head: Chunk<T> = createChunk();
  private tail = this.head;
  private headIndex = 0;
  private tailIndex = 0;
  /** A chunk that was emptied, for the next that is needed. */
  private spare: Chunk<T> | null = null;

  push(item: T): void {
    if (this.tailIndex === CHUNK) {
      const next = this.spare ?? createChunk();
      this.spare = null;
      this.tail.next = next;
      this.tail = next;
      this.tailIndex = 0;
    }
    this.tail.items[this.tailIndex++] = item;
  }

  shift(): T | undefined {
    if (this.headIndex === CHUNK) {
      const { next } = this.head;
      if (next === null) return undefined;
      this.spare = this.head;
      this.spare.next = null;
      this.head = next;
      this.headIndex = 0;
    }
    const { items } = this.head;
    const item = items[this.headIndex];
    if (item === undefined) return undefined;
    items[this.headIndex++] = undefined;
    return item;
  }
}
