/** How much is measured. A full run takes about five minutes a host, a quick one less than one. */
import type { RoundPlan } from '../../harness/rounds.js';

export interface Plan {
  readonly rounds: RoundPlan;
  /** A sample is made of so many runs that n are at least so many in all, and of no more than `mostRuns`. */
  readonly leastItems: number;
  readonly mostRuns: number;
  readonly sampleLimitMs: number;
}

export const fullPlan: Plan = {
  rounds: { least: 3, most: 7, budgetMs: 40_000 },
  leastItems: 20_000,
  mostRuns: 20,
  sampleLimitMs: 60_000,
};

export const quickPlan: Plan = {
  rounds: { least: 2, most: 3, budgetMs: 1_000 },
  leastItems: 4_000,
  mostRuns: 5,
  sampleLimitMs: 30_000,
};
