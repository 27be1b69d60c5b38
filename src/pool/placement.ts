/**
 * Which processor runs which job.
 *
 * What must always hold:
 * - A job that waits is in the deque of one processor, or among the deferred, and is taken out before it is given away: so
 *   whoever takes it, it is run once.
 * - No thread has room while a job waits; the idle slices ask when they come.
 * - When no processor is left, what waits is lost, with the reason of the last that ended.
 *
 *      run() ──► the deque with the least to do
 *                thread 1  [ U V V B ] ──► its owner, or
 *                thread 2  [ ]         ◄── whoever has room: the most urgent; of equals its own, else the busiest's
 *                inline    [ ]         ◄── likewise, in idle slices
 *                deferred  [ B B ]     ──► whoever finds all deques empty
 */
import { LanesError } from '../core/errors.js';
import type { Job } from './job.js';
import { LinkedList } from '../core/linked-list.js';
import { noRank } from './deque.js';
import type { InlineProcessor } from './inline-processor.js';
import type { Dispatcher, Processor } from './processor.js';

/** So many threads may die under an idempotent job, and it runs again. */
const maxDeaths = 3;

/** The processors of one pool, and what waits for them. */
export class Placement implements Dispatcher {
  /** Jobs that wait until nothing else does. */
  readonly deferred = new LinkedList<Job>();
  processors: readonly Processor[] = [];
  private inline: InlineProcessor | null = null;
  private lastReason: unknown = null;

  constructor(
    /** Told when a processor has nothing in flight any more. */
    private readonly onFree: () => void,
    /** Told when no processor is left. */
    private readonly onOver: (reason: unknown) => void,
  ) {}

  /** Begins with these; `inline` is one of them, or `null`. */
  open(processors: readonly Processor[], inline: InlineProcessor | null): void {
    this.processors = processors;
    this.inline = inline;
    if (inline !== null) inline.isAlone = processors.length === 1;
  }

  /** Jobs in the deques. */
  get queued(): number {
    let sum = 0;
    for (const { deque } of this.processors) sum += deque.length;
    return sum;
  }

  get isWaiting(): boolean {
    return this.deferred.length > 0 || this.processors.some(({ deque }) => deque.firstRank < noRank);
  }

  get share(): number {
    const { inline, processors } = this;
    const threads = processors.length - (inline === null ? 0 : 1);
    return Math.ceil((this.queued + this.deferred.length + this.inFlight) / Math.max(1, threads));
  }

  get inFlight(): number {
    return this.processors.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Queues a job, and gives it away at once where a processor has room. */
  place(job: Job): void {
    const target = this.leastLoaded(job);
    if (target === null) return job.lose(this.lastReason ?? notFound(job));
    target.deque.push(job);
    target.feed();
    if (job.list !== null) this.feed();
  }

  /** Queues a job behind all others. */
  defer(job: Job): void {
    if (!this.processors.some((each) => each.knows(job))) return job.lose(this.lastReason ?? notFound(job));
    this.deferred.push(job);
    this.feed();
  }

  next(thief: Processor): Job | null {
    let victim = thief;
    let rank = thief.deque.firstRank;
    for (const each of this.processors) {
      const { firstRank, length } = each.deque;
      const isBusier = victim !== thief && firstRank === rank && length > victim.deque.length;
      if (firstRank < rank || (firstRank < noRank && isBusier)) {
        victim = each;
        rank = firstRank;
      }
    }
    const fits = (job: Job): boolean => thief.fits(job);
    const job = victim.deque.take(fits);
    if (job === null) return this.takeDeferred(fits);
    if (victim !== thief) thief.noteSteal();
    return job;
  }

  private takeDeferred(fits: (job: Job) => boolean): Job | null {
    const { head } = this.deferred;
    if (head === null || !fits(head)) return null;
    this.deferred.remove(head);
    return head;
  }

  freed(processor: Processor): void {
    processor.feed();
    if (this.inline !== null && processor !== this.inline) this.inline.feed();
    if (processor.inFlight === 0) this.onFree();
  }

  lost(job: Job, reason: unknown): void {
    if (job.given.idempotent && !job.isOver && ++job.deaths <= maxDeaths) this.place(job);
    else job.lose(reason);
  }

  ended(processor: Processor, reason: unknown): void {
    const { inline } = this;
    this.processors = this.processors.filter((each) => each !== processor);
    this.lastReason = reason;
    if (inline !== null) inline.isAlone = this.processors.length === 1;
    processor.deque.drain((job) => this.place(job));
    const put: Job[] = [];
    this.deferred.drain((job) => put.push(job));
    for (const job of put) this.defer(job);
    if (this.processors.length === 0) this.onOver(reason);
    this.feed();
    processor.close();
    this.onFree();
  }

  /** Everything that waits is lost. */
  drain(reason: unknown): void {
    for (const { deque } of this.processors) deque.drain((job) => job.lose(reason));
    this.deferred.drain((job) => job.lose(reason));
  }

  private feed(): void {
    for (const processor of this.processors) processor.feed();
  }

  private leastLoaded(job: Job): Processor | null {
    let best: Processor | null = null;
    let bestLoad = Infinity;
    for (const each of this.processors) {
      const { load } = each;
      if (!each.knows(job) || load >= bestLoad) continue;
      best = each;
      bestLoad = load;
    }
    return best;
  }
}

function notFound({ given: { name } }: Job): LanesError {
  return new LanesError('ERR_CALL_NOT_FOUND', `no processor of the pool has a job "${name}"`, {
    value: name,
  });
}
