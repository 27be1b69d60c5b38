/** What a benchmark needs of the host that it runs in, and nothing else of that host: suites name no global. */

export type HostName = 'node' | 'chromium' | 'preview';

/** A bare way to give the thread away, to compare the libraries' with. */
export interface Hop {
  readonly name: string;
  hop(this: void): Promise<void>;
}

export interface Kit {
  readonly host: HostName;
  /** Which engine, for the heading of the tables. */
  readonly engine: string;
  /** Milliseconds, with fractions; monotonic. */
  now(this: void): number;
  /** Collects all garbage before it returns. */
  collectGarbage(this: void): void;
  /** Bytes in use of the JavaScript heap; `null` where the host does not tell. */
  readonly heapBytes: (() => number) | null;
  /** Calls back in a turn of the event loop of its own, the soonest this host has. */
  macrotask(this: void, callback: () => void): void;
  setTimer(this: void, callback: () => void, delayMs: number): void;
  readonly hops: readonly Hop[];
  /** Tells whoever waits at the terminal what runs now. */
  progress(this: void, text: string): void;
}

/** A hop by a function that calls back later. */
export function hopBy(name: string, later: (callback: () => void) => void): Hop {
  return { name, hop: () => new Promise((resolve) => later(resolve)) };
}

/** Waits for two turns, so that what a sample has left behind (an armed turn, a last promise job) is over. */
export async function settle({ macrotask }: Pick<Kit, 'macrotask'>): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => macrotask(resolve));
}
