/** `npm run bench`: the chosen suites in the chosen hosts, then what they measured. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SuiteResult } from './harness/result.js';
import { allHosts } from './hosts/all.js';
import type { Host } from './hosts/host.js';
import { readOptions, usage } from './options.js';
import type { BenchOptions } from './options.js';
import { formatTables, formatVerdict } from './report/print.js';
import { Results } from './report/results.js';
import { suites } from './suites/suites.js';
import type { Suite } from './suites/suites.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = Object.keys(suites);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line that is written over again, and nothing where there is no terminal. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** The newest change below a folder, as epoch milliseconds. */
function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

/** What is measured is the build. @throws Error without one */
function checkBuild(): void {
  const built = join(root, 'dist/index.js');
  if (!existsSync(built)) throw new Error('There is nothing to measure yet: npm run build');
  if (newest(join(root, 'src')) > statSync(built).mtimeMs) {
    print('src/ is newer than what was built from it, which is measured: npm run build\n');
  }
}

/** A suite needs a core, and the browser another; what else runs takes from both. Windows tells no load. */
function warnOfLoad(): void {
  const [load = 0] = loadavg();
  const cores = cpus().length;
  if (load < cores / 2) return;
  print(
    `Others keep this machine busy (load ${load.toFixed(1)} on ${String(cores)} cores): waits and blocks come out too long.\n`,
  );
}

async function hostsToUse({ hosts }: BenchOptions): Promise<Host[]> {
  const usable: Host[] = [];
  for (const host of allHosts.filter(({ name }) => hosts.length === 0 || hosts.includes(name))) {
    const reason = await host.unavailable();
    if (reason === null) usable.push(host);
    else print(`– ${host.title}: ${reason}\n`);
  }
  return usable;
}

async function runSuite(
  name: string,
  suite: Suite,
  hosts: readonly Host[],
  quick: boolean,
): Promise<SuiteResult[]> {
  const all: Results[] = [];
  for (const host of hosts) {
    const reason = suite.leftOut[host.name];
    if (reason !== undefined) {
      print(`– ${name} in ${host.title}: ${reason}\n`);
      continue;
    }
    const onProgress = (text: string): void => progress(`${name}, ${host.title}: ${text}`);
    onProgress('starts');
    const data = await host.run({
      suite: name,
      module: suite.module,
      threads: suite.threads,
      settings: { quick },
      onProgress,
    });
    progress('');
    const results = new Results(data);
    print(`${formatTables(suite.report, results)}\n`);
    all.push(results);
  }
  print(`${formatVerdict(suite.report, all)}\n`);
  return all.map(({ data }) => data);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), names);
  if (options.help) {
    process.stdout.write(usage(names));
    return;
  }
  checkBuild();
  const machine = `${process.platform} ${process.arch}, ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}`;
  print(`${machine}; medians, to be compared within this run only\n`);
  warnOfLoad();
  const hosts = await hostsToUse(options);
  const measured: Record<string, SuiteResult[]> = {};
  for (const name of options.suites) {
    const suite = suites[name];
    if (suite !== undefined) measured[name] = await runSuite(name, suite, hosts, options.quick);
  }
  if (options.json !== '') {
    writeFileSync(options.json, JSON.stringify({ machine, quick: options.quick, suites: measured }));
  }
}

main().then(
  // Peers and browsers may hold the process; a claim that was missed is a finding, not an error.
  () => process.exit(0),
  (error: unknown) => {
    progress('');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
