/** Results of made-up figures, to judge claims by. */
import { expect } from 'vitest';
import type { Absence, Series, SubjectInfo, SuiteResult } from '../harness/result.js';
import type { HostName } from '../harness/kit.js';
import type { SuiteReport } from '../report/report.js';
import { Results } from '../report/results.js';

/** Samples by workload, subject and metric. */
export type Figures = Record<string, Record<string, Record<string, readonly number[]>>>;

export function resultsOf(
  subjects: readonly SubjectInfo[],
  figures: Figures,
  absences: readonly Absence[] = [],
  host: HostName = 'node',
): Results {
  const series: Series[] = [];
  for (const [workload, bySubject] of Object.entries(figures)) {
    for (const [subject, byMetric] of Object.entries(bySubject)) {
      for (const [metric, samples] of Object.entries(byMetric))
        series.push({ workload, subject, metric, samples });
    }
  }
  const rounds = Object.fromEntries(Object.keys(figures).map((workload) => [workload, 3]));
  const data: SuiteResult = { host, engine: 'an engine', subjects, series, absences, rounds, seconds: 1 };
  return new Results(data);
}

/** What the one claim whose text contains `claim` comes to. */
export function verdictOn(report: SuiteReport, claim: string, results: Results): boolean | null {
  const found = report.claims.filter(({ text }) => text.includes(claim));
  expect(found, claim).toHaveLength(1);
  return found[0]!.judge(results).held;
}
