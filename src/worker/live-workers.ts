/**
 * The workers of a runtime, and what is provided to all of them.
 *
 * What must always hold: a worker that lives has all that is provided, whichever came first; one that ended is forgotten at
 * the latest when the next one begins.
 */
import type { Runtime } from '../host/runtime.js';
import { currentRuntime } from '../host/runtime.js';
import type { Endpoint } from '../rpc/endpoint.js';
import { provide } from '../rpc/expose.js';
import type { ExposeOptions } from '../rpc/expose.js';

/** A worker, as far as it is known here. */
export interface LiveWorker extends Endpoint {
  readonly state: string;
}

interface Provided {
  readonly name: string;
  readonly api: object;
  readonly options: ExposeOptions;
  readonly ends: Map<LiveWorker, () => void>;
}

/** The workers of one runtime. */
class LiveWorkers {
  private readonly workers = new Set<LiveWorker>();
  private readonly provided = new Set<Provided>();

  /** A worker begins. */
  add(worker: LiveWorker): void {
    this.forgetEnded();
    this.workers.add(worker);
    this.provided.forEach((each) => this.provideTo(worker, each));
  }

  all(): readonly LiveWorker[] {
    this.forgetEnded();
    return Array.from(this.workers);
  }

  /** Provides to all workers, those to come included. @throws as `provide` does; nothing is provided then */
  provide(name: string, api: object, options: ExposeOptions): () => void {
    const provided: Provided = { name, api, options, ends: new Map() };
    const stop = (): void => {
      this.provided.delete(provided);
      provided.ends.forEach((end) => end());
      provided.ends.clear();
    };
    try {
      for (const worker of this.all()) this.provideTo(worker, provided);
    } catch (error) {
      stop();
      throw error;
    }
    this.provided.add(provided);
    return stop;
  }

  private provideTo(worker: LiveWorker, { name, api, options, ends }: Provided): void {
    ends.set(worker, provide(name, api, worker, options));
  }

  private forgetEnded(): void {
    for (const worker of this.workers) {
      if (worker.state !== 'failed' && worker.state !== 'closed') continue;
      this.workers.delete(worker);
      this.provided.forEach(({ ends }) => ends.delete(worker));
    }
  }
}

/** By runtime, so that a test's host finds nothing of another's. */
const registries = new WeakMap<Runtime, LiveWorkers>();

/** The workers of the runtime in force. */
export function liveWorkers(): LiveWorkers {
  const runtime = currentRuntime();
  const found = registries.get(runtime) ?? new LiveWorkers();
  registries.set(runtime, found);
  return found;
}
