/** The engine of the virtual host's controls: one turn after another, with its microtasks and promise jobs. */
import { LanesError } from '../core/errors.js';
import { readAmbient } from './ambient.js';
import type { TurnKind, VirtualTurns } from './virtual-turns.js';

/** More turns than any test needs: whoever gets here arms itself again and again. */
const MAX_TURNS = 100_000;

function failBusy(): never {
  throw new LanesError(
    'ERR_INVALID_ARGUMENT',
    `Still busy after ${MAX_TURNS} turns: something arms itself again and again. Use advance(ms) instead.`,
  );
}

/** Waits until all native promise jobs have run: a real macrotask does. */
function afterJobs(): Promise<void> {
  const { setImmediate, setTimeout } = readAmbient();
  return new Promise((resolve) => {
    if (setImmediate !== undefined) setImmediate(resolve);
    else if (setTimeout !== undefined) setTimeout(resolve, 0);
    else resolve();
  });
}

/** Runs turns, synchronously or with promise jobs in between. */
export class Stepper {
  readonly microtasks: (() => void)[] = [];
  suspended = false;

  constructor(
    private readonly turns: VirtualTurns,
    private readonly reportError: (error: unknown) => void,
    private readonly onTurn: (kind: TurnKind) => void,
  ) {}

  call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.reportError(error);
    }
  }

  runJobsSync(): void {
    for (let job = this.microtasks.shift(); job !== undefined; job = this.microtasks.shift()) this.call(job);
  }

  /** A microtask of ours is worth one native promise job, so that the two kinds interleave as on a real host. */
  async runJobs(): Promise<void> {
    do {
      for (let job = this.microtasks.shift(); job !== undefined; job = this.microtasks.shift()) {
        await Promise.resolve();
        this.call(job);
      }
      await afterJobs();
    } while (this.microtasks.length > 0);
  }

  /** Runs the next turn that is due by `limitMs`; without a limit, if anybody waits for one. */
  step(limitMs: number): boolean {
    if (limitMs === Infinity && !this.turns.isBusy) return false;
    const turn = this.suspended ? undefined : this.turns.take(limitMs);
    if (turn === undefined) return false;
    this.onTurn(turn.kind);
    this.call(turn.run);
    return true;
  }

  runSync(limitMs: number): void {
    this.runJobsSync();
    for (let count = 0; this.step(limitMs); count++) {
      this.runJobsSync();
      if (count === MAX_TURNS) failBusy();
    }
  }

  async run(limitMs: number): Promise<void> {
    await this.runJobs();
    for (let count = 0; this.step(limitMs); count++) {
      await this.runJobs();
      if (count === MAX_TURNS) failBusy();
    }
  }
}
