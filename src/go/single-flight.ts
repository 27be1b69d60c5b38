/** `SingleFlight`. https://pkg.go.dev/golang.org/x/sync/singleflight */
import { callable, defineInterface } from '../core/webidl.js';
import type { Operation } from './operation.js';
import { Shared } from './shared.js';
import { failed, obstacle } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/**
 * Suppresses duplicates: of all who want the same key at the same time one does the work, and all get what it came to. So a
 * thousand misses of a cache load once.
 * @example
 * const loads = new SingleFlight<string, City>();
 * const city = await loads.do(id, () => loadCity(id));
 * @see https://pkg.go.dev/golang.org/x/sync/singleflight
 */
export class SingleFlight<K, V> {
  private readonly flights = new Map<K, Shared<V>>();

  /** How many keys are being worked on. */
  get size(): number {
    return this.flights.size;
  }

  /**
   * What `fn` comes to, or the run of another that is under way for `key`. Whoever is aborted or cancelled waits no longer;
   * the run goes on.
   * @throws (rejects) what the run threw, for all who waited; the signal's reason
   */
  do(
    key: K,
    fn: () => Generator<unknown, V, never> | PromiseLike<V> | V,
    options?: WaitOptions,
  ): Operation<V> {
    callable(fn);
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    let flight = this.flights.get(key);
    if (flight === undefined) {
      const mine = new Shared<V>(fn, () => {
        if (this.flights.get(key) === mine) this.flights.delete(key);
      });
      this.flights.set(key, (flight = mine));
    }
    return flight.wait(options);
  }

  /** The next `do` of `key` runs anew, also while a run is under way. */
  forget(key: K): void {
    this.flights.delete(key);
  }
}

defineInterface(SingleFlight, 'SingleFlight');
