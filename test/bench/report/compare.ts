/**
 * What has changed since another run. Of each figure it is the ratio to the suite's reference that is compared, in each run by
 * itself, so that a faster machine changes nothing; where the reference has no such figure, the figure itself, which says so.
 */
import type { SuiteResult } from '../harness/result.js';
import { figure } from './figures.js';
import { greatestFactor, isWithin } from './noise.js';
import { alignColumns } from './print.js';
import type { SuiteReport, TableSpec } from './report.js';
import { Results } from './results.js';
import { verdictsOf, wordOf } from './verdict.js';
import type { Verdict } from './verdict.js';

export interface Change {
  readonly subject: string;
  readonly metric: string;
  readonly before: number;
  readonly now: number;
  /** How many times as much it is now. */
  readonly change: number;
  /** Whether the two were compared by their ratios to the reference. */
  readonly isRatio: boolean;
  /** Whether a subject was as far from itself in one of the runs. */
  readonly isNoise: boolean;
}

/** The figures of one table that both runs have; of the reference none that would always be 1. */
export function changesOf(
  { reference }: SuiteReport,
  { workload, columns }: TableSpec,
  before: Results,
  now: Results,
): Change[] {
  const subjects = now.measuredIn(workload).filter((name) => before.measuredIn(workload).includes(name));
  return subjects.flatMap((subject) =>
    columns.flatMap(({ metric, title }): Change[] => {
      const has = (results: Results, name: string): boolean =>
        results.samples(workload, name, metric).length > 0;
      const isRatio = has(before, reference) && has(now, reference);
      if (!has(before, subject) || !has(now, subject) || (isRatio && subject === reference)) return [];
      const of = (results: Results): number =>
        isRatio
          ? results.ratio(workload, subject, reference, metric)
          : results.median(workload, subject, metric);
      const change = of(now) / of(before);
      const asked = [{ workload, metric }];
      const factor = Math.max(greatestFactor(before, asked), greatestFactor(now, asked));
      const isNoise = change !== 1 && isWithin(factor, change, 1);
      return [{ subject, metric: title, before: of(before), now: of(now), change, isRatio, isNoise }];
    }),
  );
}

/** All changes of one suite in one host, as tables. */
export function formatChanges(report: SuiteReport, before: SuiteResult, now: SuiteResult): string {
  const [old, recent] = [new Results(before), new Results(now)];
  const parts = report.tables.flatMap((spec) => {
    const changes = changesOf(report, spec, old, recent);
    if (changes.length === 0) return [];
    const rows = changes.map((each) => [
      `  ${each.subject}, ${each.metric}`,
      cellOf(each.before, each),
      cellOf(each.now, each),
      percent(each),
    ]);
    return [[spec.title, ...alignColumns([['', 'before', 'now', 'change'], ...rows])].join('\n')];
  });
  return [`━━ ${report.title} in ${now.engine}, against ${before.engine}`, ...parts].join('\n\n');
}

function cellOf(value: number, { isRatio }: Change): string {
  return isRatio ? `${figure(value)} ×` : figure(value);
}

function percent({ change, isNoise }: Change): string {
  if (!Number.isFinite(change)) return '–';
  const points = Math.round((change - 1) * 100);
  return `${points > 0 ? '+' : ''}${String(points)} %${isNoise ? ' ~' : '  '}`;
}

/** The targets that came out otherwise, a line each; `''` where none did. */
export function formatVerdictChanges(
  report: SuiteReport,
  before: readonly SuiteResult[],
  now: readonly SuiteResult[],
): string {
  const judged = (results: readonly SuiteResult[]): Verdict[] =>
    verdictsOf(
      report,
      results.map((each) => new Results(each)),
    );
  const old = judged(before);
  const lines = judged(now).flatMap((verdict) => {
    const was = old.find(({ text, host }) => text === verdict.text && host === verdict.host);
    if (was === undefined || was.held === verdict.held) return [];
    return [
      [
        `  ${verdict.text}`,
        verdict.host,
        `${wordOf(was)} (${was.measured})`,
        '→',
        `${wordOf(verdict)} (${verdict.measured})`,
      ],
    ];
  });
  return lines.length === 0 ? '' : alignColumns(lines).join('\n');
}
