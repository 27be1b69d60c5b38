/** The table that `--check` prints. */
import type { Limits, Report } from './scenario.js';

/** One line of it. */
export interface Row {
  readonly name: string;
  readonly value: string;
  /** What was asked for, `''` where nothing was. */
  readonly wanted: string;
  /** `null` where nothing was asked for. */
  readonly ok: boolean | null;
}

/** A report that keeps its rows. */
export class RowReport implements Report {
  readonly rows: Row[] = [];

  measure(name: string, value: number, unit = '', limits: Limits = {}): void {
    const { max, min } = limits;
    const limited = max !== undefined || min !== undefined;
    const ok = value <= (max ?? Infinity) && value >= (min ?? -Infinity);
    const wanted = [min === undefined ? '' : `≥ ${shown(min)}`, max === undefined ? '' : `≤ ${shown(max)}`];
    this.rows.push({
      name,
      value: `${shown(value)} ${unit}`.trim(),
      wanted: limited ? `${wanted.filter((each) => each !== '').join(', ')} ${unit}`.trim() : '',
      ok: limited ? ok : null,
    });
  }

  check(name: string, ok: boolean, detail = ''): boolean {
    this.rows.push({ name, value: detail, wanted: '', ok });
    return ok;
  }

  note(name: string, text: string): void {
    this.rows.push({ name, value: text, wanted: '', ok: null });
  }

  get failed(): boolean {
    return this.rows.some(({ ok }) => ok === false);
  }
}

/** Four digits at most that say something. */
function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) || Math.abs(value) >= 100
    ? String(Math.round(value))
    : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** Columns as wide as their content; Chinese characters count as two. */
export function formatTable(title: string, rows: readonly Row[]): string {
  const mark = (ok: boolean | null): string => (ok === null ? ' ' : ok ? '✓' : '✗');
  const cells = rows.map(({ name, value, wanted, ok }) => [mark(ok), name, value, wanted]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => widthOf(row[column] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;

function widthOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}
