/** The one `self` of a worker file, and what is exposed on it unless told otherwise. */
import type { Endpoint } from '../rpc/endpoint.js';
import { expose as exposeOn } from '../rpc/expose.js';
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
export function expose(api: object, endpoint: Endpoint = self): () => void {
  return exposeOn(api, endpoint);
}
