/**
 * Interleaved rounds: each round takes one sample of every subject, in a new order. What slows the machine down for a
 * while (another process, a hot core) then meets all subjects alike, and ratios within a run stay true.
 */
import { shuffled } from './random.js';

export interface RoundPlan {
  /** Rounds that are run in any case. */
  readonly least: number;
  readonly most: number;
  /** Beyond `least` no round is begun that would probably end later than this after the first began. */
  readonly budgetMs: number;
}

export interface RoundTools {
  now(this: void): number;
  random(this: void): number;
  /** Run before each sample: garbage is collected, what was left behind is over. */
  before(this: void): Promise<void>;
  /** A subject whose sample failed is left out from then on. */
  onFailure(this: void, subject: string, error: unknown): void;
}

/** @returns how many rounds were run */
export async function interleave<Subject extends { readonly name: string }>(
  subjects: readonly Subject[],
  plan: RoundPlan,
  tools: RoundTools,
  sample: (subject: Subject) => Promise<void>,
): Promise<number> {
  const failed = new Set<Subject>();
  const startMs = tools.now();
  let rounds = 0;
  while (rounds < plan.least || (rounds < plan.most && fits(rounds, tools.now() - startMs, plan.budgetMs))) {
    for (const subject of shuffled(subjects, tools.random)) {
      if (failed.has(subject)) continue;
      try {
        await tools.before();
        await sample(subject);
      } catch (error) {
        failed.add(subject);
        tools.onFailure(subject.name, error);
      }
    }
    rounds++;
  }
  return rounds;
}

function fits(rounds: number, elapsedMs: number, budgetMs: number): boolean {
  return elapsedMs + elapsedMs / rounds <= budgetMs;
}
