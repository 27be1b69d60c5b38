/** `expose` and `provide`: what the other end may call. */
import { LanesError } from '../core/errors.js';
import { isObject, notA } from '../core/webidl.js';
import type { CallLimits } from './call-options.js';
import { readLimits } from './call-options.js';
import type { Endpoint } from './endpoint.js';
import { requireEndpoint } from './endpoint.js';
import { hubOf } from './hub.js';
import { rootTarget } from './protocol.js';

/** What an endpoint may be told when it is exposed on. */
export interface ExposeOptions {
  /** Where the endpoint's limits, in both directions, differ from the defaults. @defaultValue the defaults */
  readonly limits?: Partial<CallLimits>;
}

/**
 * Lets the other end of `endpoint` call `api`: its own members, at any depth, and of an instance those that its class
 * declares; nothing that was inherited (`constructor`, `__proto__`, `toString`, members of a base class).
 *
 * Each call is a task of this thread's scheduler, at the caller's priority. A method may return a promise, or a stream: an
 * async iterable or a generator, which the caller reads as fast as it likes. An `AbortSignal` that it is given aborts when
 * the caller's does; a function that it is given calls the caller back and gives a promise; `currentCall()` tells of the
 * call. Wrap a result in `proxy` to keep it here and give a remote for it.
 *
 * @param api - an object, a function or a class
 * @param endpoint - a `MessagePort`, `self` of a worker, a `Worker`, or anything with `postMessage` and
 *   `addEventListener`
 * @returns a function that ends it: calls under way reject, their signals abort
 * @throws TypeError when `api` is no object or `endpoint` is none
 * @throws LanesError `ERR_INVALID_ARGUMENT` where something is exposed on this endpoint already, or a limit is no number
 * @example
 * ```js
 * expose({ add: (a, b) => a + b, async *rows(query) { yield* find(query); } }, port);
 * ```
 * @see https://github.com/GoogleChromeLabs/comlink#comlinkwrapendpoint-and-comlinkexposevalue-endpoint-allowedorigins
 */
export function expose(api: object, endpoint: Endpoint, options: ExposeOptions = {}): () => void {
  return put('expose', rootTarget, api, endpoint, options);
}

/**
 * The same by a name, so that one endpoint carries several APIs: the other end calls `service(name, endpoint)`. Calls made
 * before it is provided wait for it, for ten seconds.
 *
 * @param name - 1 to 1024 characters
 * @throws as `expose` does, and LanesError `ERR_INVALID_ARGUMENT` for a name out of range
 * @example
 * ```js
 * provide('search', { find: (text) => index.find(text) }, self);
 * ```
 */
export function provide(
  name: string,
  api: object,
  endpoint: Endpoint,
  options: ExposeOptions = {},
): () => void {
  return put('provide', readName(name), api, endpoint, options);
}

function put(
  who: string,
  name: string,
  api: object,
  endpoint: Endpoint,
  { limits }: ExposeOptions,
): () => void {
  if (!isObject(api)) throw notA('an object or a function that can be exposed', api);
  requireEndpoint(who, endpoint);
  const hub = hubOf(endpoint);
  if (limits !== undefined) hub.limits = readLimits(limits);
  return hub.provide(name, api);
}

/** @throws LanesError `ERR_INVALID_ARGUMENT` for what cannot name a service */
export function readName(name: unknown): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= 1024) return name;
  throw new LanesError('ERR_INVALID_ARGUMENT', 'a service has a name of 1 to 1024 characters', {
    value: name,
  });
}
