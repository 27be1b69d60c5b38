/**
 * `mp-lanes`: everything for the logic layer. The parts have entries of their own (`mp-lanes/scheduler`,
 * `mp-lanes/channel`); the worker's side is `mp-lanes/worker`.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';

// Scheduling
export { AbortController, AbortSignal } from './core/abort.js';
export type { AbortSignalLike } from './core/abort.js';
export { DOMException } from './core/dom-exception.js';
export { EventTarget } from './core/event-target.js';
export { Event } from './core/event.js';
export { IdleDeadline, cancelIdleCallback, requestIdleCallback } from './scheduler/idle.js';
export type { IdleRequestOptions } from './scheduler/idle.js';
export type { IterationOptions } from './scheduler/iteration.js';
export { MemoryRelief, ReliefEvent, memoryRelief } from './scheduler/memory-relief.js';
export { Scheduler, scheduler } from './scheduler/scheduler.js';
export type { ScheduledTask } from './scheduler/scheduler.js';
export type { PostTaskOptions } from './scheduler/scheduler-options.js';
export type { PriorityStats, SchedulerStats } from './scheduler/scheduler-stats.js';
export type { PerPriority, SchedulerTuning } from './scheduler/tuning.js';
export type { Percentiles } from './scheduler/wait-histogram.js';
export { TaskPriorityChangeEvent } from './scheduler/task-priority-change-event.js';
export type { TaskPriority } from './scheduler/task-priority.js';
export { TaskController, TaskSignal } from './scheduler/task-signal.js';
export type { TaskControllerInit, TaskSignalAnyInit } from './scheduler/task-signal.js';

// Pages and components
export { taskBehavior } from './page/task-behavior.js';
export type { TaskBehavior } from './page/task-behavior.js';
export { TaskScope } from './page/task-scope.js';
export { withTasks } from './page/with-tasks.js';
export type { DataOf, PageInstance, PageLife } from './page/with-tasks.js';
export type { TaskOwner, WithTasks } from './page/members.js';

// Go's concurrency
export type { SelectCase } from './go/cases.js';
export { Chan } from './go/chan.js';
export type { Receivable, Received } from './go/chan.js';
export { Cond } from './go/cond.js';
export { Context } from './go/context.js';
export type { CancelFunction } from './go/context.js';
export { fanIn, fanOut, merge, pipe } from './go/flow.js';
export type { Flow, FlowOptions, PipeOptions, Sendable } from './go/flow.js';
export { go } from './go/go.js';
export type { GoOptions, RoutineFunction } from './go/go.js';
export { Group } from './go/group.js';
export type { GroupOptions } from './go/group.js';
export { Guard } from './go/guard.js';
export { Mutex } from './go/mutex.js';
export { Once } from './go/once.js';
export type { Operation } from './go/operation.js';
export { PortChan } from './go/port-chan.js';
export type { PortSendOptions } from './go/port-chan.js';
export type { PortLike } from './go/port-source.js';
export { RoutineError } from './go/routine.js';
export type { Routine } from './go/routine.js';
export { RWMutex } from './go/rw-mutex.js';
export { done, from, select, to } from './go/select.js';
export type { SelectCases, SelectOptions, Selected } from './go/select.js';
export { Semaphore } from './go/semaphore.js';
export { SingleFlight } from './go/single-flight.js';
export { sleep } from './go/sleep.js';
export { after, tick } from './go/timer-chan.js';
export type { TimerChan } from './go/timer-chan.js';
export { WaitGroup } from './go/wait-group.js';
export type { WaitOptions } from './go/waiting.js';

// Messaging
export { MessageChannel, MessagePort } from './channel/message-port.js';
export { MessageEvent } from './channel/message-event.js';
export type { MessageEventInit } from './channel/message-event.js';
export type { MessageHandler } from './channel/message-target.js';
export { structuredClone } from './codec/clone.js';
export type { StructuredSerializeOptions } from './codec/clone.js';
export { decode, encode } from './codec/carrier.js';
export type { DecodeCarrierOptions, EncodeCarrierOptions } from './codec/carrier.js';
export type { Encoded } from './codec/encode.js';
export type { Limits } from './codec/limits.js';
export { registerType } from './codec/registered-types.js';
export type { TypeDescription } from './codec/registered-types.js';

// Workers and calls
export { Worker } from './worker/worker.js';
export type { WorkerHealth } from './worker/worker.js';
export type { WorkerState } from './worker/supervisor.js';
export type { RestartOptions, WorkerOptions } from './worker/worker-options.js';
export type { WorkerProgressEvent } from './worker/worker-progress-event.js';
export type { WorkerScope } from './worker/worker-scope.js';
export { shareWorker } from './worker/shared-workers.js';
export type { WorkerLease } from './worker/shared-workers.js';
export { ErrorEvent } from './worker/error-event.js';
export type { ErrorEventInit } from './worker/error-event.js';
export { expose } from './rpc/expose.js';
export { provide, service, serviceHealth } from './worker/services.js';
export type { ServiceHealth } from './worker/services.js';
export { callStats, wrap } from './rpc/wrap.js';
export type { WrapOptions } from './rpc/wrap.js';
export type { ExposeOptions } from './rpc/expose.js';
export type { CallStats } from './rpc/hub.js';
export { currentCall } from './rpc/call-context.js';
export type { CallContext } from './rpc/call-context.js';
export type { CallLimits, CallOptions } from './rpc/call-options.js';
export { proxy, transfer } from './rpc/marks.js';
export type { ProxyMarked } from './rpc/marks.js';
export { call, release, withOptions } from './rpc/remote.js';
export type { Remote } from './rpc/remote-types.js';
export type { Endpoint, EndpointEvent } from './rpc/endpoint.js';

// Pools of workers
export { asJobs } from './pool/job-code.js';
export type { JobArgs, JobName, JobResult } from './pool/job-code.js';
export { createPool } from './pool/pool.js';
export type { AnyJobs, Pool } from './pool/pool.js';
export type { DeferOptions, JobOptions, PoolOptions, PoolThreads, ReplayedJob } from './pool/pool-options.js';
export type { PoolStats, ProcessorStats } from './pool/pool-stats.js';
export { createMemoryStorage } from './adapters/memory-storage.js';
export type { HostStorage } from './host/storage.js';

// Errors
export { LanesError } from './core/errors.js';
export type { ErrorCode, LanesErrorOptions } from './core/errors.js';
export { WorkerLostError, WorkerStartError } from './core/worker-errors.js';

provideHost(detectHost);
