/**
 * One worker for several users of its file: on WeChat one worker may live at a time.
 *
 * Invariant: a worker is in the registry of its runtime from its first lease until the last is released, or until a lease is
 * asked for after it ended.
 */
import type { Runtime } from '../host/runtime.js';
import { currentRuntime } from '../host/runtime.js';
import { readUrl } from './worker-options.js';
import type { WorkerOptions } from './worker-options.js';
import { Worker } from './worker.js';

/** A share in a worker. */
export interface WorkerLease {
  readonly worker: Worker;
  /** Gives the share back; the last one ends the worker. Releasing twice does nothing. */
  release(): void;
}

interface SharedWorker {
  readonly worker: Worker;
  leases: number;
}

/** By runtime, so that a test's host finds nothing of another's. */
const registries = new WeakMap<Runtime, Map<string, SharedWorker>>();

function currentRegistry(): Map<string, SharedWorker> {
  const runtime = currentRuntime();
  const registry = registries.get(runtime) ?? new Map<string, SharedWorker>();
  registries.set(runtime, registry);
  return registry;
}

const hasEnded = ({ state }: Worker): boolean => state === 'failed' || state === 'closed';

/**
 * A share in the worker of `url`: the one that lives, or a new one where none does. Ask for the file by the same name
 * everywhere. Who asks first says how the worker is started: the options of those who share it do not count.
 *
 * @throws as `new Worker` does
 * @example
 * ```js
 * Page({
 *   onLoad() {
 *     this.lease = shareWorker('workers/index.js');
 *     this.api = wrap(this.lease.worker);
 *   },
 *   onUnload() {
 *     this.lease.release();
 *   },
 * });
 * ```
 */
export function shareWorker(
  url: string | { readonly href: string },
  options: WorkerOptions = {},
): WorkerLease {
  const registry = currentRegistry();
  const file = readUrl(url);
  let shared = registry.get(file);
  if (shared === undefined || hasEnded(shared.worker)) {
    shared = { worker: new Worker(file, options), leases: 0 };
    registry.set(file, shared);
  }
  return createLease(registry, file, shared);
}

function createLease(registry: Map<string, SharedWorker>, file: string, shared: SharedWorker): WorkerLease {
  let isHeld = true;
  shared.leases++;
  return {
    worker: shared.worker,
    release() {
      if (!isHeld) return;
      isHeld = false;
      if (--shared.leases > 0) return;
      // Another may have taken its place.
      if (registry.get(file) === shared) registry.delete(file);
      shared.worker.terminate();
    },
  };
}
