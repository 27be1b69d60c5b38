/**
 * What a library must offer to be compared. Each has a file of its own that loads it and has its own loops: were the loops
 * shared, a call site would see all libraries in turn, and the engine would compile it well for none.
 *
 * Tags: `own` is ours, `plain` is what a few lines without any library do, `peer` is another library; `generator` and
 * `async` are our two forms.
 */
import type { Kit } from '../../../harness/kit.js';
import type { SubjectInfo } from '../../../harness/result.js';
import type { Received, Section, SleepLog } from '../checks.js';

/** Sends 1 to `count` from one routine to another, and is fulfilled when both have ended. */
export type Transfer = (count: number, received: Received) => PromiseLike<unknown>;

/** A text is why a library has no way to do something. */
export interface Routines {
  /** Starts `count` routines, each of which tells `log` that it begins, sleeps, and tells that it woke. */
  readonly sleepers: ((count: number, sleepMs: number, log: SleepLog) => void) | string;
  /** Two routines and two unbuffered channels: each number goes there by one and back by the other. */
  readonly pingPong: Transfer | string;
  /** A producer and a consumer; the producer waits until somebody takes. */
  readonly unbuffered: Transfer | string;
  /** The same; the producer waits when `capacity` items wait. */
  readonly buffered: ((count: number, received: Received, capacity: number) => PromiseLike<unknown>) | string;
  /** A producer sends into `channels` unbuffered channels in turn, and a consumer takes from whichever has something. */
  readonly select: ((count: number, received: Received, channels: number) => PromiseLike<unknown>) | string;
  /** So many routines take one lock `count` times in all, and each time keep it while they are suspended once. */
  readonly handOffs: ((count: number, section: Section, routines: number) => PromiseLike<unknown>) | string;
}

export interface Peer extends SubjectInfo {
  /** Loads the library; rejects where it cannot run, with the reason as message. */
  load(this: void, kit: Kit): Promise<Routines>;
}

/** A library has no way to do something. */
export class NoWay extends Error {
  override readonly name = 'NoWay';
}

/** @throws NoWay with the reason */
export function wayOf<Way>(way: Way | string): Way {
  if (typeof way === 'string') throw new NoWay(way);
  return way;
}

export const noSleep = 'has no sleep';
export const noSelect = 'has nothing that waits for several channels';
export const noLock = 'has no lock';

/** What an async function waits for to be suspended once, and no longer. */
export const fulfilled = Promise.resolve();
