/** How much is measured. A full run takes about a minute and a half a host, a quick one a quarter of a minute. */
import type { RoundPlan } from '../../harness/rounds.js';

export interface Plan {
  /** How long each subject encodes and decodes a value before it is measured, so that the engine has compiled what it will. */
  readonly warmUpMs: number;
  /** How long a sample should take: fast ones are repeated, because the clock of an isolated page has steps of 5 µs. */
  readonly sampleMs: number;
  readonly rounds: RoundPlan;
  /** A sample that takes longer is given up, and its peer with it. */
  readonly sampleLimitMs: number;
}

export const fullPlan: Plan = {
  warmUpMs: 200,
  sampleMs: 30,
  rounds: { least: 5, most: 25, budgetMs: 14_000 },
  sampleLimitMs: 20_000,
};

export const quickPlan: Plan = {
  warmUpMs: 40,
  sampleMs: 10,
  rounds: { least: 3, most: 7, budgetMs: 2_000 },
  sampleLimitMs: 10_000,
};
