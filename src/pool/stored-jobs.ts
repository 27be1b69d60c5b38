/**
 * Jobs that wait in storage, and survive the end of the app.
 *
 * A record a key. A log of segments would take fewer calls, but each change would write a segment anew, and a torn one would
 * take its neighbours along; an index would be a second write, which a crash parts from the first. Here each write is
 * whole by itself, and the keys that the storage lists are the index, in the order of their numbers.
 *
 *   write(tries 0) ──► stored ──► write(tries n) ──► run ──► remove        one job at a time between `write(tries n)`
 *        │ refused                    ▲   thread lost │                    and the end of `remove`: a crash repeats one
 *        ▼                            └───────────────┘
 *   waits in memory
 *
 * What must always hold:
 * - A job whose first write was confirmed is run, in this start of the app or a later one, until it ends by itself or was
 *   begun {@link maxTries} times; then somebody is told.
 * - A job is begun only after that was written, and the next only after its removal was confirmed.
 * - What cannot be read loses only itself.
 */
import { LanesError } from '../core/errors.js';
import type { TimerEntry } from '../core/timer-queue.js';
import type { HostStorage } from '../host/storage.js';
import { currentRuntime } from '../host/runtime.js';
import type { Job } from './job.js';
import { readRecord, writeRecord } from './job-record.js';
import type { JobRecord } from './job-record.js';

/** A job that ends the app each time would end it at each start. */
const maxTries = 5;

/** A job in storage. */
interface Entry {
  readonly key: string;
  /** `null` for one of an earlier start that was not read yet. */
  job: Job | null;
  tries: number;
  /** Whether it stays in storage although its caller has been answered. */
  stays: boolean;
}

/** What stored jobs need of their pool. */
export interface StoredJobsOwner {
  /** Whether they are to wait: for others, or for a thread to be there. */
  readonly isBusy: boolean;
  place(job: Job): void;
  /** Makes a job of a record of an earlier start. */
  revive(record: JobRecord): Job;
  /** The storage did not take it: it is to wait elsewhere. */
  keep(job: Job): void;
  /** What is stored under `key` is no job, and is forgotten. */
  spoiled(key: string, reason: unknown): void;
  /** Nothing is under way in storage. */
  rested(): void;
}

/** The stored jobs of one pool. */
export class StoredJobs {
  private entries: Entry[] = [];
  /** Those that came before the storage told what it has; `null` afterwards. */
  private early: (() => void)[] | null = [];
  /** Of the next key; -1 where the storage does not tell which are taken. */
  private nextNumber = 0;
  /** The one between its `write` and the end of its `remove`. */
  private active: Entry | null = null;
  private isClosed = false;
  private timer: TimerEntry | null = null;
  private lastMs = 0;
  private writing = 0;

  constructor(
    private readonly storage: HostStorage,
    private readonly prefix: string,
    private readonly everyMs: number,
    private readonly owner: StoredJobsOwner,
  ) {
    this.ask(
      () => storage.keys(),
      (ok, keys) => this.open(ok, keys),
    );
  }

  get length(): number {
    return this.entries.length + this.writing;
  }

  /** Whether a job is between its begin and the end of its removal. */
  get isActive(): boolean {
    return this.active !== null;
  }

  /** Stores `job`; `stored` is called when that was confirmed. */
  add(job: Job, stored: () => void): void {
    this.writing++;
    if (this.early === null) this.write(job, stored);
    else this.early.push(() => this.write(job, stored));
  }

  /** Nothing is begun any more, in this start of the app. What is stored stays, and callers are told `reason`. */
  close(reason: unknown): void {
    this.isClosed = true;
    if (this.timer !== null) currentRuntime().timers.cancel(this.timer);
    // One that runs ends by itself.
    for (const entry of this.entries) if (entry !== this.active) this.leave(entry, reason);
  }

  private leave(entry: Entry, reason: unknown): void {
    entry.stays = true;
    if (entry.job !== null) entry.job.finish(false, reason);
  }

  private open(ok: boolean, keys: unknown): void {
    const { prefix, early } = this;
    const all: readonly unknown[] = Array.isArray(keys) ? keys : [];
    const ours = all.filter((key): key is string => typeof key === 'string' && key.startsWith(prefix)).sort();
    this.entries = ours.map((key) => ({ key, job: null, tries: 0, stays: false }));
    const last = ours[ours.length - 1];
    const lastNumber = last === undefined ? -1 : parseInt(last.slice(prefix.length), 36) || 0;
    this.nextNumber = ok ? lastNumber + 1 : -1;
    if (!ok) this.report(keys);
    this.early = null;
    if (early !== null) for (const each of early) each();
    this.lastMs = currentRuntime().now();
    this.arm();
  }

  private write(job: Job, stored: () => void): void {
    const { nextNumber } = this;
    const { name, rank, id, args } = job.given;
    let text: string;
    try {
      text = writeRecord({ name, rank, id, args, tries: 0 });
    } catch {
      return this.refused(job);
    }
    if (nextNumber < 0 || this.isClosed) return this.refused(job);
    const key = this.prefix + nextNumber.toString(36).padStart(8, '0');
    this.nextNumber++;
    this.ask(
      () => this.storage.write(key, text),
      (ok) => {
        const entry = { key, job, tries: 0, stays: false };
        if (!ok || job.isOver) this.forget(entry);
        if (!ok) return this.refused(job);
        this.writing--;
        if (job.isOver) return;
        this.entries.push(entry);
        this.watch(entry, job);
        stored();
        this.arm();
      },
    );
  }

  private refused(job: Job): void {
    this.writing--;
    if (!job.isOver) this.owner.keep(job);
  }

  /** From now on the end of `job` is the end of `entry`. */
  private watch(entry: Entry, job: Job): void {
    const { settled } = job;
    entry.job = job;
    job.settled = (ok, value) => {
      settled(ok, value);
      this.over(entry);
    };
    job.onLost = (reason) => this.lost(entry, job, reason);
  }

  private arm(): void {
    if (this.timer !== null || this.active !== null || this.isClosed || this.entries.length === 0) return;
    const { timers, now } = currentRuntime();
    this.timer = timers.after(Math.max(0, this.lastMs + this.everyMs - now()), () => {
      this.timer = null;
      const [first] = this.entries;
      this.lastMs = now();
      if (first === undefined || this.owner.isBusy) this.arm();
      else this.begin(first);
    });
  }

  private begin(entry: Entry): void {
    const { key, job } = entry;
    this.active = entry;
    if (job !== null) return this.attempt(entry, job);
    this.ask(
      () => this.storage.read(key),
      (ok, text) => {
        if (this.isClosed) return this.rest(entry);
        if (ok) return this.revive(entry, text);
        // It is there for the next start.
        this.drop(entry);
        this.report(text);
      },
    );
  }

  private revive(entry: Entry, text: unknown): void {
    let record: JobRecord;
    try {
      record = readRecord(text);
    } catch (error) {
      this.owner.spoiled(entry.key, error);
      return this.over(entry);
    }
    const job = this.owner.revive(record);
    entry.tries = record.tries;
    this.watch(entry, job);
    this.attempt(entry, job);
  }

  private attempt(entry: Entry, job: Job): void {
    const { name, rank, id, args } = job.given;
    if (entry.tries >= maxTries) return job.finish(false, abandoned(name, id, null));
    entry.tries++;
    this.ask(
      () => this.storage.write(entry.key, writeRecord({ name, rank, id, args, tries: entry.tries })),
      () => {
        if (job.isOver) return;
        if (this.isClosed) this.lost(entry, job, closedReason());
        else this.owner.place(job);
      },
    );
  }

  /** A thread died under it, or nothing is begun any more. */
  private lost(entry: Entry, job: Job, reason: unknown): void {
    if (this.isClosed) this.leave(entry, reason);
    else if (entry.tries >= maxTries)
      return job.finish(false, abandoned(job.given.name, job.given.id, reason));
    this.rest(entry);
  }

  /** Its job has ended. */
  private over(entry: Entry): void {
    if (entry.stays) return;
    this.forget(entry);
    if (entry !== this.active) this.entries = this.entries.filter((each) => each !== entry);
  }

  /** Takes it out of the storage, and then goes on. */
  private forget(entry: Entry): void {
    this.ask(
      () => this.storage.remove(entry.key),
      (ok, error) => {
        if (!ok) this.report(error);
        this.drop(entry);
      },
    );
  }

  private drop(entry: Entry): void {
    this.entries = this.entries.filter((each) => each !== entry);
    this.rest(entry);
  }

  private rest(entry: Entry): void {
    if (entry === this.active) this.active = null;
    this.arm();
    this.owner.rested();
  }

  private ask(step: () => PromiseLike<unknown>, done: (ok: boolean, value: unknown) => void): void {
    // Whatever a storage of the program's throws or gives.
    new Promise((resolve) => resolve(step())).then(
      (value) => done(true, value),
      (error: unknown) => done(false, error),
    );
  }

  private report(error: unknown): void {
    currentRuntime().host.app.reportError(error);
  }
}

function abandoned(name: string, id: string, cause: unknown): LanesError {
  const message = `the stored job "${name}" (${id}) was begun ${maxTries} times and never ended`;
  return new LanesError('ERR_JOB_ABANDONED', message, { value: id, ...(cause === null ? {} : { cause }) });
}

/** What is told of a pool that was closed. */
export const closedReason = (): LanesError => new LanesError('ERR_POOL_CLOSED', 'the pool was closed');
