/** What the two ends say to each other; all of it plain data but for what a round trip carries. */

/** A message that is measured. In a burst and in round trips `id` counts from 0. */
export interface Message {
  id: number;
  /** What a round trip carries, unless the message itself is the load. */
  readonly value?: unknown;
  /** An order to the far end, which answers each with `done`; such a message is not measured. */
  readonly order?: Order;
}

export type Order =
  /** From now on the messages are counted; the last of so many is answered with `counted`. */
  | { readonly name: 'count'; readonly count: number }
  /** From now on each message comes back, with its value moved or copied. */
  | { readonly name: 'echo'; readonly moves: boolean }
  /** From now on somebody serves at this port, too. */
  | { readonly name: 'serve'; readonly port: unknown };

/** The answer to an order, or to the last message of a burst. */
export interface Answer {
  readonly done?: true;
  /** How many came, and how many of them out of their turn. */
  readonly counted?: number;
  readonly outOfTurn?: number;
}
