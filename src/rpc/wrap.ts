/** `wrap` and `service`: remotes for what the other end of an endpoint exposes. */
import type { CallLimits } from './call-options.js';
import { readLimits } from './call-options.js';
import type { Endpoint } from './endpoint.js';
import { requireEndpoint } from './endpoint.js';
import { readName } from './expose.js';
import { findHub, hubOf } from './hub.js';
import type { CallStats } from './hub.js';
import { rootTarget } from './protocol.js';
import type { Remote } from './remote-types.js';

/** What an endpoint may be told when it is wrapped. */
export interface WrapOptions {
  /** Where the endpoint's limits, in both directions, differ from the defaults. @defaultValue the defaults */
  readonly limits?: Partial<CallLimits>;
}

/**
 * A remote for what is exposed at the other end of `endpoint`. Calls made before the other end is there wait for it. All
 * remotes of one endpoint share one session, so wrapping again and again costs nothing.
 *
 * Arguments and results are cloned when they are given. Functions, `AbortSignal`s and streams (async iterables,
 * generators) may be arguments, or members of an argument that is a plain object: a function is called across, until the
 * call ends (for longer, mark it with `proxy`); aborting the signal rejects the call at once with the signal's reason and
 * aborts the signal that the callee was given. A result that is a stream is read with `for await`. Calls of one slice
 * travel in one message; `withOptions` says how a call is made.
 *
 * A call rejects with what the callee threw (class where registered, name, message, `code`, own fields, causes and the
 * stacks of both threads kept), with a `DataCloneError` where an argument cannot be cloned, with `ERR_CALL_TIMEOUT`,
 * `ERR_CALL_LIMIT`, `ERR_CALL_NOT_FOUND`; with `ERR_PORT_CLOSED`, `ERR_WORKER_LOST` or `ERR_WORKER_CLOSED` when the other
 * end is gone, with `ERR_CALL_RELEASED` after `release`.
 *
 * @typeParam Api - the type of the exposed object
 * @param endpoint - a `Worker`, a `MessagePort`, or anything with `postMessage` and `addEventListener`
 * @throws TypeError when `endpoint` is not one
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a limit that is no number
 * @example
 * ```js
 * const api = wrap(new Worker('workers/index.js'));
 * const rows = await api.search('par', { signal, onProgress: (part) => show(part) });
 * ```
 * @see https://github.com/GoogleChromeLabs/comlink#comlinkwrapendpoint-and-comlinkexposevalue-endpoint-allowedorigins
 */
export function wrap<Api>(endpoint: Endpoint, options: WrapOptions = {}): Remote<Api> {
  return createRoot('wrap', rootTarget, endpoint, options);
}

/**
 * A remote for what is provided by `name` at the other end of `endpoint`.
 *
 * @param name - 1 to 1024 characters
 * @throws as `wrap` does
 * @example
 * ```js
 * const search = service('search', worker);
 * await search.find('par');
 * ```
 */
export function service<Api>(name: string, endpoint: Endpoint, options: WrapOptions = {}): Remote<Api> {
  return createRoot('service', readName(name), endpoint, options);
}

function createRoot<Api>(
  who: string,
  name: string,
  endpoint: Endpoint,
  { limits }: WrapOptions,
): Remote<Api> {
  requireEndpoint(who, endpoint);
  const hub = hubOf(endpoint);
  if (limits !== undefined) hub.limits = readLimits(limits);
  const scope = { open: true, rank: 1 as const, deadlineMs: Infinity };
  return hub.session.createRemote(name, scope) as Remote<Api>;
}

/**
 * How much is under way through an endpoint, both ways: what would leak if it grew.
 *
 * @example
 * ```js
 * callStats(worker); // { pending: 0, running: 0, callbacks: 0, streams: 0, faults: 0 }
 * ```
 */
export function callStats(endpoint: Endpoint): CallStats {
  requireEndpoint('callStats', endpoint);
  return findHub(endpoint)?.stats ?? { pending: 0, running: 0, callbacks: 0, streams: 0, faults: 0 };
}
