/** What `npm run bench` can be told. */
import { parseArgs } from 'node:util';
import type { HostName } from './harness/kit.js';

export interface BenchOptions {
  readonly suites: readonly string[];
  /** Empty: all that this machine has. */
  readonly hosts: readonly HostName[];
  readonly quick: boolean;
  /** Files; `''` for none. */
  readonly json: string;
  readonly from: string;
  readonly compare: string;
  readonly docs: boolean;
  readonly help: boolean;
}

export const hostNames: readonly HostName[] = ['node', 'jitless', 'chromium', 'preview'];

export function usage(suites: readonly string[]): string {
  return `npm run bench -- [suite …] [options]

  suite           ${suites.join(', ')} (all)
  --host NAME     ${hostNames.join(', ')} (all that this machine has; may be given more than once)
  --quick         a short run: fewer rounds, slow peers left out
  --json FILE     writes every sample, with the machine, the date and the commit
  --from FILE     measures nothing: prints what --json wrote
  --compare FILE  prints what has changed since the run that --json wrote there
  --docs          writes tables and plots into docs/benchmarks.md and docs/benchmarks.zh-CN.md
  --help          this text
`;
}

/** @throws Error that says which argument is wrong */
export function readOptions(args: readonly string[], suites: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      host: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string', default: '' },
      from: { type: 'string', default: '' },
      compare: { type: 'string', default: '' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of positionals) {
    if (!suites.includes(name)) throw new Error(`There is no suite "${name}": ${suites.join(', ')}.`);
  }
  if (values.from !== '' && (values.quick || values.json !== '')) {
    throw new Error('--from measures nothing, so --quick and --json have no place beside it.');
  }
  const { quick, json, from, compare, docs, help } = values;
  const hosts = values.host.map(hostOf);
  return {
    suites: positionals.length === 0 ? suites : positionals,
    hosts,
    quick,
    json,
    from,
    compare,
    docs,
    help,
  };
}

function hostOf(name: string): HostName {
  const found = hostNames.find((each) => each === name);
  if (found === undefined) throw new Error(`--host must be one of ${hostNames.join(', ')}, not "${name}".`);
  return found;
}
