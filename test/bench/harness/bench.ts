/** What the workloads of a suite are given: the host, where figures go, and interleaved rounds. */
import { againOf, controlOf } from './control.js';
import { settle } from './kit.js';
import type { Kit } from './kit.js';
import { TooLate, within } from './limit.js';
import type { Recorder } from './recorder.js';
import { interleave } from './rounds.js';
import type { RoundPlan } from './rounds.js';

/** So many have a middle and quartiles. */
const FEW_ROUNDS = 5;

/** Thrown by a sample that is good, but has left the peer in a state in which there cannot be another. */
export class LastSample extends Error {}

export class SuiteBench {
  /** @param sampleLimitMs - a sample that takes longer is given up, and its subject with it */
  constructor(
    readonly kit: Kit,
    readonly recorder: Recorder,
    private readonly random: () => number,
    private readonly sampleLimitMs: number,
  ) {}

  /** Takes samples that do not count, of all in turn, so that the engine has compiled what it will. */
  async warmUp<Subject extends { readonly name: string }>(
    workload: string,
    subjects: readonly Subject[],
    times: number,
    sample: (subject: Subject) => Promise<unknown>,
  ): Promise<void> {
    const { kit, recorder } = this;
    for (let time = 0; time < times; time++) {
      for (const subject of subjects) {
        if (recorder.isExcluded(workload, subject.name)) continue;
        kit.progress(`${workload}: ${subject.name}`);
        try {
          await within(sample(subject), this.sampleLimitMs, kit.setTimer);
        } catch (error) {
          recorder.exclude(workload, subject.name, reasonOf(error));
        }
      }
    }
  }

  /**
   * Takes samples of all `subjects` that have not been left out of `workload`, in interleaved rounds, and of one of them twice
   * in each (see `control.ts`).
   */
  async measure<Subject extends { readonly name: string }>(
    workload: string,
    subjects: readonly Subject[],
    rounds: RoundPlan,
    sample: (subject: Subject) => Promise<void>,
  ): Promise<void> {
    const { kit, recorder, random } = this;
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
    recorder.rounds[workload] = await interleave(
      entriesOf(taking),
      atLeastFor(rounds, kit.leastBudgetMs),
      tools,
      (entry) =>
        recorder.renaming(entry.subject.name, entry.name, () => this.timed(() => sample(entry.subject))),
    );
    this.dropControl(workload, taking);
  }

  /** A sample that never gave the thread away has no timer that could end it, so what it took is looked at afterwards. */
  private async timed(sample: () => Promise<void>): Promise<void> {
    const { kit, sampleLimitMs } = this;
    const startMs = kit.now();
    await within(sample(), sampleLimitMs, kit.setTimer);
    const tookMs = kit.now() - startMs;
    if (tookMs > sampleLimitMs) throw new TooLate(`took ${(tookMs / 1000).toFixed(1)} s a round`);
  }

  /** A control without what it is compared with says nothing. */
  private dropControl(workload: string, taking: readonly { readonly name: string }[]): void {
    const control = controlOf(taking);
    if (control !== undefined && this.recorder.isExcluded(workload, control.name)) {
      this.recorder.drop(workload, againOf(control.name));
    }
  }
}

/** A subject under the name that its figures get. */
interface Entry<Subject> {
  readonly name: string;
  readonly subject: Subject;
}

function entriesOf<Subject extends { readonly name: string }>(
  subjects: readonly Subject[],
): Entry<Subject>[] {
  const entries = subjects.map((subject) => ({ name: subject.name, subject }));
  const control = controlOf(subjects);
  return control === undefined ? entries : [...entries, { name: againOf(control.name), subject: control }];
}

/** Where all is slow, a short plan may take as long as it needs for a few rounds. */
function atLeastFor({ least, most, budgetMs }: RoundPlan, leastBudgetMs: number): RoundPlan {
  if (budgetMs >= leastBudgetMs) return { least, most, budgetMs };
  return { least, most: Math.max(most, FEW_ROUNDS), budgetMs: leastBudgetMs };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
