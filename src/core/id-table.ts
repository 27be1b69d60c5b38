/**
 * Objects by numbers that grow, for the hot paths: what is under way and known by its id. A Map whose entries come and go
 * is laid out anew every few of them, and each layout keeps the next alive once the collector has moved it to the old
 * ones, with all that was in it; here an entry is a slot.
 *
 * What must always hold: `slots[id % slots.length]` holds the object of that id, or the object lies in `beside`, for the
 * slot was taken when it came; at most half of the slots are taken, so a free one is near.
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
  /** Few where ids grow by one, as those of `freeFrom` nearly do; whoever sends others pays for a Map. */
  private beside: Map<number, T> | null = null;

  /** The lowest id from `from` on whose slot is free. */
  freeFrom(from: number): number {
    let id = from;
    while (this.slots[id & (this.slots.length - 1)] !== undefined) id++;
    return id;
  }

  /** Adds an object whose id is not here. */
  add(object: T): void {
    this.place(object);
    if (++this.size * 2 > this.slots.length) this.grow();
  }

  private place(object: T): void {
    const at = object.id & (this.slots.length - 1);
    if (this.slots[at] === undefined) this.slots[at] = object;
    else (this.beside ??= new Map<number, T>()).set(object.id, object);
  }

  get(id: number): T | undefined {
    const found = this.slots[id & (this.slots.length - 1)];
    if (found !== undefined && found.id === id) return found;
    return this.beside === null ? undefined : this.beside.get(id);
  }

  /** Takes an object out; false when it is not here. */
  delete({ id }: T): boolean {
    const at = id & (this.slots.length - 1);
    const found = this.slots[at];
    if (found !== undefined && found.id === id) this.slots[at] = undefined;
    else if (this.beside === null || !this.beside.delete(id)) return false;
    // A burst must not leave its slots behind.
    if (--this.size === 0 && this.slots.length > 1024) this.slots = createSlots(leastSlots);
    return true;
  }

  /** All objects, by their ids. */
  all(): T[] {
    const objects = this.slots.filter((each) => each !== undefined);
    if (this.beside !== null) objects.push(...this.beside.values());
    return objects.sort((a, b) => a.id - b.id);
  }

  private grow(): void {
    const objects = this.all();
    this.beside = null;
    this.slots = createSlots(this.slots.length * 2);
    for (const object of objects) this.place(object);
  }
}

function createSlots<T>(count: number): (T | undefined)[] {
  return new Array<T | undefined>(count).fill(undefined);
}
