/**
 * `Semaphore`, weighted. https://pkg.go.dev/golang.org/x/sync/semaphore
 *
 * What must always hold: who waits is served in the order of coming, so a large request is not starved by small ones; while
 * somebody waits, there are fewer units free than the first one wants.
 */
import { LanesError } from '../core/errors.js';
import { defineInterface } from '../core/webidl.js';
import { Guard, notHeld } from './guard.js';
import type { Held } from './guard.js';
import type { Operation } from './operation.js';
import { TellingList } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/**
 * So many units of something, taken and given back some at a time.
 * @example
 * const connections = new Semaphore(10);
 * const guard = await connections.acquire();
 * try {
 *   await request(url);
 * } finally {
 *   guard.release();
 * }
 * @see https://pkg.go.dev/golang.org/x/sync/semaphore
 */
export class Semaphore {
  private readonly held: Held = { released: ({ units }) => this.release(units) };
  private free: number;
  private isServing = false;
  private readonly waiters = new TellingList(this, 'acquire', () => this.serve());

  /**
   * @param units - how many there are, an integer above 0
   * @throws LanesError `ERR_INVALID_ARGUMENT` for anything else
   */
  constructor(readonly units: number) {
    this.free = wholeUnits(units, 'above 0', Infinity);
  }

  /** How many units are free. */
  get available(): number {
    return this.free;
  }

  /**
   * Takes `units`, when they are free and nobody waits. Cancel safety: aborted or cancelled while it waits, it has taken none.
   * @param units - an integer from 1 to all. @defaultValue 1
   * @throws LanesError `ERR_INVALID_ARGUMENT` for more than there are, which would wait for ever; (rejects) the signal's reason
   */
  acquire(units: number = 1, options?: WaitOptions): Operation<Guard> {
    wholeUnits(units, `from 1 to ${this.units}`, this.units);
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const guard = this.tryAcquire(units);
    return guard === null ? waitIn(this.waiters, units, options) : done(guard);
  }

  /** Takes `units` if they are free and nobody waits; `null` otherwise. */
  tryAcquire(units: number = 1): Guard | null {
    wholeUnits(units, `from 1 to ${this.units}`, this.units);
    return this.waiters.length === 0 && units <= this.free ? this.take(units) : null;
  }

  /**
   * Gives `units` back, Go's way; guards do it by themselves.
   * @throws LanesError `ERR_NOT_HELD` for more than are taken
   */
  release(units: number = 1): void {
    wholeUnits(units, `from 1 to ${this.units}`, this.units);
    if (units > this.units - this.free) throw notHeld(`so much of this Semaphore (${units})`);
    this.free += units;
    this.serve();
  }

  private take(units: number): Guard {
    this.free -= units;
    return new Guard(this.held, units);
  }

  private serve(): void {
    if (this.isServing) return;
    this.isServing = true;
    for (let waiter = this.waiters.head; waiter !== null; waiter = this.waiters.head) {
      const units = waiter.item as number;
      if (units > this.free) break;
      waiter.leave();
      waiter.grant(this.take(units));
    }
    this.isServing = false;
  }
}

function wholeUnits(units: unknown, range: string, most: number): number {
  if (typeof units === 'number' && units >= 1 && units <= most && units % 1 === 0) return units;
  const message = `units must be an integer ${range}, not ${String(units)}`;
  throw new LanesError('ERR_INVALID_ARGUMENT', message, { value: units });
}

defineInterface(Semaphore, 'Semaphore');
