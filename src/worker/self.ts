/** The one `self` of a worker file, and what is exposed on it unless told otherwise. */
import type { Endpoint } from '../rpc/endpoint.js';
import type { ExposeOptions } from '../rpc/expose.js';
import { expose as exposeOn, provide as provideOn } from '../rpc/expose.js';
import type { Remote } from '../rpc/remote-types.js';
import { service as serviceOn } from '../rpc/wrap.js';
import type { WrapOptions } from '../rpc/wrap.js';
import { WorkerScope } from './worker-scope.js';

/** This worker, as it is seen from inside. @see {@link WorkerScope} */
export const self = new WorkerScope();

/**
 * Lets the thread above call `api`, or whoever is at the other end of `endpoint`.
 *
 * @param api - an object, a function or a class
 * @param endpoint - @defaultValue `self`
 * @returns a function that ends it: calls under way reject, their signals abort
 * @throws TypeError when `api` is no object or `endpoint` is none
 * @example
 * ```js
 * const { expose } = require('./mp-lanes/worker.js');
 * expose({ search: (query, { signal }) => find(query, signal) });
 * ```
 * @see https://github.com/GoogleChromeLabs/comlink#comlinkwrapendpoint-and-comlinkexposevalue-endpoint-allowedorigins
 */
export function expose(api: object, endpoint: Endpoint = self, options?: ExposeOptions): () => void {
  return exposeOn(api, endpoint, options);
}

/**
 * The same by a name: the thread above calls `service(name, worker)`.
 *
 * @param name - 1 to 1024 characters
 * @param endpoint - @defaultValue `self`
 * @returns a function that ends it
 * @throws as `expose` does, and LanesError `ERR_INVALID_ARGUMENT` for a name out of range or taken
 * @example
 * ```js
 * provide('search', { find: (text) => index.find(text) });
 * ```
 */
export function provide(
  name: string,
  api: object,
  endpoint: Endpoint = self,
  options?: ExposeOptions,
): () => void {
  return provideOn(name, api, endpoint, options);
}

/**
 * A remote for what the thread above, or whoever is at the other end of `endpoint`, provides by that name.
 *
 * @param name - 1 to 1024 characters
 * @param endpoint - @defaultValue `self`
 * @throws TypeError when `endpoint` is none
 * @example
 * ```js
 * const storage = service('storage');
 * await storage.get('token');
 * ```
 */
export function service<Api>(name: string, endpoint: Endpoint = self, options?: WrapOptions): Remote<Api> {
  return serviceOn(name, endpoint, options);
}
