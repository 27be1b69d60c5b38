/** How much is measured: a round is a process for each subject, with and without compiled code. */
import type { RoundPlan } from '../../harness/rounds.js';

export const workload = 'cold';

/** A process takes a tenth of a second or so, nearly all of it Node's own start. */
export const fullRounds: RoundPlan = { least: 15, most: 41, budgetMs: 120_000 };
export const quickRounds: RoundPlan = { least: 2, most: 7, budgetMs: 15_000 };

export const SAMPLE_LIMIT_MS = 20_000;
