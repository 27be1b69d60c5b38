/** What a pool may be told. */
import { refuseArgument } from '../core/bad-argument.js';
import type { AbortSignalLike } from '../core/abort.js';
import { dictionary, isObject, isRecord } from '../core/webidl.js';
import type { Members } from '../core/webidl.js';
import type { HostStorage } from '../host/storage.js';
import type { TaskPriority } from '../scheduler/task-priority.js';
import type { Worker } from '../worker/worker.js';
import type { WorkerOptions } from '../worker/worker-options.js';

/** Threads that the pool starts, and ends when it is closed. */
export interface PoolThreads extends WorkerOptions {
  /** The file; see {@link Worker}. It exposes the jobs: `expose(asJobs(jobs))`. */
  readonly url: string | { readonly href: string };
  /** How many threads, an integer from 1 to 64. On WeChat one may live at a time, whatever is asked for. @defaultValue 1 */
  readonly count?: number;
}

/** How a stored job of an earlier start of the app ended. */
export interface ReplayedJob {
  readonly id: string;
  /** `''` where the record could not be read. */
  readonly name: string;
  readonly status: 'fulfilled' | 'rejected';
  /** What it returned; `undefined` for one that was rejected. */
  readonly value: unknown;
  /** What it threw, or why it was given up; `undefined` for one that was fulfilled. */
  readonly reason: unknown;
}

/** When jobs are put off, and until when. */
export interface DeferOptions {
  /** So many jobs wait, and the next of low priority are put off: an integer from 0. */
  readonly above: number;
  /** The most urgent priority that is put off. @defaultValue `'background'` */
  readonly priority?: TaskPriority;
  /**
   * Where they wait: `'idle'`, in memory until no other job waits; `'storage'`, in storage, which survives the end of the
   * app: they run one after another, at least once each. @defaultValue `'idle'`
   */
  readonly to?: 'idle' | 'storage';
  /** How many may be put off, in memory and in storage together; an integer from 1. @defaultValue 1000 */
  readonly maxDeferred?: number;
  /** How many of the stored jobs begin within a second, above 0. @defaultValue 5 */
  readonly perSecond?: number;
  /** @defaultValue the host's: `wx.setStorage` and its like, `localStorage`, and in Node memory */
  readonly storage?: HostStorage;
  /**
   * Hears how stored jobs of earlier starts of the app end, whose callers are gone. @defaultValue none: then the host is
   * told of those that were rejected
   */
  readonly onReplay?: (job: ReplayedJob) => void;
}

/** What a pool may be told. */
export interface PoolOptions<Jobs extends object = object> {
  /** A worker, several of them, or how to start some. @defaultValue none: then `inline` is all there is */
  readonly worker?: Worker | readonly Worker[] | PoolThreads;
  /** Whether this thread runs jobs, too, in its idle slices: their code, or `true` and the code as `jobs`. @defaultValue `false` */
  readonly inline?: boolean | Jobs;
  /** The code of the jobs on this thread, for `inline: true`: an object with functions of its own. */
  readonly jobs?: Jobs;
  /** How many jobs may wait, an integer from 1; one more is rejected with `ERR_QUEUE_FULL`. @defaultValue 10000 */
  readonly maxQueued?: number;
  /** How many jobs a thread may be given at once, from 1 to 1024; the pool takes fewer for longer jobs. @defaultValue 64 */
  readonly maxInFlight?: number;
  /** Peak shaving: what happens to jobs of low priority while many wait. @defaultValue none: they wait as all others */
  readonly defer?: DeferOptions;
  /** The name under which its stored jobs are found again: 1 to 64 letters, digits, `_` and `-`. @defaultValue `'pool'` */
  readonly name?: string;
}

/** What a job may be told. */
export interface JobOptions {
  /** @defaultValue `'user-visible'`; `'user-blocking'` in a handler that answers the user (see `withTasks`) */
  readonly priority?: TaskPriority;
  /** Aborting it rejects the job at once with its reason; one that waits never runs. @defaultValue none */
  readonly signal?: AbortSignalLike;
  /** Whether it may run again, on another processor, where a thread dies under it; up to three times. @defaultValue `false` */
  readonly idempotent?: boolean;
  /**
   * Tells this job from all others, for whoever must notice that it runs a second time; the job finds it as
   * `currentCall().metadata.job`. 1 to 64 letters, digits, `_` and `-`. @defaultValue none; of a job that is stored, a random one
   */
  readonly id?: string;
  /** Called when the job was written into storage: from then on it will run, whatever happens to the app. @defaultValue none */
  readonly onStored?: (id: string) => void;
}

const nameForm = /^[\w-]{1,64}$/;

/** A member that is a number in a range. @throws LanesError `ERR_INVALID_ARGUMENT` */
export function readNumber(
  given: Members,
  name: string,
  byDefault: number | undefined,
  least: number,
  most: number,
  isWhole = true,
): number {
  const { [name]: value = byDefault } = given;
  const fits = typeof value === 'number' && value >= least && value <= most;
  if (fits && (!isWhole || value % 1 === 0 || value === Infinity)) return value;
  return refuseArgument(name, `${isWhole ? 'an integer' : 'a number'} from ${least} to ${most}`, value);
}

/** A name or an id. @throws LanesError `ERR_INVALID_ARGUMENT` */
export function readName(name: string, value: unknown): string {
  if (typeof value === 'string' && nameForm.test(value)) return value;
  return refuseArgument(name, '1 to 64 letters, digits, "_" or "-"', value);
}

/** The code on this thread; `undefined` where there is none. @throws LanesError `ERR_INVALID_ARGUMENT` */
export function readInline({ inline = false, jobs }: Members): unknown {
  if (typeof inline !== 'boolean') return inline;
  if (inline && jobs === undefined)
    return refuseArgument('jobs', 'the code of the jobs where inline is true, or give that as inline', jobs);
  return inline ? jobs : undefined;
}

/** Whether `worker` is a `Worker`, also of another bundle. */
const isWorker = (worker: unknown): worker is Worker =>
  isObject(worker) && typeof (worker as { readonly postMessage?: unknown }).postMessage === 'function';

/** The workers that were given, or how many of which file to start. @throws LanesError `ERR_INVALID_ARGUMENT` */
export function readThreads(worker: unknown): readonly Worker[] | PoolThreads {
  if (worker === undefined) return [];
  if (isWorker(worker)) return [worker];
  if (Array.isArray(worker) && worker.every(isWorker)) return worker;
  if (isRecord(worker) && worker['url'] !== undefined) {
    readNumber(worker, 'count', 1, 1, 64);
    return worker as unknown as PoolThreads;
  }
  return refuseArgument('worker', 'a Worker, an array of them, or an object with a url', worker);
}

/** @throws LanesError `ERR_INVALID_ARGUMENT`; TypeError for what is no object */
export function readDefer(value: unknown): DeferOptions & Members {
  const given = dictionary(value);
  const { to = 'idle', onReplay } = given;
  if (to !== 'idle' && to !== 'storage') refuseArgument('to', '"idle" or "storage"', to);
  if (onReplay !== undefined && typeof onReplay !== 'function')
    refuseArgument('onReplay', 'a function', onReplay);
  return given as unknown as DeferOptions & Members;
}
