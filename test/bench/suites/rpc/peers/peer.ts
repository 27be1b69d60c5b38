/** Who is compared. Tags: `limit` is the host's own `postMessage`, `own` is ours, `peer` is another library. */
import type { Kit, Threads } from '../../../harness/kit.js';
import type { SubjectInfo } from '../../../harness/result.js';
import type { Caller } from '../caller.js';

export interface Peer extends SubjectInfo {
  /** Starts a thread and rejects where that cannot be, with the reason as message. */
  connect(this: void, kit: Kit, threads: Threads): Promise<Caller>;
}
