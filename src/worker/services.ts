/** Named services of the logic layer, where mostly one worker lives: it need not be named. */
import { LanesError } from '../core/errors.js';
import type { Endpoint } from '../rpc/endpoint.js';
import { provide as provideOn, readName } from '../rpc/expose.js';
import type { ExposeOptions } from '../rpc/expose.js';
import { findHub } from '../rpc/hub.js';
import type { Remote } from '../rpc/remote-types.js';
import { service as serviceOn } from '../rpc/wrap.js';
import type { WrapOptions } from '../rpc/wrap.js';
import { liveWorkers } from './live-workers.js';
import type { LiveWorker } from './live-workers.js';
import type { WorkerHealth } from './worker.js';
import { Worker } from './worker.js';

/**
 * Lets the workers of this app, those that are started later included, call `api` by a name; or whoever is at the other end
 * of `endpoint`. A worker that is started again finds it again.
 *
 * @param name - 1 to 1024 characters
 * @param api - an object, a function or a class; see `expose`
 * @param endpoint - a `Worker`, a `MessagePort`, … @defaultValue all workers
 * @returns a function that ends it: calls under way reject, their signals abort
 * @throws TypeError when `api` is no object or `endpoint` is none
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a name out of range or taken, or a limit that is no number
 * @example
 * ```js
 * provide('storage', { get: (key) => wx.getStorageSync(key) });
 * ```
 */
export function provide(
  name: string,
  api: object,
  endpoint?: Endpoint,
  options: ExposeOptions = {},
): () => void {
  return endpoint === undefined
    ? liveWorkers().provide(readName(name), api, options)
    : provideOn(name, api, endpoint, options);
}

/**
 * A remote for what the worker provides by a name, or whoever is at the other end of `endpoint`. Calls made before it is
 * provided wait for it, for ten seconds in the foreground.
 *
 * @typeParam Api - the type of the provided object
 * @param name - 1 to 1024 characters
 * @param endpoint - @defaultValue the one worker that lives
 * @throws TypeError when `endpoint` is none
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a name out of range, or where not one worker lives and none is named
 * @example
 * ```js
 * const search = service('search');
 * await search.find('par');
 * ```
 */
export function service<Api>(name: string, endpoint?: Endpoint, options?: WrapOptions): Remote<Api> {
  return serviceOn(name, endpoint ?? onlyWorker('service'), options);
}

/** How a service is, as far as it is known here without asking it. */
export interface ServiceHealth extends WorkerHealth {
  /** Whether the other end says that it provides it. */
  readonly isProvided: boolean;
  /** Calls from here to that end that have no answer yet, of all its services. */
  readonly pending: number;
}

/**
 * How a service is, as the heartbeat of its worker sees it.
 *
 * @param name - as `service` takes it
 * @param worker - @defaultValue the one worker that lives
 * @throws LanesError `ERR_INVALID_ARGUMENT` as `service` does
 * @example
 * ```js
 * const { isProvided, silentMs } = serviceHealth('search');
 * ```
 */
export function serviceHealth(name: string, worker?: Worker): ServiceHealth {
  const given = worker ?? onlyWorker('serviceHealth');
  const hub = findHub(given);
  const health = given instanceof Worker ? given.health : { silentMs: Infinity, roundTripMs: null };
  return {
    ...health,
    isProvided: hub !== undefined && hub.isOffered(readName(name)),
    pending: hub === undefined ? 0 : hub.session.counters.pending,
  };
}

function onlyWorker(who: string): LiveWorker {
  const workers = liveWorkers().all();
  const [worker] = workers;
  if (worker !== undefined && workers.length === 1) return worker;
  throw new LanesError(
    'ERR_INVALID_ARGUMENT',
    `${who}: ${workers.length} workers live; name the one that is meant, or start one first`,
    { value: workers.length },
  );
}
