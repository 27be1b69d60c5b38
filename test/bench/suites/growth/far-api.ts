/** What the other thread of this suite does for the near one. */

export type Counted = 'opened' | 'messages' | 'closed';

export interface Far {
  add(this: void, a: number, b: number): number;
  /** Answers with the count as soon as it is at least `count`. */
  until(this: void, what: Counted, count: number): Promise<number>;
  count(this: void, what: Counted): number;
  /** Counts anew. @returns how many ports are open */
  reset(this: void): number;
}
