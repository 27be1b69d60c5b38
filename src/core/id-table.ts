/**
 * Objects by numbers that grow, for the hot paths: what is under way and known by its id. A Map whose entries come and go
 * is laid out anew every few of them; here an entry is a slot.
 *
 * What must always hold: `slots[id % slots.length]` holds the object of that id or nothing; at most half of the slots are
 * taken, so a free one is near.
 */

/** What an object must tell. */
export interface Identified {
  readonly id: number;
}

const leastSlots = 16;

/** Objects by their ids. */
export class IdTable<T extends Identified> {
  size = 0;
  private slots: (T | undefined)[] = createSlots(leastSlots);

  /** The lowest id from `from` on whose slot is free: the next that `add` takes. */
  freeFrom(from: number): number {
    let id = from;
    while (this.slots[id & (this.slots.length - 1)] !== undefined) id++;
    return id;
  }

  /** Adds an object whose id came from `freeFrom`, with nothing added since. */
  add(object: T): void {
    this.slots[object.id & (this.slots.length - 1)] = object;
    if (++this.size * 2 > this.slots.length) this.grow();
  }

  get(id: number): T | undefined {
    const found = this.slots[id & (this.slots.length - 1)];
    return found !== undefined && found.id === id ? found : undefined;
  }

  /** Takes an object out; false when it is not here. */
  delete({ id }: T): boolean {
    if (this.get(id) === undefined) return false;
    this.slots[id & (this.slots.length - 1)] = undefined;
    // A burst must not leave its slots behind.
    if (--this.size === 0 && this.slots.length > 1024) this.slots = createSlots(leastSlots);
    return true;
  }

  /** All objects, by their ids. */
  all(): T[] {
    return this.slots.filter((each) => each !== undefined).sort((a, b) => a.id - b.id);
  }

  private grow(): void {
    const objects = this.all();
    // Two ids that differ in less than the number of slots have two slots; others may meet, and need more.
    let count = this.slots.length;
    do count *= 2;
    while (!this.place(objects, count));
  }

  private place(objects: readonly T[], count: number): boolean {
    const slots = createSlots<T>(count);
    for (const object of objects) {
      const at = object.id & (count - 1);
      if (slots[at] !== undefined) return false;
      slots[at] = object;
    }
    this.slots = slots;
    return true;
  }
}

function createSlots<T>(count: number): (T | undefined)[] {
  return new Array<T | undefined>(count).fill(undefined);
}
