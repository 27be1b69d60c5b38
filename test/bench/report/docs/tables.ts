/** Tables of the pages, as Markdown. */
import { metricOf } from '../../harness/growth-names.js';
import { median } from '../../harness/statistics.js';
import { figure } from '../figures.js';
import { noiseOf } from '../noise.js';
import { spreadOf } from '../print.js';
import type { Results } from '../results.js';
import type { Run } from '../run-file.js';
import { countLine, countsOf, wordOf } from '../verdict.js';
import type { Verdict } from '../verdict.js';
import { growthUnit, hostTitles, words } from './figures.js';
import type { DocFigure, Language } from './figures.js';

const missing = '–';

/** The first column to the left, the others to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const written = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'));
  return [written(header), written(rule), ...rows.map(written)].join('\n');
}

export function hostTitle(host: string, language: Language): string {
  return hostTitles[host]?.[language] ?? host;
}

/** Whether ours is meant: a name of ours, or the tag. */
export function isOwn(results: Results, name: string): boolean {
  return name.startsWith('mp-lanes') || results.named(['own']).includes(name);
}

/** A row for each subject, a column for each host: medians, with quartiles. Last how far a subject is from itself. */
export function figureTable(
  { workload, metric, unit }: DocFigure,
  all: readonly Results[],
  language: Language,
): string {
  const names = [...new Set(all.flatMap((results) => results.measuredIn(workload)))].filter((name) =>
    all.some((results) => results.samples(workload, name, metric).length > 0),
  );
  const rows = names.map((name) => {
    const bold = all.some((results) => isOwn(results, name)) ? '**' : '';
    const cells = all.map((results) => cellOf(results.samples(workload, name, metric), bold));
    return [`${bold}${name}${bold}`, ...cells];
  });
  const noise = all.map((results) => {
    const found = noiseOf(results, { workload, metric });
    return found === null
      ? missing
      : `${found.ratio.toFixed(2)} × (${found.low.toFixed(2)}–${found.high.toFixed(2)})`;
  });
  const header = [unit, ...all.map(({ data }) => hostTitle(data.host, language))];
  return markdownTable(header, [...rows, [words.again[language], ...noise]]);
}

function cellOf(samples: readonly number[], bold: string): string {
  if (samples.length === 0) return missing;
  const middle = `${bold}${figure(median(samples))}${bold}`;
  return samples.length === 1 ? middle : `${middle} (${spreadOf(samples)})`;
}

/** A row for each curve of an area, a column for each n. */
export function growthTable(results: Results, workload: string, sizes: readonly number[]): string {
  const rows = results
    .measuredIn(workload)
    .map((name) => [name, ...sizes.map((n) => cellOf(results.samples(workload, name, metricOf(n)), ''))]);
  return markdownTable([growthUnit, ...sizes.map((n) => n.toLocaleString('en'))], rows);
}

/** Where the figures are from. */
export function machineTable(run: Run, language: Language): string {
  const engines = new Set(
    Object.values(run.suites).flatMap((all) =>
      all.map(({ host, engine }) => `${hostTitle(host, language)}: ${engine}`),
    ),
  );
  return markdownTable(
    ['', ''],
    [
      [words.machine[language], run.machine],
      [words.date[language], run.date.slice(0, 10)],
      [words.version[language], run.version],
      [words.commit[language], run.commit === '' ? missing : `\`${run.commit}\``],
      [words.engines[language], [...engines].join('<br>')],
      [words.short[language], run.quick ? words.quick[language] : words.full[language]],
    ],
  ).replaceAll('--:', '---');
}

/** Counts by suite and host, and below, folded, each target. */
export function verdictBlock(bySuite: ReadonlyMap<string, readonly Verdict[]>, language: Language): string {
  const counted = [...bySuite].flatMap(([suite, verdicts]) =>
    [...new Set(verdicts.map(({ host }) => host))].map((host) => {
      const { held, missed, open } = countsOf(verdicts.filter((each) => each.host === host));
      const near = held.within + missed.within;
      return [suite, hostTitle(host, language), ...[held.all, missed.all, near, open.all].map(String)];
    }),
  );
  const header = [words.suite, words.host, words.held, words.missed, words.near, words.open];
  const rows = [...bySuite].flatMap(([suite, verdicts]) =>
    verdicts.map((each) => [
      `${suite}: ${each.text}`,
      hostTitle(each.host, language),
      wordOf(each),
      each.measured,
      each.wanted,
    ]),
  );
  const columns = [words.target, words.host, words.verdict, words.measured, words.wanted];
  return [
    markdownTable(
      header.map((each) => each[language]),
      counted,
    ),
    ...(language === 'en' ? [`${countLine([...bySuite.values()].flat())}.`] : []),
    `<details><summary>${words.all[language]}</summary>`,
    markdownTable(
      columns.map((each) => each[language]),
      rows,
    ),
    '</details>',
  ].join('\n\n');
}
