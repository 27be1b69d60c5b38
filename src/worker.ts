/**
 * `mp-lanes/worker`: the worker's side. One self-contained file; the first thing that a worker file loads.
 * Importing it answers the thread above, which waits for that; nothing is installed into globals.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';
import { self } from './worker/self.js';

export { expose, self } from './worker/self.js';
export type { WorkerScope } from './worker/worker-scope.js';
export { wrap } from './rpc/wrap.js';
export { proxy, transfer } from './rpc/marks.js';
export type { ProxyMarked } from './rpc/marks.js';
export { release } from './rpc/remote.js';
export type { Remote } from './rpc/remote.js';
export type { Endpoint, EndpointEvent } from './rpc/endpoint.js';
export { MessageChannel, MessagePort } from './channel/message-port.js';
export { MessageEvent } from './channel/message-event.js';
export { structuredClone } from './codec/clone.js';
export { registerType } from './codec/registered-types.js';
export type { TypeDescription } from './codec/registered-types.js';
export { scheduler } from './scheduler/scheduler.js';
export { TaskController, TaskSignal } from './scheduler/task-signal.js';
export { AbortController, AbortSignal } from './core/abort.js';
export { DOMException } from './core/dom-exception.js';
export { Event } from './core/event.js';
export { EventTarget } from './core/event-target.js';
export { LanesError } from './core/errors.js';
export type { ErrorCode } from './core/errors.js';

provideHost(detectHost);
self.connect();
