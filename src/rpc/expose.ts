/** `expose`: the callee's end of sessions. */
import { isObject, notA } from '../core/webidl.js';
import type { Endpoint, EndpointEvent } from './endpoint.js';
import { readCallMessage, rootTarget } from './protocol.js';
import type { CallMessage } from './protocol.js';
import { Session } from './session.js';
import { closedReason, listen, requireEndpoint, unlisten } from './wrap.js';

/**
 * Lets the other end of `endpoint` call `api`: its own members and those of its class, at any depth, and nothing else
 * (`constructor`, `__proto__` and what the language gives to every object cannot be reached).
 *
 * A method may return a promise. An `AbortSignal` that it is given aborts when the caller's does; a function that it is
 * given calls the caller back and gives a promise. Wrap a result in `proxy` to keep it here and give a remote for it.
 *
 * @param api - an object, a function or a class
 * @param endpoint - a `MessagePort`, `self` of a worker, or anything with `postMessage` and `addEventListener`
 * @returns a function that ends it: calls under way reject, their signals abort
 * @throws TypeError when `api` is no object or `endpoint` is none
 * @example
 * ```js
 * expose({ add: (a, b) => a + b }, port);
 * ```
 * @see https://github.com/GoogleChromeLabs/comlink#comlinkwrapendpoint-and-comlinkexposevalue-endpoint-allowedorigins
 */
export function expose(api: object, endpoint: Endpoint): () => void {
  if (!isObject(api)) throw notA('an object or a function that can be exposed', api);
  requireEndpoint('expose', endpoint);
  const sessions = new Map<string, Session>();
  const onMessage = (event: EndpointEvent): void => {
    const read = readCallMessage(event.data);
    if (read === null) return;
    const known = sessions.get(read.session);
    if (known !== undefined) known.receive(read.message);
    else if (opensSession(read.message)) open(read.session).receive(read.message);
  };
  const onClose = (): void => stop(closedReason(endpoint));
  const open = (id: string): Session => {
    const session = new Session(id, endpoint, () => sessions.delete(id));
    session.exposeRoot(api);
    sessions.set(id, session);
    return session;
  };
  const stop = (reason: Error): void => {
    unlisten(endpoint, onMessage, onClose);
    sessions.forEach((session) => session.end(reason, true));
  };
  listen(endpoint, onMessage, onClose);
  return () => stop(closedReason(endpoint));
}

/** An ask for the root opens a session; whatever else names an unknown one belongs to somebody else or to the past. */
function opensSession(message: CallMessage): boolean {
  const [operation] = message;
  const asks = operation === 'call' || operation === 'new' || operation === 'get' || operation === 'set';
  return asks && message[2] === rootTarget;
}
