/** `npm run bench`: the chosen suites in the chosen hosts, then what they measured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { builtVersion, checkedOutCommit, ensureBuild, root } from './built.js';
import { measureAll } from './measure.js';
import { readOptions, usage } from './options.js';
import type { BenchOptions } from './options.js';
import { installPeers } from './peers.js';
import { formatChanges, formatVerdictChanges } from './report/compare.js';
import { writeDocs } from './report/docs/write.js';
import { formatTables, formatVerdicts } from './report/print.js';
import { Results } from './report/results.js';
import { FORMAT, readRun } from './report/run-file.js';
import type { Run } from './report/run-file.js';
import { verdictsOf } from './report/verdict.js';
import { suites } from './suites/suites.js';
import { print, progress } from './terminal.js';

const names = Object.keys(suites);

/** A suite needs a core, and the browser another; what else runs takes from both. Windows tells no load. */
function warnOfLoad(): void {
  const [load = 0] = loadavg();
  const cores = cpus().length;
  if (load < cores / 2) return;
  print(
    `Others keep this machine busy (load ${load.toFixed(1)} on ${String(cores)} cores): waits and blocks come out too long.\n`,
  );
}

async function measure(options: BenchOptions): Promise<{ run: Run; failures: readonly string[] }> {
  installPeers();
  ensureBuild();
  const machine = `${process.platform} ${process.arch}, ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}`;
  print(`${machine}; medians, to be compared within this run only\n`);
  warnOfLoad();
  const origin = { version: builtVersion(), commit: checkedOutCommit() };
  const date = new Date().toISOString();
  const runOf = (results: Run['suites']): Run => ({
    format: FORMAT,
    date,
    machine,
    ...origin,
    quick: options.quick,
    suites: results,
  });
  const { results, failures } = await measureAll(options, (soFar) => write(options, runOf(soFar)));
  return { run: runOf(results), failures };
}

function write({ json }: BenchOptions, run: Run): void {
  if (json !== '') writeFileSync(json, JSON.stringify(run));
}

/** The chosen part of a file, printed as if it had just been measured. */
function readBack(options: BenchOptions): Run {
  const run = readFile(options.from);
  const chosen = Object.entries(run.suites).filter(([name]) => options.suites.includes(name));
  const results = chosen.map(([name, all]) => {
    const kept = all.filter(({ host }) => options.hosts.length === 0 || options.hosts.includes(host));
    return [name, kept] as const;
  });
  print(`${options.from}: ${run.machine}, ${run.date}, ${run.version} ${run.commit}\n`);
  for (const [name, kept] of results) {
    const report = suites[name]?.report;
    if (report !== undefined) for (const data of kept) print(`${formatTables(report, new Results(data))}\n`);
  }
  return { ...run, suites: Object.fromEntries(results) };
}

function readFile(name: string): Run {
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    throw new Error(`${name} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return readRun(text, name);
}

function printVerdicts(run: Run): void {
  const bySuite = Object.entries(run.suites).flatMap(([name, all]) => {
    const report = suites[name]?.report;
    const results = all.map((each) => new Results(each));
    return report === undefined ? [] : [[name, verdictsOf(report, results)] as const];
  });
  print(formatVerdicts(new Map(bySuite)));
}

function printComparison(before: Run, now: Run): void {
  const [then, here] = [before, now].map((run) => `${run.version} ${run.commit} of ${run.date}`);
  print(`\n━━ Changes from ${String(then)} to ${String(here)}`);
  print('× is the ratio to the reference of the suite in each run; ~ is within the noise of either run\n');
  const changed: string[] = [];
  for (const [name, all] of Object.entries(now.suites)) {
    const [report, old] = [suites[name]?.report, before.suites[name]];
    if (report === undefined || old === undefined) {
      print(`– ${name} was not measured in the other run\n`);
      continue;
    }
    for (const data of all) {
      const match = old.find(({ host }) => host === data.host);
      if (match !== undefined) print(`${formatChanges(report, match, data)}\n`);
    }
    const verdicts = formatVerdictChanges(report, old, all);
    if (verdicts !== '') changed.push(verdicts);
  }
  print(changed.length === 0 ? 'No verdict has changed.' : ['Verdicts that changed', ...changed].join('\n'));
}

/** @returns what failed, a line each */
async function main(): Promise<readonly string[]> {
  const options = readOptions(process.argv.slice(2), names);
  if (options.help) {
    process.stdout.write(usage(names));
    return [];
  }
  // Read before anything is measured: a wrong name should not cost an hour.
  const before = options.compare === '' ? null : readFile(options.compare);
  const { run, failures } =
    options.from === '' ? await measure(options) : { run: readBack(options), failures: [] };
  write(options, run);
  printVerdicts(run);
  if (before !== null) printComparison(before, run);
  if (options.docs) {
    for (const file of await writeDocs(run, suites, join(root, 'docs')))
      print(`wrote ${relative(root, file)}`);
  }
  return failures;
}

main().then(
  // Peers and browsers may hold the process; a claim that was missed is a finding, not an error.
  (failures) => {
    for (const line of failures) process.stderr.write(`${line}\n`);
    process.exit(failures.length === 0 ? 0 : 1);
  },
  (error: unknown) => {
    progress('');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
