/**
 * A job: one `run()` from the moment it is given until it settles.
 *
 * What must always hold: it settles once; while it waits it is in one list, and while it runs in none; what waits for its
 * signal is taken back when it settles.
 */
import type { AbortSignalLike } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import type { Linked, LinkedList } from '../core/linked-list.js';
import type { JobCode } from './job-code.js';

/** What is known of a job from its beginning. */
export interface JobGiven {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly rank: Rank;
  /** `''` for one that nobody gave any. */
  readonly id: string;
  readonly signal: AbortSignalLike | null;
  /** Whether it may run again where a thread dies under it. */
  readonly idempotent: boolean;
  /** Its code on this thread; `null` where there is none. */
  readonly code: JobCode | null;
  readonly queuedMs: number;
}

/** Hears how a job ended. */
export type Settled = (ok: boolean, value: unknown) => void;

/** A job that waits or runs. */
export class Job implements Linked<Job> {
  list: LinkedList<Job> | null = null;
  before: Job | null = null;
  after: Job | null = null;
  isOver = false;
  /** Threads that died under it. */
  deaths = 0;
  /** Takes back what waits for its signal. */
  forget: (() => void) | null = null;
  /** Told instead of the caller when a thread was lost under it, or the pool closed; `null` for jobs that nobody keeps. */
  onLost: ((reason: unknown) => void) | null = null;

  constructor(
    readonly given: JobGiven,
    public settled: Settled,
  ) {}

  /** Ends it, once: what comes later concerns nobody. */
  finish(ok: boolean, value: unknown): void {
    const { list, forget } = this;
    if (this.isOver) return;
    this.isOver = true;
    if (list !== null) list.remove(this);
    if (forget !== null) forget();
    this.settled(ok, value);
  }

  /** Nothing can run it, because of `reason`. */
  lose(reason: unknown): void {
    if (this.onLost === null) return this.finish(false, reason);
    if (this.list !== null) this.list.remove(this);
    this.onLost(reason);
  }
}
