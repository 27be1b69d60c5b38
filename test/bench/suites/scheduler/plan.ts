/** How much is measured. A full run takes about two minutes a host, a quick one a quarter of a minute. */
import type { RoundPlan } from '../../harness/rounds.js';

export interface Plan {
  /** How often the trial is repeated before anything is measured, so that the engine has compiled what it will. */
  readonly warmUps: number;
  readonly run: { readonly count: number; readonly repeats: number; readonly rounds: RoundPlan }[];
  readonly yields: RoundPlan;
  readonly cancel: RoundPlan;
  readonly bytes: RoundPlan;
  readonly latency: RoundPlan;
  /** How long user-blocking tasks are posted. */
  readonly latencyWindowMs: number;
  readonly gaps: RoundPlan;
  /** A peer that would need longer for a sample is left out of that workload. */
  readonly slowestMs: number;
  /** A sample that takes longer in spite of that is given up, and its peer with it. */
  readonly sampleLimitMs: number;
}

// Small counts are repeated, because the clock of an isolated page has steps of 5 µs.
export const fullPlan: Plan = {
  warmUps: 40,
  run: [
    { count: 1_000, repeats: 10, rounds: { least: 5, most: 15, budgetMs: 4_000 } },
    { count: 10_000, repeats: 2, rounds: { least: 5, most: 15, budgetMs: 5_000 } },
    { count: 100_000, repeats: 1, rounds: { least: 3, most: 11, budgetMs: 15_000 } },
  ],
  yields: { least: 3, most: 9, budgetMs: 4_000 },
  cancel: { least: 3, most: 7, budgetMs: 5_000 },
  bytes: { least: 2, most: 5, budgetMs: 8_000 },
  latency: { least: 2, most: 3, budgetMs: 36_000 },
  latencyWindowMs: 2_000,
  gaps: { least: 2, most: 5, budgetMs: 16_000 },
  slowestMs: 6_000,
  sampleLimitMs: 20_000,
};

export const quickPlan: Plan = {
  warmUps: 10,
  run: [
    { count: 1_000, repeats: 5, rounds: { least: 3, most: 3, budgetMs: 0 } },
    { count: 10_000, repeats: 1, rounds: { least: 2, most: 3, budgetMs: 500 } },
    { count: 100_000, repeats: 1, rounds: { least: 2, most: 3, budgetMs: 2_000 } },
  ],
  yields: { least: 2, most: 2, budgetMs: 0 },
  cancel: { least: 1, most: 3, budgetMs: 1_500 },
  bytes: { least: 1, most: 1, budgetMs: 0 },
  latency: { least: 1, most: 1, budgetMs: 0 },
  latencyWindowMs: 500,
  gaps: { least: 1, most: 1, budgetMs: 0 },
  slowestMs: 1_000,
  sampleLimitMs: 5_000,
};
