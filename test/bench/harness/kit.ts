/** What a benchmark needs of the host that it runs in, and nothing else of that host: suites name no global. */

/** What a suite finds around it. */
export type Platform = 'node' | 'chromium' | 'preview';

/** Where a suite is run. `jitless` is Node again, without a compiler, as iOS gives it to the logic layer. */
export type HostName = Platform | 'jitless';

/** A bare way to give the thread away, to compare the libraries' with. */
export interface Hop {
  readonly name: string;
  hop(this: void): Promise<void>;
}

/** A bare way to send messages and to get them. */
export interface RawPipe {
  post(this: void, message: unknown, transfer?: readonly unknown[]): void;
  /** Has one listener: the last one counts. */
  listen(this: void, listener: (message: unknown) => void): void;
}

/** The second threads of a suite, by the names under which `suites.ts` lists their modules. */
export interface Threads {
  /** Whether there can be more than one at a time. */
  readonly areMany: boolean;
  /** Where the script is, for a library that starts the thread itself. */
  urlOf(this: void, name: string): string;
  start(this: void, name: string): RawPipe;
  /** The host's own object for a thread that it starts, for a library that wants that. */
  native(this: void, name: string): unknown;
  /** Two native ports: one here, and one to be transferred. */
  channel(this: void): { readonly near: RawPipe; readonly far: unknown };
  /** Where there can be but one: ends it, if `start` gave it. */
  end(this: void): void;
}

/** What the module of a second thread is given. */
export interface ThreadKit {
  readonly host: Platform;
  /** The thread that started this one. Nobody listens to it before `listen` is called. */
  readonly parent: RawPipe;
  /** The host's own object for it. */
  readonly native: unknown;
  /** A native port that came with a message. */
  pipeOf(this: void, port: unknown): RawPipe;
}

/** What the module of a second thread exports as `serve`. */
export type Serve = (kit: ThreadKit) => void;

export interface Kit {
  readonly host: Platform;
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
  /** How many timers were armed, by whomever, since this was first asked. */
  timersArmed(this: void): number;
  readonly hops: readonly Hop[];
  /** How long the rounds of a workload may take even where its plan says less: more than 0 where all is slow. */
  readonly leastBudgetMs: number;
  /** `null` where a suite cannot have any. */
  readonly threads: Threads | null;
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
