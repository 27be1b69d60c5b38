/**
 * A subject with a second thread: it stays connected where there can be many threads, and is connected anew for each sample
 * where there can be but one, which is then ended before the next subject's begins.
 */

export interface Reachable<Connection> {
  readonly name: string;
  /** How often a sample is to be taken before the one that counts: a thread that has just begun has compiled nothing. */
  readonly coldSamples: number;
  use<T>(this: void, body: (connection: Connection) => Promise<T>): Promise<T>;
}

export function connected<Connection>(name: string, connection: Connection): Reachable<Connection> {
  return { name, coldSamples: 0, use: (body) => body(connection) };
}

/**
 * Begins a thread. It says how that is ended as soon as there is one, for whoever waits may give up before there is a connection.
 * Rejects where there cannot be one.
 */
export type Open<Connection> = (began: (close: () => void) => void) => Promise<Connection>;

/** A thread that has just begun needs no more to be warm than it takes to see that it is slow. */
const MOST_COLD_SAMPLES = 3;

/** For subjects of which one is connected at a time. */
export class OneAtATime {
  private close: (() => void) | null = null;
  private readonly coldSamples: number;

  constructor(warmUps: number) {
    this.coldSamples = Math.max(1, Math.min(warmUps, MOST_COLD_SAMPLES));
  }

  reachable<Connection>(name: string, open: Open<Connection>): Reachable<Connection> {
    return {
      name,
      coldSamples: this.coldSamples,
      use: async (body) => {
        // Of a sample that was given up the thread is still there.
        this.end();
        try {
          return await body(await open((close) => (this.close = close)));
        } finally {
          this.end();
        }
      },
    };
  }

  private end(): void {
    const { close } = this;
    this.close = null;
    close?.();
  }
}

/** The sample that counts, after those that do not. */
export function sampleOf<Connection, T>(
  { coldSamples, use }: Reachable<Connection>,
  sample: (connection: Connection) => Promise<T>,
): Promise<T> {
  return use(async (connection) => {
    for (let time = 0; time < coldSamples; time++) await sample(connection);
    return sample(connection);
  });
}
