/** One run as the generated blocks of the pages, and its plots. */
import { areaOf, metricOf, sizeOf } from '../../harness/growth-names.js';
import { quartiles } from '../../harness/statistics.js';
import type { SuiteReport } from '../report.js';
import { Results } from '../results.js';
import type { Run } from '../run-file.js';
import { verdictsOf } from '../verdict.js';
import { barsPlot } from './bars.js';
import type { Bar, Panel } from './bars.js';
import { docFigures, docSuites, growthAreas, growthUnit, words } from './figures.js';
import type { DocFigure, Language } from './figures.js';
import { linesPlot } from './lines.js';
import { figureTable, growthTable, hostTitle, isOwn, machineTable, verdictBlock } from './tables.js';

/** Where the pages find the plots. */
export const imageFolder = 'images/bench';

export type Reports = Readonly<Record<string, { readonly report: SuiteReport } | undefined>>;

/** A picture by its file name. */
export type Pictures = Map<string, string>;

/** What the blocks hold, by their names; puts the plots that they show into `pictures`. */
export function blocks(
  run: Run,
  reports: Reports,
  language: Language,
  pictures: Pictures,
): Map<string, string> {
  const contents = new Map([['machine', machineTable(run, language)]]);
  for (const suite of docSuites) {
    const all = resultsOf(run, suite);
    const own = docFigures.filter((each) => each.suite === suite);
    const parts = own.flatMap((each) => figureParts(each, all, language, pictures));
    contents.set(suite, parts.length === 0 ? words.notMeasured[language] : parts.join('\n\n'));
  }
  const growth = growthParts(resultsOf(run, 'growth'), language, pictures);
  contents.set('growth', growth.length === 0 ? words.notMeasured[language] : growth.join('\n\n'));
  const bySuite = Object.keys(run.suites).flatMap((suite) => {
    const report = reports[suite]?.report;
    return report === undefined ? [] : [[suite, verdictsOf(report, resultsOf(run, suite))] as const];
  });
  contents.set('verdict', verdictBlock(new Map(bySuite), language));
  return contents;
}

function resultsOf({ suites }: Run, suite: string): Results[] {
  return (suites[suite] ?? []).map((each) => new Results(each));
}

function figureParts(
  shown: DocFigure,
  all: readonly Results[],
  language: Language,
  pictures: Pictures,
): string[] {
  const { suite, workload, metric, unit, title } = shown;
  const having = all
    .map((results) => ({ results, panel: panelOf(shown, results) }))
    .filter(({ panel }) => panel.bars.length > 0);
  if (having.length === 0) return [];
  const file = `${slugOf(`${suite} ${workload} ${metric}`)}.svg`;
  // Both pages show the same picture: names of libraries and of hosts, and numbers.
  pictures.set(
    file,
    barsPlot(
      title.en,
      unit,
      having.map(({ panel }) => panel),
    ),
  );
  return [
    `### ${title[language]}`,
    `![${title[language]}](${imageFolder}/${file})`,
    figureTable(
      shown,
      having.map(({ results }) => results),
      language,
    ),
  ];
}

function panelOf({ workload, metric }: DocFigure, results: Results): Panel {
  const bars = results.measuredIn(workload).flatMap((name): Bar[] => {
    const samples = results.samples(workload, name, metric);
    if (samples.length === 0) return [];
    const isLimit = results.named(['limit']).includes(name);
    const kind = isOwn(results, name) ? 'own' : isLimit ? 'limit' : 'peer';
    return [{ name, kind, value: results.median(workload, name, metric), ...quartiles(samples) }];
  });
  return { title: hostTitle(results.data.host, 'en'), bars };
}

/** One plot an area, of the first host that has it. */
function growthParts(all: readonly Results[], language: Language, pictures: Pictures): string[] {
  const [results] = all;
  if (results === undefined) return [];
  const workloads = [...new Set(results.data.series.map(({ workload }) => workload))];
  return workloads.flatMap((workload) => {
    const area = areaOf(workload);
    if (area === null) return [];
    const title = `${words.growth[language]}: ${growthAreas[area]?.[language] ?? area}`;
    const file = `${slugOf(workload)}.svg`;
    const sizes = sizesIn(results, workload);
    pictures.set(file, linesPlot(`Growth: ${area}`, growthUnit, linesOf(results, workload, sizes)));
    const alt = title.replaceAll('*', '');
    const host = hostTitle(results.data.host, language);
    return [
      `### ${title} (${host})`,
      `![${alt}](${imageFolder}/${file})`,
      growthTable(results, workload, sizes),
    ];
  });
}

function sizesIn(results: Results, workload: string): number[] {
  const metrics = results.data.series
    .filter((each) => each.workload === workload)
    .map(({ metric }) => metric);
  const sizes = [...new Set(metrics)].map(sizeOf).filter((n) => !Number.isNaN(n));
  return sizes.sort((a, b) => a - b);
}

function linesOf(results: Results, workload: string, sizes: readonly number[]) {
  return results.measuredIn(workload).map((name) => ({
    name,
    points: sizes.flatMap((n) => {
      const value = results.median(workload, name, metricOf(n));
      return Number.isNaN(value) ? [] : [{ n, value }];
    }),
  }));
}

/** A file name of a title: small letters, digits and hyphens. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[,’']/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
