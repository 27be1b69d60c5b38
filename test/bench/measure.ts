/** Runs suites in hosts, and prints the tables of each as soon as it is over. */
import type { SuiteResult } from './harness/result.js';
import { allHosts } from './hosts/all.js';
import type { Host } from './hosts/host.js';
import type { BenchOptions } from './options.js';
import { formatTables } from './report/print.js';
import { Results } from './report/results.js';
import { suites } from './suites/suites.js';
import type { Suite } from './suites/suites.js';
import { print, progress } from './terminal.js';

export interface Measured {
  readonly results: Readonly<Record<string, SuiteResult[]>>;
  /** What could not be run though it was to be, a line each. */
  readonly failures: readonly string[];
}

/** @param onResult - called after each suite in each host with all there is so far, so that a run that is broken off leaves something */
export async function measureAll(
  options: BenchOptions,
  onResult: (results: Measured['results']) => void,
): Promise<Measured> {
  const hosts = await hostsToUse(options);
  const results: Record<string, SuiteResult[]> = {};
  const failures: string[] = [];
  for (const name of options.suites) {
    const suite = suites[name];
    if (suite === undefined) continue;
    results[name] = [];
    for (const host of hosts) {
      const reason = suite.leftOut[host.name];
      if (reason !== undefined) {
        print(`– ${name} in ${host.title}: ${reason}\n`);
        continue;
      }
      try {
        results[name].push(await runSuite(name, suite, host, options.quick));
        onResult(results);
      } catch (error) {
        // The other hosts and suites are still worth their time.
        const line = `${name} in ${host.title} failed: ${error instanceof Error ? error.message : String(error)}`;
        print(`${line}\n`);
        failures.push(line);
      }
    }
  }
  return { results, failures };
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

async function runSuite(name: string, suite: Suite, host: Host, quick: boolean): Promise<SuiteResult> {
  const onProgress = (text: string): void => progress(`${name}, ${host.title}: ${text}`);
  onProgress('starts');
  const { module, threads, report } = suite;
  const settings = { quick, leastBudgetMs: 0 };
  let data: SuiteResult;
  try {
    data = await host.run({ suite: name, module, threads, settings, onProgress });
  } finally {
    progress('');
  }
  print(`${formatTables(report, new Results(data))}\n`);
  return data;
}
