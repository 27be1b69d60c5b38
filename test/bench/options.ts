/** What `npm run bench` can be told. */
import { parseArgs } from 'node:util';
import type { HostName } from './harness/kit.js';

export interface BenchOptions {
  readonly suites: readonly string[];
  /** Empty: all that this machine has. */
  readonly hosts: readonly HostName[];
  readonly quick: boolean;
  /** A file for all samples, `''` for none. */
  readonly json: string;
  readonly help: boolean;
}

export const hostNames: readonly HostName[] = ['node', 'chromium', 'preview'];

export function usage(suites: readonly string[]): string {
  return `npm run bench -- [suite …] [options]

  suite        ${suites.join(', ')} (all)
  --host NAME  ${hostNames.join(', ')} (all that this machine has; may be given more than once)
  --quick      a short run: fewer rounds, slow peers left out
  --json FILE  writes every sample
  --help       this text
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
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of positionals) {
    if (!suites.includes(name)) throw new Error(`There is no suite "${name}".`);
  }
  return {
    suites: positionals.length === 0 ? suites : positionals,
    hosts: values.host.map(hostOf),
    quick: values.quick,
    json: values.json,
    help: values.help,
  };
}

function hostOf(name: string): HostName {
  const found = hostNames.find((each) => each === name);
  if (found === undefined) throw new Error(`--host must be one of ${hostNames.join(', ')}, not "${name}".`);
  return found;
}
