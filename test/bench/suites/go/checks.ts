/** What is counted and checked within each sample: a figure is worth nothing unless all that was to happen did, once. */

/** Takes the numbers 1, 2, 3 … that a receiver gets. */
export class Received {
  private count = 0;
  private sum = 0;
  private strayed = '';

  take(n: number): void {
    this.count++;
    this.sum += n;
    if (n !== this.count && this.strayed === '') {
      this.strayed = `${String(n)} came in place of ${String(this.count)}`;
    }
  }

  /** @throws Error unless 1 to `count` came, each once and in order */
  assertInOrder(count: number): void {
    if (this.strayed !== '') throw new Error(this.strayed);
    this.assertComplete(count);
  }

  /** @throws Error unless as many came as were sent, and with the same sum */
  assertComplete(count: number): void {
    if (this.count !== count) {
      throw new Error(`${String(this.count)} came where ${String(count)} were sent`);
    }
    const wanted = (count * (count + 1)) / 2;
    if (this.sum !== wanted) throw new Error(`the sum was ${String(this.sum)} in place of ${String(wanted)}`);
  }
}

/** What a lock guards: counts who was in, and whether anybody was there at the same time. */
export class Section {
  private entered = 0;
  private inside = 0;
  private crowded = false;

  enter(): void {
    this.entered++;
    if (++this.inside > 1) this.crowded = true;
  }

  leave(): void {
    this.inside--;
  }

  /** @throws Error unless `count` were in, one at a time */
  assertComplete(count: number): void {
    if (this.crowded) throw new Error('two held the lock at the same time');
    if (this.inside !== 0) throw new Error('somebody kept the lock');
    if (this.entered !== count) {
      throw new Error(`the lock was taken ${String(this.entered)} times in place of ${String(count)}`);
    }
  }
}

/** Notes when `count` routines began, and when they woke from their sleep. */
export class SleepLog {
  begunMs = NaN;
  firstMs = NaN;
  lastMs = NaN;
  /** Resolves when the last routine is about to sleep. */
  readonly allBegun: Promise<void>;
  /** Resolves when the last one woke. */
  readonly allWoke: Promise<void>;
  private begun = 0;
  private woken = 0;
  private resolveBegun: () => void = () => undefined;
  private resolveWoke: () => void = () => undefined;

  constructor(
    readonly count: number,
    private readonly now: () => number,
  ) {
    this.allBegun = new Promise((resolve) => {
      this.resolveBegun = resolve;
    });
    this.allWoke = new Promise((resolve) => {
      this.resolveWoke = resolve;
    });
  }

  /** To be called by each routine before it sleeps. */
  begin(): void {
    if (++this.begun !== this.count) return;
    this.begunMs = this.now();
    this.resolveBegun();
  }

  /** To be called by each routine when it goes on. */
  wake(): void {
    if (++this.woken === 1) this.firstMs = this.now();
    if (this.woken !== this.count) return;
    this.lastMs = this.now();
    this.resolveWoke();
  }

  get anyWoke(): boolean {
    return this.woken > 0;
  }

  /**
   * To be asked a few turns after `allWoke`.
   * @throws Error unless each began and woke once, and none before it was due
   */
  assertExact(startMs: number, sleepMs: number): void {
    const { count, begun, woken } = this;
    if (begun !== count || woken !== count) {
      throw new Error(`${String(begun)} began and ${String(woken)} woke where ${String(count)} were to`);
    }
    const sleptMs = this.firstMs - startMs;
    // Timers of Node may come a fraction of a millisecond early.
    if (sleptMs < sleepMs - 2) throw new Error(`the first woke after ${sleptMs.toFixed(1)} ms`);
  }
}
