/** What a job on this thread finds in `currentCall()`: the same as in a worker. */
import { AbortController, AbortSignal } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import type { CallInside } from '../rpc/call-context.js';
import type { Job } from './job.js';

/** Under which users find the id: a text, so that bundles for devices keep it. */
const idKey = 'job';

/** The metadata of a job: its id, where it has one. */
export function metadataOf({ given: { id } }: Job): Readonly<Record<string, string>> {
  return Object.freeze(id === '' ? {} : { [idKey]: id });
}

/** A job as a call of this thread to itself. */
export class InlineCall implements CallInside {
  readonly deadlineMs = Infinity;
  readonly metadata: Readonly<Record<string, string>>;
  readonly rank: Rank;
  private ownSignal: AbortSignal | null = null;

  constructor(private readonly job: Job) {
    this.metadata = metadataOf(job);
    this.rank = job.given.rank;
  }

  get signal(): AbortSignal {
    const { signal } = this.job.given;
    return (this.ownSignal ??= signal === null ? new AbortController().signal : AbortSignal.any([signal]));
  }

  progress(): void {
    // Nobody listens: `run()` takes no `onProgress`.
  }
}
