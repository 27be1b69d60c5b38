/** What a suite brings back from a host: plain data, so that it can cross a process or a page, and be written as JSON. */
import type { HostName, Kit } from './kit.js';

/** Something that is compared. */
export interface SubjectInfo {
  readonly name: string;
  /** What the report and the verdict choose subjects by; each suite documents its own. */
  readonly tags: readonly string[];
}

/** The samples of one figure, one a round. */
export interface Series {
  readonly workload: string;
  readonly subject: string;
  readonly metric: string;
  readonly samples: readonly number[];
}

/** Why there is no figure. `workload` is `''` where the subject cannot run in this host at all. */
export interface Absence {
  readonly workload: string;
  readonly subject: string;
  readonly reason: string;
}

export interface SuiteResult {
  readonly host: HostName;
  readonly engine: string;
  readonly subjects: readonly SubjectInfo[];
  readonly series: readonly Series[];
  readonly absences: readonly Absence[];
  /** Rounds of each workload. */
  readonly rounds: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What `npm run bench` asks of a suite. */
export interface Settings {
  readonly quick: boolean;
  /** See `Kit`. */
  readonly leastBudgetMs: number;
}

/** The part of a suite that runs inside of a host. */
export type RunSuite = (
  kit: Kit,
  settings: Settings,
) => Promise<Omit<SuiteResult, 'host' | 'engine' | 'seconds'>>;
