/** Tables as text. */
import { figure } from './figures.js';
import type { Column, SuiteReport, TableSpec } from './report.js';
import type { Results } from './results.js';

const missing = '–';

/** Columns as wide as their content; all but the first to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** All tables of one host. */
export function formatTables(report: SuiteReport, results: Results): string {
  const { engine, seconds, absences } = results.data;
  const parts = [`━━ ${report.title} in ${engine}, ${String(seconds)} s`];
  for (const spec of report.tables) {
    const text = formatTable(report, spec, results);
    if (text !== '') parts.push(text);
  }
  const nowhere = absences.filter(({ workload }) => workload === '');
  if (nowhere.length > 0) {
    const lines = alignColumns(nowhere.map(({ subject }) => [`  ${subject}`, missing]));
    parts.push(
      ['Not in this host', ...lines.map((line, at) => `${line}  ${nowhere[at]?.reason ?? ''}`)].join('\n'),
    );
  }
  return parts.join('\n\n');
}

function formatTable(report: SuiteReport, spec: TableSpec, results: Results): string {
  const { workload, columns, title } = spec;
  const subjects = results.measuredIn(workload);
  const absent = results.absentFrom(workload);
  if (subjects.length === 0 && absent.length === 0) return '';
  const ratios = ratioColumns(report, spec, results);
  const header = ['', ...columns.map((column) => column.title), ...ratios.map((column) => column.title)];
  const rows = subjects.map((subject) => [
    `  ${subject}`,
    ...columns.map((column) => cellOf(results, workload, subject, column)),
    ...ratios.map(({ base }) => figure(results.ratio(workload, subject, base, spec.ratioOf ?? ''))),
  ]);
  const lines = alignColumns([header, ...rows, ...absent.map(({ subject }) => [`  ${subject}`, missing])]);
  const reasons = lines.slice(rows.length + 1).map((line, at) => `${line}  ${absent[at]?.reason ?? ''}`);
  const rounds = `${String(results.data.rounds[workload] ?? 0)} rounds`;
  return [`${title} (${rounds})`, ...lines.slice(0, rows.length + 1), ...reasons].join('\n');
}

function cellOf(results: Results, workload: string, subject: string, { metric }: Column): string {
  return figure(results.median(workload, subject, metric));
}

function ratioColumns(
  { reference, peers }: SuiteReport,
  { workload, ratioOf }: TableSpec,
  results: Results,
): { title: string; base: string }[] {
  if (ratioOf === undefined) return [];
  const best = results.best(workload, results.named(peers.having, peers.without), ratioOf);
  const columns = [{ title: `× ${reference}`, base: reference }];
  if (best !== null) columns.push({ title: `× ${best}`, base: best });
  return columns.filter(({ base }) => results.samples(workload, base, ratioOf).length > 0);
}

const marks = { true: 'held', false: 'MISSED', null: missing } as const;

/** The closing table: each claim in each host. */
export function formatVerdict(report: SuiteReport, all: readonly Results[]): string {
  const rows = [['', 'host', 'verdict', 'measured', 'wanted']];
  for (const { text, judge } of report.claims) {
    all.forEach((results, at) => {
      const { held, measured, wanted } = judge(results);
      rows.push([at === 0 ? text : '', results.data.host, marks[`${held}`], measured, wanted]);
    });
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [`━━ Verdict: ${report.title}`, ...lines].join('\n');
}
