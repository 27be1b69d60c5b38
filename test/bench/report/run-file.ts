/** A run as a file: everything that was measured, and where. */
import type { SuiteResult } from '../harness/result.js';

/** Grows when a file of before cannot be read any more. */
export const FORMAT = 1;

export interface Run {
  readonly format: number;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  /** Of the package that was measured. */
  readonly version: string;
  /** The commit it was built from, with a `+` where files had been changed since; `''` outside of git. */
  readonly commit: string;
  readonly quick: boolean;
  /** The results of each suite, one a host. */
  readonly suites: Readonly<Record<string, readonly SuiteResult[]>>;
}

/**
 * Reads what `--json` wrote.
 * @param name - of the file, for the message
 * @throws Error that says what is wrong with it and what to do
 */
export function readRun(text: string, name: string): Run {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON: give a file that npm run bench -- --json wrote.`);
  }
  const run = (parsed ?? {}) as Partial<Run>;
  if (typeof run !== 'object' || typeof run.suites !== 'object' || run.suites === null) {
    throw new Error(`${name} has no suites: give a file that npm run bench -- --json wrote.`);
  }
  if (run.format !== FORMAT) {
    throw new Error(
      `${name} has the format ${String(run.format ?? 'of an older version')}, this version reads ${String(FORMAT)}: measure that version again.`,
    );
  }
  for (const [suite, results] of Object.entries(run.suites)) {
    if (!Array.isArray(results) || !results.every(isResult)) {
      throw new Error(`${name} is damaged: the results of the suite "${suite}" cannot be read.`);
    }
  }
  return run as Run;
}

function isResult(value: unknown): boolean {
  const { host, series, subjects, absences } = (value ?? {}) as Partial<SuiteResult>;
  return typeof host === 'string' && [series, subjects, absences].every((each) => Array.isArray(each));
}
