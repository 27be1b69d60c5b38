/**
 * The buffer of a channel: values of any kind, first in, first out, at most `capacity` of them.
 *
 * What must always hold: `length` values lie from `first` on, around the end of `slots`, whose length is a power of two and
 * grows with what it holds, so that a large capacity costs nothing until it is used. A slot without a value holds nothing.
 */

/** Slots to begin with. */
const FEWEST = 8;

/** First in, first out. */
export class ValueBuffer<T> {
  /** See `core/task.ts`. */
  static readonly kept = new ValueBuffer(1);

  length = 0;
  private slots: (T | undefined)[] = [];
  private first = 0;

  constructor(readonly capacity: number) {}

  /** Takes `value` in; it is not full. */
  push(value: T): void {
    const { length } = this;
    if (length === this.slots.length) this.grow();
    this.slots[(this.first + length) & (this.slots.length - 1)] = value;
    this.length = length + 1;
  }

  /** Takes the oldest value out of a buffer that is not empty. */
  shift(): T {
    const { slots, first } = this;
    const value = slots[first] as T; // Invariant: not empty.
    slots[first] = undefined;
    this.first = (first + 1) & (slots.length - 1);
    this.length--;
    return value;
  }

  private grow(): void {
    const { slots, first } = this;
    const wider: (T | undefined)[] = new Array<T | undefined>(Math.max(FEWEST, slots.length * 2)).fill(
      undefined,
    );
    for (let at = 0; at < this.length; at++) wider[at] = slots[(first + at) & (slots.length - 1)];
    this.slots = wider;
    this.first = 0;
  }
}
