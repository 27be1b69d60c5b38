/**
 * A thread as a processor: a `Worker`, and its jobs as calls.
 *
 * What must always hold: jobs are given to it only while it is there, so that those that wait can be stolen while it starts;
 * no more than its window has room for are under way.
 */
import { LanesError } from '../core/errors.js';
import { currentRuntime } from '../host/runtime.js';
import type { CallOptions } from '../rpc/call-options.js';
import { call, withOptions } from '../rpc/remote.js';
import { wrap } from '../rpc/wrap.js';
import { taskPriorities } from '../scheduler/task-priority.js';
import type { Worker } from '../worker/worker.js';
import { InFlightWindow } from './in-flight-window.js';
import { metadataOf } from './inline-call.js';
import type { Job } from './job.js';
import type { Dispatcher } from './processor.js';
import { Processor } from './processor.js';

/** What a thread that is not there costs whoever waits for it: more than any queue. */
const awayLoad = 1e9;

const lostCodes = new Set(['ERR_WORKER_LOST', 'ERR_WORKER_CLOSED', 'ERR_WORKER_START', 'ERR_WORKER_BUSY']);

/** Whether a call failed because its thread did. */
const isLoss = (error: unknown): boolean => LanesError.is(error) && lostCodes.has(error.code);

/** One thread. */
export class ThreadProcessor extends Processor {
  private isUp = true;
  private readonly window: InFlightWindow;
  /** By rank. */
  private readonly remotes: readonly object[];
  /** Whether answers of this slice are being heard. */
  private isHearing = false;
  private readonly onChange = (): void => this.changed();

  constructor(
    name: string,
    dispatcher: Dispatcher,
    private readonly worker: Worker,
    maxInFlight: number,
    /** Whether the pool made the worker. */
    private readonly isOwn: boolean,
  ) {
    super(name, dispatcher);
    this.window = new InFlightWindow(maxInFlight);
    const remote = wrap<object>(worker);
    this.remotes = taskPriorities.map((priority) => withOptions(remote, { priority }));
    worker.addEventListener('statechange', this.onChange);
  }

  get load(): number {
    const { inFlight, deque } = this;
    return inFlight + deque.length + (this.isThere ? 0 : awayLoad);
  }

  get isReady(): boolean {
    return this.isThere || this.worker.state === 'idle';
  }

  private get isThere(): boolean {
    const { state } = this.worker;
    return state === 'ready' || state === 'inline';
  }

  knows(): boolean {
    // What waits when it ends is handed on.
    return true;
  }

  fits(): boolean {
    return true;
  }

  feed(): void {
    const { worker, window, dispatcher } = this;
    // Looking at `ready` starts it.
    if (worker.state === 'idle' && this.deque.length > 0) void worker.ready;
    while (this.isThere && this.inFlight < Math.min(window.size, dispatcher.share)) {
      const job = dispatcher.next(this);
      if (job === null) return;
      this.start(job);
    }
  }

  close(): void {
    this.worker.removeEventListener('statechange', this.onChange);
    this.isUp = false;
    if (this.isOwn) this.worker.terminate();
  }

  /** The worker is another than before: it takes jobs, or never will again. */
  changed(): void {
    const { worker } = this;
    if (!this.isUp) return;
    if (worker.state !== 'failed' && worker.state !== 'closed') return this.feed();
    this.isUp = false;
    worker.ready.then(undefined, (reason: unknown) => this.dispatcher.ended(this, reason));
  }

  private start(job: Job): void {
    const nowMs = currentRuntime().now();
    if (this.inFlight === 0) this.window.begin(nowMs);
    this.begin(job, nowMs);
    const { name, args } = job.given;
    const answer: Promise<unknown> = call(this.remoteFor(job), name, ...args);
    answer.then(
      (value) => this.answered(job, true, value),
      (error: unknown) => this.answered(job, false, error),
    );
  }

  private remoteFor(job: Job): object {
    const { rank, signal, id } = job.given;
    const remote = this.remotes[rank] as object; // Invariant: one a rank.
    if (signal === null && id === '') return remote;
    const options: CallOptions = { metadata: metadataOf(job), ...(signal === null ? {} : { signal }) };
    return withOptions(remote, options);
  }

  private answered(job: Job, ok: boolean, value: unknown): void {
    const { pump, now } = currentRuntime();
    this.window.answered();
    this.end(now());
    if (!ok && isLoss(value)) this.dispatcher.lost(job, value);
    else job.finish(ok, value);
    if (this.isHearing) return;
    // Answers come many at once: when all are heard, it is known how many it has left.
    this.isHearing = true;
    pump.atSliceEnd(() => {
      this.isHearing = false;
      this.window.heard(now(), this.inFlight === 0 && this.dispatcher.isWaiting);
      this.dispatcher.freed(this);
    });
  }
}
