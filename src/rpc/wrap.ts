/** `wrap`: the caller's end of a session. */
import { createPortId } from '../channel/protocol.js';
import { LanesError } from '../core/errors.js';
import type { Endpoint, EndpointEvent } from './endpoint.js';
import { findLostReason } from './endpoint.js';
import { readCallMessage, rootTarget } from './protocol.js';
import type { Remote } from './remote.js';
import { Session } from './session.js';

/**
 * A remote for what is exposed at the other end of `endpoint`. Calls made before the other end is there wait for it.
 *
 * Arguments and results are cloned. Functions and `AbortSignal`s may be arguments, or members of an argument that is a
 * plain object: a function is called across, until the call ends (for longer, mark it with `proxy`); aborting the
 * signal rejects the call at once with the signal's reason and aborts the signal that the callee was given.
 *
 * A call rejects with what the callee threw (name, message, `code`, own fields, causes and stack kept), with a
 * `DataCloneError` where an argument cannot be cloned, with `ERR_PORT_CLOSED` or `ERR_WORKER_LOST` when the other end
 * is gone, with `ERR_CALL_RELEASED` after `release`.
 *
 * @typeParam Api - the type of the exposed object
 * @param endpoint - a `Worker`, a `MessagePort`, or anything with `postMessage` and `addEventListener`
 * @throws TypeError when `endpoint` is not one
 * @example
 * ```js
 * const api = wrap(new Worker('workers/index.js'));
 * const rows = await api.search('par', { signal, onProgress: (part) => show(part) });
 * ```
 * @see https://github.com/GoogleChromeLabs/comlink#comlinkwrapendpoint-and-comlinkexposevalue-endpoint-allowedorigins
 */
export function wrap<Api>(endpoint: Endpoint): Remote<Api> {
  requireEndpoint('wrap', endpoint);
  const id = createPortId();
  const onMessage = (event: EndpointEvent): void => {
    const read = readCallMessage(event.data);
    if (read !== null && read.session === id) session.receive(read.message);
  };
  const onClose = (): void => session.end(closedReason(endpoint), false);
  const session = new Session(id, endpoint, () => unlisten(endpoint, onMessage, onClose));
  listen(endpoint, onMessage, onClose);
  const remote = session.createRemote(rootTarget, { open: true }, () => session.release());
  return remote as Remote<Api>;
}

/** @throws TypeError for what has no `postMessage` and `addEventListener` */
export function requireEndpoint(who: string, endpoint: unknown): void {
  const { postMessage, addEventListener } = (endpoint ?? {}) as Partial<Endpoint>;
  if (typeof postMessage === 'function' && typeof addEventListener === 'function') return;
  throw new TypeError(
    `${who}: not an endpoint, which has postMessage and addEventListener: ${String(endpoint)}`,
  );
}

type Listener = (event: EndpointEvent) => void;

/** Begins to hear an endpoint: messages, and that it is of no use any more. */
export function listen(endpoint: Endpoint, onMessage: Listener, onClose: Listener): void {
  endpoint.addEventListener('message', onMessage);
  endpoint.addEventListener('close', onClose);
  endpoint.start?.();
}

/** The other way round. */
export function unlisten(endpoint: Endpoint, onMessage: Listener, onClose: Listener): void {
  endpoint.removeEventListener('message', onMessage);
  endpoint.removeEventListener('close', onClose);
}

/** Why calls through a closed endpoint reject. */
export function closedReason(endpoint: Endpoint): Error {
  return (
    findLostReason(endpoint) ?? new LanesError('ERR_PORT_CLOSED', 'the port was closed at the other end')
  );
}
