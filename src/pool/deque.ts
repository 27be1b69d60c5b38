/**
 * The jobs that wait for one processor, by rank. The owner and thieves both take the most urgent, and of those the oldest:
 * all are in one thread of JavaScript, so nothing is gained by keeping to different ends, and the oldest has waited longest.
 */
import type { Rank } from '../core/task.js';
import type { Job } from './job.js';
import { LinkedList } from '../core/linked-list.js';

/** How far a processor that cannot run every job looks for one that it can. */
const reach = 16;

/** Above all ranks: nothing waits. */
export const noRank = 3;

/** Jobs of one processor, the most urgent first. */
export class Deque {
  private readonly lists: readonly LinkedList<Job>[] = [
    new LinkedList<Job>(),
    new LinkedList<Job>(),
    new LinkedList<Job>(),
  ];

  get length(): number {
    return this.lists.reduce((sum, { length }) => sum + length, 0);
  }

  /** The most urgent rank of which a job waits. */
  get firstRank(): number {
    const rank = this.lists.findIndex(({ length }) => length > 0);
    return rank < 0 ? noRank : rank;
  }

  push(job: Job): void {
    this.listOf(job.given.rank).push(job);
  }

  /** Takes out the first job that `fits`, looking at a few of each rank. */
  take(fits: (job: Job) => boolean): Job | null {
    for (const list of this.lists) {
      let job = list.head;
      for (let left = reach; job !== null && left > 0; left--, job = job.after) {
        if (!fits(job)) continue;
        list.remove(job);
        return job;
      }
    }
    return null;
  }

  /** Takes all out, the most urgent first. */
  drain(take: (job: Job) => void): void {
    for (const list of this.lists) list.drain(take);
  }

  private listOf(rank: Rank): LinkedList<Job> {
    return this.lists[rank] as LinkedList<Job>; // Invariant: one a rank.
  }
}
