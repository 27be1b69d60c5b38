/** The mini-program's console: the browser's, and a copy of each line for the panel. */
import type { LogLine, ThreadName } from '../shared/protocol.js';
import { native } from './native.js';

const maxLength = 2_000;

/** A line of the panel from what was logged. */
export function describe(values: readonly unknown[]): string {
  return values.map(describeOne).join(' ').slice(0, maxLength);
}

function describeOne(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return describeError(value);
  try {
    return (
      JSON.stringify(value, (_key, item: unknown) => (item instanceof Error ? describeError(item) : item)) ??
      String(value)
    );
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Name, code and message, and where it was thrown. */
export function describeError(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : '';
  const place = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return `${error.name}${code}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}

/** A console that also hands each line to `report`. */
export function createConsole(
  thread: ThreadName,
  report: (line: LogLine) => void,
): Record<string, (...values: unknown[]) => void> {
  const levels = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const entries = levels.map((level) => [
    level,
    (...values: unknown[]) => {
      native.console[level](...values);
      report({ thread, level, text: describe(values) });
    },
  ]);
  const nothing = (): void => undefined;
  const quiet = ['group', 'groupEnd', 'time', 'timeEnd', 'table', 'trace', 'assert', 'count'].map((name) => [
    name,
    nothing,
  ]);
  return Object.fromEntries([...quiet, ...entries]) as Record<string, (...values: unknown[]) => void>;
}
