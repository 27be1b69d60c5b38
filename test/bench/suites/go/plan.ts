/** How much is measured. A full run takes about five minutes a host, a quick one about two. */
import type { RoundPlan } from '../../harness/rounds.js';

export interface Plan {
  readonly messages: RoundPlan;
  /** How often messages are sent before any count, so that the engine has compiled what it will. */
  readonly warmUps: number;
  /** How long a sample of messages is to take at most: who is slower gets fewer. */
  readonly sampleMs: number;
  readonly sleepers: RoundPlan;
  readonly bytes: RoundPlan;
  readonly growth: RoundPlan;
  /** Who would need longer to start and wake the sleepers is left out of that workload. */
  readonly slowestMs: number;
  /** A sample that takes longer in spite of that is given up, and its subject with it. */
  readonly sampleLimitMs: number;
}

export const fullPlan: Plan = {
  messages: { least: 5, most: 15, budgetMs: 10_000 },
  warmUps: 6,
  sampleMs: 200,
  sleepers: { least: 3, most: 5, budgetMs: 60_000 },
  bytes: { least: 1, most: 2, budgetMs: 60_000 },
  growth: { least: 1, most: 3, budgetMs: 12_000 },
  slowestMs: 8_000,
  sampleLimitMs: 30_000,
};

export const quickPlan: Plan = {
  messages: { least: 3, most: 5, budgetMs: 1_500 },
  warmUps: 4,
  sampleMs: 80,
  sleepers: { least: 1, most: 1, budgetMs: 0 },
  bytes: { least: 1, most: 1, budgetMs: 0 },
  growth: { least: 1, most: 1, budgetMs: 0 },
  slowestMs: 4_000,
  sampleLimitMs: 20_000,
};
