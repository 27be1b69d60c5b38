/**
 * `mp-lanes/worker`: the worker's side. One self-contained file; the first thing that a worker file loads.
 * Importing it answers the thread above, which waits for that; nothing is installed into globals.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';
import { self } from './worker/self.js';

export { expose, provide, self, service } from './worker/self.js';
export type { WorkerScope } from './worker/worker-scope.js';
export { callStats, wrap } from './rpc/wrap.js';
export type { WrapOptions } from './rpc/wrap.js';
export type { ExposeOptions } from './rpc/expose.js';
export type { CallStats } from './rpc/hub.js';
export { currentCall } from './rpc/call-context.js';
export type { CallContext } from './rpc/call-context.js';
export type { CallLimits, CallOptions } from './rpc/call-options.js';
export { asJobs } from './pool/job-code.js';
export type { JobArgs, JobName, JobResult } from './pool/job-code.js';
export { proxy, transfer } from './rpc/marks.js';
export type { ProxyMarked } from './rpc/marks.js';
export { call, release, withOptions } from './rpc/remote.js';
export type { Remote } from './rpc/remote-types.js';
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
