/** What every workload of this suite is given. */
import { SuiteBench } from '../../harness/bench.js';
import { settle } from '../../harness/kit.js';
import type { Kit } from '../../harness/kit.js';
import type { Recorder } from '../../harness/recorder.js';
import { Tally } from '../../harness/tally.js';
import type { LoadedPeer } from './peers/peer.js';
import type { Plan } from './plan.js';

/** A peer that runs here. */
export interface Contender extends LoadedPeer {
  readonly name: string;
  readonly tags: readonly string[];
}

export class Bench extends SuiteBench {
  constructor(
    kit: Kit,
    readonly plan: Plan,
    recorder: Recorder,
    readonly contenders: readonly Contender[],
    random: () => number,
  ) {
    super(kit, recorder, random, plan.sampleLimitMs);
  }

  tally(expected: number): Tally {
    return new Tally(expected, this.kit.now);
  }

  /** Waits for all tasks of `tally`, and a little longer, for tasks that must not run. */
  async finish(tally: Tally): Promise<void> {
    await tally.finished;
    await settle(this.kit);
    tally.assertExact();
  }

  /** Leaves out, with the reason, who would need too long for `count` tasks by what the smaller runs took. */
  leaveOutSlow(workload: string, subjects: readonly Contender[], count: number): void {
    for (const { name, tags } of subjects) {
      if (tags.includes('limit') || tags.includes('own')) continue;
      if (this.recorder.isExcluded(workload, name)) continue;
      const expectedMs = this.expectedMs(name, count);
      if (expectedMs <= this.plan.slowestMs) continue;
      const seconds = Math.round(expectedMs / 100) / 10;
      this.recorder.exclude(workload, name, `would take about ${String(seconds)} s a round`);
    }
  }

  /** Goes on as from 1,000 to 10,000 tasks, by the best of the rounds, and never less than in proportion. */
  private expectedMs(name: string, count: number): number {
    const msOf = (size: number): number =>
      (size * Math.min(...this.recorder.samples(runWorkload(size), name, 'all'))) / 1e6;
    const [small, large] = [msOf(1_000), msOf(10_000)];
    if (!Number.isFinite(small) || !Number.isFinite(large)) return 0;
    const growth = Math.max(1, Math.log10(large / small));
    return large * (count / 10_000) ** growth;
  }
}

/** The name of the workload that runs so many empty tasks. */
export function runWorkload(count: number): string {
  return `run ${count.toLocaleString('en')}`;
}

export function having<T extends { readonly tags: readonly string[] }>(
  subjects: readonly T[],
  ...tags: readonly string[]
): T[] {
  return subjects.filter((each) => tags.every((tag) => each.tags.includes(tag)));
}
