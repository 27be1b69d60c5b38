/**
 * `mp-lanes/pool`: named jobs for several processors: worker threads and the idle slices of this one.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';

export { asJobs } from './pool/job-code.js';
export type { JobArgs, JobName, JobResult } from './pool/job-code.js';
export { createPool } from './pool/pool.js';
export type { AnyJobs, Pool } from './pool/pool.js';
export type { DeferOptions, JobOptions, PoolOptions, PoolThreads, ReplayedJob } from './pool/pool-options.js';
export type { PoolStats, ProcessorStats } from './pool/pool-stats.js';
export { createMemoryStorage } from './adapters/memory-storage.js';
export type { HostStorage } from './host/storage.js';
export { Worker } from './worker/worker.js';
export type { RestartOptions, WorkerOptions } from './worker/worker-options.js';
export type { WorkerScope } from './worker/worker-scope.js';
export { currentCall } from './rpc/call-context.js';
export type { CallContext } from './rpc/call-context.js';
export { AbortController, AbortSignal } from './core/abort.js';
export type { AbortSignalLike } from './core/abort.js';
export type { Percentiles } from './scheduler/wait-histogram.js';
export type { TaskPriority } from './scheduler/task-priority.js';
export { LanesError } from './core/errors.js';
export type { ErrorCode, LanesErrorOptions } from './core/errors.js';
export { WorkerLostError } from './core/worker-errors.js';

provideHost(detectHost);
