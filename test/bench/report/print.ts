/** Tables as text. */
import { quartiles } from '../harness/statistics.js';
import { figure } from './figures.js';
import { noiseOf } from './noise.js';
import type { Column, SuiteReport, TableSpec } from './report.js';
import type { Results } from './results.js';
import { countLine, wordOf } from './verdict.js';
import type { Verdict } from './verdict.js';

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
      ['Not in this host', ...lines.map((line, at) => `${line}  ${inOneLine(nowhere[at]?.reason)}`)].join(
        '\n',
      ),
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
  const main = mainMetric(spec);
  const header = [
    '',
    ...columns.map((column) => column.title),
    'quartiles',
    ...ratios.map((column) => column.title),
  ];
  const rows = subjects.map((subject) => [
    `  ${subject}`,
    ...columns.map((column) => cellOf(results, workload, subject, column)),
    spreadOf(results.samples(workload, subject, main)),
    ...ratios.map(({ base }) => figure(results.ratio(workload, subject, base, main))),
  ]);
  const lines = alignColumns([header, ...rows, ...absent.map(({ subject }) => [`  ${subject}`, missing])]);
  const reasons = lines.slice(rows.length + 1).map((line, at) => `${line}  ${inOneLine(absent[at]?.reason)}`);
  const rounds = `${String(results.data.rounds[workload] ?? 0)} rounds`;
  const noise = noiseLine(results, workload, main);
  return [`${title} (${rounds})`, ...lines.slice(0, rows.length + 1), ...reasons, ...noise].join('\n');
}

/** The figure that a table turns on, whose spread it shows. */
export function mainMetric({ ratioOf, columns }: TableSpec): string {
  return ratioOf ?? columns[0]?.metric ?? '';
}

/** The quartiles; nothing where all is one number. */
export function spreadOf(samples: readonly number[]): string {
  if (samples.length < 2) return '';
  const { low, high } = quartiles(samples);
  return `${figure(low)}–${figure(high)}`;
}

function inOneLine(reason = ''): string {
  return reason.replaceAll(/\s+/g, ' ').trim();
}

function noiseLine(results: Results, workload: string, metric: string): string[] {
  const noise = noiseOf(results, { workload, metric });
  if (noise === null) return [];
  const { subject, ratio, low, high } = noise;
  const times = ratio.toFixed(2);
  return [`  A/A: ${subject} is ${times} × itself (${low.toFixed(2)}–${high.toFixed(2)})`];
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

/** The closing table: each target of each suite in each host. */
export function formatVerdicts(bySuite: ReadonlyMap<string, readonly Verdict[]>): string {
  const rows = [['', 'host', 'verdict', 'measured', 'wanted']];
  for (const [suite, verdicts] of bySuite) {
    if (verdicts.length > 0) rows.push([suite]);
    verdicts.forEach((verdict, at) => {
      const isSame = verdicts[at - 1]?.text === verdict.text;
      const { host, measured, wanted } = verdict;
      rows.push([isSame ? '' : `  ${verdict.text}`, host, wordOf(verdict), measured, wanted]);
    });
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return ['━━ Verdict', ...lines, '', countLine([...bySuite.values()].flat())].join('\n');
}
