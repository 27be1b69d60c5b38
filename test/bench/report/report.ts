/** What a suite says about its own figures: which tables, and which claims are made of them. */
import type { Results } from './results.js';

export interface Column {
  readonly metric: string;
  readonly title: string;
}

/** One table: a row for each subject that was measured in `workload`. */
export interface TableSpec {
  readonly workload: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** The figure of which ratios are shown; without it none are. */
  readonly ratioOf?: string;
}

/** Something we say of ourselves, to be read off the figures of one host. */
export interface Claim {
  readonly text: string;
  judge(this: void, results: Results): Judgement;
}

/** `held` is `null` where there is nothing to judge by. */
export interface Judgement {
  readonly held: boolean | null;
  readonly measured: string;
  readonly wanted: string;
  /** The two numbers that were compared, where their ratio says how near it was. */
  readonly value?: number;
  readonly limit?: number;
}

export interface SuiteReport {
  readonly title: string;
  readonly tables: readonly TableSpec[];
  /** The subject that all ratios refer to. */
  readonly reference: string;
  /** Tags of those among which "the best peer" is looked for, and tags that it must not have. */
  readonly peers: { readonly having: readonly string[]; readonly without: readonly string[] };
  readonly claims: readonly Claim[];
}
