/**
 * The pool: named jobs for any of several processors. Its public face; `placement.ts` says who runs what, `stored-jobs.ts`
 * what survives the end of the app.
 *
 * What must always hold: every `run()` settles; after `close()` nothing is begun.
 */
import { currentStorage } from '../adapters/detect-storage.js';
import { structuredClone } from '../codec/clone.js';
import { addAbortAlgorithm, isAbortSignal } from '../core/abort.js';
import { refuseArgument } from '../core/bad-argument.js';
import { LanesError } from '../core/errors.js';
import type { Rank } from '../core/task.js';
import { dictionary, isObject, notA } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import type { HostStorage } from '../host/storage.js';
import { rankFor, rankOf } from '../scheduler/scheduling-state.js';
import { Worker } from '../worker/worker.js';
import { InlineProcessor } from './inline-processor.js';
import { Job } from './job.js';
import type { JobGiven, Settled } from './job.js';
import { readJobs } from './job-code.js';
import type { JobArgs, JobCode, JobName, JobResult } from './job-code.js';
import type { JobRecord } from './job-record.js';
import { Placement } from './placement.js';
import { readDefer, readInline, readName, readNumber, readThreads } from './pool-options.js';
import type { DeferOptions, JobOptions, PoolOptions, PoolThreads, ReplayedJob } from './pool-options.js';
import type { PoolStats } from './pool-stats.js';
import type { Processor } from './processor.js';
import { StoredJobs, closedReason } from './stored-jobs.js';
import type { StoredJobsOwner } from './stored-jobs.js';
import { ThreadProcessor } from './thread-processor.js';

/** Processors for jobs: threads, the idle slices of this one, or both. */
export interface Pool<Jobs extends object> {
  /**
   * Runs a job on whichever processor has time first, the most urgent first. Its arguments are copied when they are given, and
   * its result when it comes, wherever it runs; functions, streams and signals cannot be among them.
   *
   * @param name - a function that the worker file exposes, and that `inline` has where this thread is to run it, too
   * @param args - its arguments
   * @returns (rejects) what the job throws; the signal's reason; LanesError `ERR_QUEUE_FULL` when `maxQueued` jobs wait, or
   * `maxDeferred` were put off; `ERR_WORKER_LOST` when a thread died under it, unless it is `idempotent`, or when no processor
   * is left; `ERR_POOL_CLOSED`; `ERR_INVALID_ARGUMENT`; `ERR_CALL_NOT_FOUND` for a job that the worker does not have;
   * `DataCloneError` for an argument that cannot be copied
   * @example
   * ```js
   * const rows = await pool.run('rank', [found, 'par'], { priority: 'user-blocking', signal });
   * ```
   */
  run<Name extends JobName<Jobs>>(
    name: Name,
    args: JobArgs<Jobs[Name]>,
    options?: JobOptions,
  ): Promise<JobResult<Jobs[Name]>>;
  /**
   * What the pool has done, processor by processor.
   * @example
   * ```js
   * for (const { name, run, stolen, utilisation } of pool.stats().processors) console.log(name, run, stolen, utilisation);
   * ```
   */
  stats(): PoolStats;
  /**
   * Ends the pool: what waits rejects with `ERR_POOL_CLOSED`, what is stored stays for the next start of the app, what runs
   * goes on to its end. The promise is fulfilled then, and the workers that the pool started have been ended. Closing twice
   * gives the same promise.
   */
  close(): Promise<void>;
}

/** Which names are in use, by storage: two pools of one name would run each other's jobs. */
const namesInUse = new WeakMap<HostStorage, Set<string>>();

function takeName(storage: HostStorage, name: string): () => void {
  const names = namesInUse.get(storage) ?? new Set<string>();
  namesInUse.set(storage, names);
  if (names.has(name))
    refuseArgument('name', 'another than that of a pool which stores its jobs there already', name);
  names.add(name);
  return () => void names.delete(name);
}

/** How jobs are put off, with all defaults. */
interface Deferral {
  readonly above: number;
  readonly rank: Rank;
  readonly maxDeferred: number;
  readonly onReplay: DeferOptions['onReplay'];
  readonly stored: StoredJobs | null;
  /** The name of the stored jobs may be used again. */
  readonly release: () => void;
}

function processorsOf(
  threads: readonly Worker[] | PoolThreads,
  placement: Placement,
  maxInFlight: number,
): ThreadProcessor[] {
  const nameOf = (at: number): string => `thread ${at + 1}`;
  if (Array.isArray(threads))
    return threads.map(
      (worker: Worker, at) => new ThreadProcessor(nameOf(at), placement, worker, maxInFlight, false),
    );
  const { url, count = 1, ...options } = threads as PoolThreads;
  return Array.from({ length: count }, (_, at) => {
    return new ThreadProcessor(nameOf(at), placement, new Worker(url, options), maxInFlight, true);
  });
}

/** Jobs of which nothing is known. */
export type AnyJobs = Readonly<Record<string, (...args: unknown[]) => unknown>>;

class JobPool implements Pool<AnyJobs>, StoredJobsOwner {
  private readonly placement = new Placement(
    () => this.rested(),
    (reason) => this.deferral?.stored?.close(reason),
  );
  private readonly code: ReadonlyMap<string, JobCode>;
  private readonly maxQueued: number;
  private readonly deferral: Deferral | null;
  /** Set when nothing is begun any more. */
  private closing: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  /** All there ever were, to be let go of. */
  private readonly processors: readonly Processor[];

  constructor(options: PoolOptions) {
    const given = dictionary(options);
    const inline = readInline(given);
    const threads = readThreads(given['worker']);
    const maxInFlight = readNumber(given, 'maxInFlight', 64, 1, 1024);
    this.code = inline === undefined ? new Map<string, JobCode>() : readJobs(inline);
    this.maxQueued = readNumber(given, 'maxQueued', 10_000, 1, Infinity);
    if (Array.isArray(threads) && threads.length === 0 && inline === undefined)
      refuseArgument('worker', 'given, or inline', undefined);
    this.deferral = given['defer'] === undefined ? null : this.readDeferral(given['defer'], given['name']);
    const { placement } = this;
    const own = inline === undefined ? null : new InlineProcessor('inline', placement);
    const others = processorsOf(threads, placement, maxInFlight);
    this.processors = own === null ? others : [...others, own];
    placement.open(this.processors, own);
    for (const each of others) each.changed();
  }

  run(name: string, args: readonly unknown[], options?: JobOptions): Promise<never> {
    return new Promise((resolve, reject) => {
      const settled: Settled = (ok, value) => (ok ? resolve(value as never) : reject(value));
      try {
        this.begin(name, args, dictionary(options), settled);
      } catch (error) {
        reject(error);
      }
    });
  }

  stats(): PoolStats {
    const { placement, processors, deferral } = this;
    return {
      processors: processors.map(({ stats }) => stats),
      queued: placement.queued,
      deferred: placement.deferred.length,
      stored: deferral === null || deferral.stored === null ? 0 : deferral.stored.length,
    };
  }

  close(): Promise<void> {
    if (this.closing !== null) return this.closing.promise;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    this.closing = { promise, resolve };
    this.deferral?.stored?.close(closedReason());
    this.placement.drain(closedReason());
    this.rested();
    return promise;
  }

  // ---- What stored jobs need

  get isBusy(): boolean {
    const { placement, deferral } = this;
    const isReady = placement.processors.some((each) => each.isReady);
    return !isReady || (deferral !== null && placement.queued > deferral.above);
  }

  place(job: Job): void {
    this.placement.place(job);
  }

  keep(job: Job): void {
    if (this.closing === null) this.placement.defer(job);
    else job.lose(closedReason());
  }

  revive({ name, args, rank, id }: JobRecord): Job {
    return this.createJob({ name, args, rank, id, signal: null, idempotent: false }, (ok, value) =>
      this.replayed({
        id,
        name,
        status: ok ? 'fulfilled' : 'rejected',
        value: ok ? value : undefined,
        reason: ok ? undefined : value,
      }),
    );
  }

  spoiled(key: string, reason: unknown): void {
    this.replayed({ id: key, name: '', status: 'rejected', value: undefined, reason });
  }

  /** Something has come to its end: perhaps the last. */
  rested(): void {
    const { closing, placement, deferral, processors } = this;
    if (closing === null || placement.inFlight > 0 || deferral?.stored?.isActive === true) return;
    for (const each of processors) each.close();
    deferral?.release();
    closing.resolve();
  }

  private replayed(job: ReplayedJob): void {
    const { app } = currentRuntime().host;
    const onReplay = this.deferral === null ? undefined : this.deferral.onReplay;
    if (onReplay === undefined) {
      if (job.status === 'rejected') app.reportError(job.reason);
      return;
    }
    this.tell(() => onReplay(job));
  }

  /** Calls a function of the program's, whose errors concern nobody here. */
  private tell(run: () => void): void {
    try {
      run();
    } catch (error) {
      currentRuntime().host.app.reportError(error);
    }
  }

  private readDeferral(defer: unknown, name: unknown): Deferral {
    const given = readDefer(defer);
    const { priority = 'background', to, storage = currentStorage(), onReplay } = given;
    const perSecond = readNumber(given, 'perSecond', 5, 1e-6, 1e6, false);
    const poolName = name === undefined ? 'pool' : readName('name', name);
    const isStored = to === 'storage';
    const settings = {
      above: readNumber(given, 'above', undefined, 0, Infinity),
      rank: rankOf(priority),
      maxDeferred: readNumber(given, 'maxDeferred', 1000, 1, Infinity),
      onReplay,
      release: isStored ? takeName(storage, poolName) : () => undefined,
    };
    const prefix = `mp-lanes.pool.${poolName}.`;
    const stored = isStored ? new StoredJobs(storage, prefix, 1000 / perSecond, this) : null;
    return { ...settings, stored };
  }

  private begin(name: unknown, args: unknown, options: JobOptions, settled: Settled): void {
    const { priority, signal = null, idempotent = false, id, onStored } = options;
    if (typeof name !== 'string' || name === '') refuseArgument('the name of a job', 'a text', name);
    if (!Array.isArray(args)) refuseArgument('the arguments of a job', 'an array', args);
    if (signal !== null && !isAbortSignal(signal)) throw notA('an AbortSignal', signal);
    const rank = rankFor(currentRuntime().pump, priority);
    const key = id === undefined ? '' : readName('id', id);
    if (signal !== null && signal.aborted) throw signal.reason;
    if (this.closing !== null) throw closedReason();
    const defers = this.checkRoom(rank);
    const copies = args.some(isObject) ? structuredClone(args) : args.slice();
    const stored = defers && this.deferral !== null ? this.deferral.stored : null;
    const jobId = key === '' && stored !== null ? randomId() : key;
    const job = this.createJob({ name, args: copies, rank, id: jobId, signal, idempotent }, settled);
    // The caller hears of it whoever has the job: a stored one leaves the storage then, too.
    if (signal !== null) job.forget = addAbortAlgorithm(signal, () => job.finish(false, signal.reason));
    if (stored !== null) stored.add(job, () => this.tell(() => onStored?.(jobId)));
    else if (defers) this.placement.defer(job);
    else this.placement.place(job);
  }

  private createJob(given: Omit<JobGiven, 'code' | 'queuedMs'>, settled: Settled): Job {
    const code = this.code.get(given.name) ?? null;
    return new Job({ ...given, code, queuedMs: currentRuntime().now() }, settled);
  }

  /** Whether a job of `rank` is put off. @throws LanesError `ERR_QUEUE_FULL` where no more may wait */
  private checkRoom(rank: Rank): boolean {
    const { placement, deferral, maxQueued } = this;
    const { queued } = placement;
    const defers = deferral !== null && rank >= deferral.rank && queued >= deferral.above;
    if (!defers && queued < maxQueued) return false;
    const { maxDeferred = 0, stored = null } = defers ? deferral : {};
    const deferred = placement.deferred.length + (stored === null ? 0 : stored.length);
    if (defers && deferred < maxDeferred) return true;
    const [limit, name] = defers ? [maxDeferred, 'defer.maxDeferred'] : [maxQueued, 'maxQueued'];
    const message = `${limit} jobs wait already: give the pool less at a time, or raise ${name}`;
    throw new LanesError('ERR_QUEUE_FULL', message, { value: limit });
  }
}

/** Two parts of 52 bits: jobs of one app do not meet. */
function randomId(): string {
  const part = (): string => Math.random().toString(36).slice(2, 12);
  return part() + part();
}

/**
 * A pool: named jobs for worker threads and, with `inline`, the idle slices of this one. On WeChat that is one thread and
 * this one, in a browser or Node as many as `count` says. Each has a queue of its own, and whoever is idle takes from the
 * busiest.
 *
 * @typeParam Jobs - the type of the object that the worker file exposes
 * @throws LanesError `ERR_INVALID_ARGUMENT` for an option out of its range, and where there is neither `worker` nor `inline`;
 *   TypeError as `new Worker` does
 * @example
 * ```js
 * const jobs = require('./workers/jobs.js');
 * const pool = createPool({ worker: { url: 'workers/index.js' }, inline: jobs });
 * const total = await pool.run('sum', [[1, 2, 3]]);
 * ```
 */
export function createPool<Jobs extends object = AnyJobs>(options: PoolOptions<Jobs>): Pool<Jobs> {
  return new JobPool(options);
}
