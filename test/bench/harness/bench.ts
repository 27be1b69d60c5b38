/** What the workloads of a suite are given: the host, where figures go, and interleaved rounds. */
import { settle } from './kit.js';
import type { Kit } from './kit.js';
import { within } from './limit.js';
import type { Recorder } from './recorder.js';
import { interleave } from './rounds.js';
import type { RoundPlan } from './rounds.js';

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

  /** Takes samples of all `subjects` that have not been left out of `workload`, in interleaved rounds. */
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
    recorder.rounds[workload] = await interleave(taking, rounds, tools, (subject) =>
      within(sample(subject), this.sampleLimitMs, kit.setTimer),
    );
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
