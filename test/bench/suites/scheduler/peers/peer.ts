/**
 * What a scheduler must offer to be compared. Each peer has a file of its own that loads it and has its own loops: were
 * the loops shared, a call site would see all peers in turn, and the engine would compile it well for none.
 *
 * Tags: `own` is ours, `limit` a bare queue that no scheduler can beat; `callback` or `promise` is the form of the API;
 * `priorities`, `cancel` (of one task), `slices` (others get their turn while tasks wait) and `queue` (tasks wait in it
 * until it is their turn) are features.
 */
import type { Hop, Kit } from '../../../harness/kit.js';
import type { SubjectInfo } from '../../../harness/result.js';

export type Priority = 'user-blocking' | 'user-visible' | 'background';

/** An empty queue of a peer, or the only one it has. */
export interface Session {
  /** Posts `task` so many times, all of one priority; the form with promises gives them. */
  fill(count: number, task: () => void, priority: Priority): readonly Promise<unknown>[] | null;
  /** Posts one task. */
  post(task: () => void, priority: Priority): void;
  /** Posts so many tasks that can be cancelled by their index; `null` where a peer cannot. */
  readonly fillCancellable: ((count: number, task: () => void) => (index: number) => void) | null;
}

export interface LoadedPeer {
  open(this: void): Session;
  /** The peer's ways to let others run. */
  readonly yields: readonly Hop[];
}

export interface Peer extends SubjectInfo {
  /** Loads the library; rejects where it cannot run, with the reason as message. */
  load(this: void, kit: Kit): Promise<LoadedPeer>;
}

/** Promises of cancelled tasks reject, which nobody waits for. */
export function ignoreRejection(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

/** @throws Error that says what the host lacks */
export function requireGlobals(have: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(have).filter((name) => have[name] === undefined);
  if (missing.length > 0) throw new Error(`needs ${missing.join(', ')}, which this host does not have`);
}
