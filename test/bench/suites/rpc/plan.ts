/** How much is measured. A full run takes two to five minutes a host, a quick one less than one. */
import type { RoundPlan } from '../../harness/rounds.js';

/** How a workload is measured. */
export interface Effort {
  /** How often a sample is taken before any counts, so that the engine has compiled what it will. */
  readonly warmUps: number;
  readonly rounds: RoundPlan;
}

export interface Plan {
  readonly short: Effort;
  /** Of workloads whose samples take seconds with some. */
  readonly long: Effort;
  /** A sample that takes longer is given up, and its subject with it. */
  readonly sampleLimitMs: number;
}

export const fullPlan: Plan = {
  short: { warmUps: 10, rounds: { least: 7, most: 31, budgetMs: 8_000 } },
  long: { warmUps: 1, rounds: { least: 3, most: 7, budgetMs: 20_000 } },
  sampleLimitMs: 30_000,
};

export const quickPlan: Plan = {
  short: { warmUps: 8, rounds: { least: 5, most: 15, budgetMs: 2_000 } },
  long: { warmUps: 0, rounds: { least: 2, most: 3, budgetMs: 3_000 } },
  sampleLimitMs: 10_000,
};
