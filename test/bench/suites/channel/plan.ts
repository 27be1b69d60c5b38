/** How much is measured. A full run takes about a minute a host, a quick one a quarter of a minute. */
import type { RoundPlan } from '../../harness/rounds.js';

export interface Plan {
  /** How often a workload's sample is taken before any counts, so that the engine has compiled what it will. */
  readonly warmUps: number;
  readonly rounds: RoundPlan;
  /** A sample that takes longer is given up, and its subject with it. */
  readonly sampleLimitMs: number;
}

export const fullPlan: Plan = {
  warmUps: 8,
  rounds: { least: 7, most: 31, budgetMs: 8_000 },
  sampleLimitMs: 10_000,
};

export const quickPlan: Plan = {
  warmUps: 4,
  rounds: { least: 3, most: 7, budgetMs: 1_500 },
  sampleLimitMs: 5_000,
};
