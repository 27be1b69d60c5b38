/** What every workload of this suite is given. */
import { interleave } from '../../harness/rounds.js';
import type { RoundPlan } from '../../harness/rounds.js';
import { settle } from '../../harness/kit.js';
import type { Kit } from '../../harness/kit.js';
import { within } from '../../harness/limit.js';
import type { Recorder } from '../../harness/recorder.js';
import { Tally } from '../../harness/tally.js';
import type { LoadedPeer } from './peers/peer.js';
import type { Plan } from './plan.js';

/** A peer that runs here. */
export interface Contender extends LoadedPeer {
  readonly name: string;
  readonly tags: readonly string[];
}

/** Thrown by a sample that is good, but has left the peer in a state in which there cannot be another. */
export class LastSample extends Error {}

export class Bench {
  constructor(
    readonly kit: Kit,
    readonly plan: Plan,
    readonly recorder: Recorder,
    readonly contenders: readonly Contender[],
    private readonly random: () => number,
  ) {}

  /** Takes samples of all `subjects` that have not been left out of `workload`, in interleaved rounds. */
  async measure<Subject extends { readonly name: string }>(
    workload: string,
    subjects: readonly Subject[],
    rounds: RoundPlan,
    sample: (subject: Subject) => Promise<void>,
  ): Promise<void> {
    const { kit, recorder, random, plan } = this;
    kit.progress(workload);
    const tools = {
      now: kit.now,
      random,
      before: async () => {
        await settle(kit);
        kit.collectGarbage();
      },
      onFailure: (subject: string, error: unknown) => {
        if (!(error instanceof LastSample)) recorder.exclude(workload, subject, reasonOf(error));
      },
    };
    const taking = subjects.filter(({ name }) => !recorder.isExcluded(workload, name));
    recorder.rounds[workload] = await interleave(taking, rounds, tools, (subject) =>
      within(sample(subject), plan.sampleLimitMs, kit.setTimer),
    );
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

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function having<T extends { readonly tags: readonly string[] }>(
  subjects: readonly T[],
  ...tags: readonly string[]
): T[] {
  return subjects.filter((each) => tags.every((tag) => each.tags.includes(tag)));
}
