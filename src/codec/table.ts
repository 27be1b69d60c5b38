/**
 * Tables: arrays of literals with the same keys in the same order. Written by columns each key is said once, which
 * halves the text and what both ends do for it.
 */
import { isLiteral } from './kind.js';

/** Fewer rows are not worth an entry of the side table. */
const minRows = 16;

const { keys: keysOf, getOwnPropertyDescriptor } = Object;

/** The rows of a table, and their keys. */
export interface Table {
  readonly keys: readonly string[];
  readonly rows: readonly object[];
}

/**
 * What `array` is as a table, if it is one. Nothing is read of its rows but their keys, and no accessor is called.
 */
export function tableOf(array: readonly unknown[]): Table | null {
  if (array.length < minRows) return null;
  const first = rowAt(array, 0);
  const keys = first === null ? [] : keysOf(first);
  // An object many times over is one object and many references.
  if (first === null || keys.length === 0 || rowAt(array, 1) === first) return null;
  const rows: object[] = [];
  for (let index = 0; index < array.length; index++) {
    const row = rowAt(array, index);
    if (row === null || !hasKeys(row, keys)) return null;
    rows.push(row);
  }
  return { keys, rows };
}

function rowAt(array: readonly unknown[], index: number): object | null {
  const descriptor = getOwnPropertyDescriptor(array, index);
  const row: unknown = descriptor === undefined ? undefined : descriptor.value;
  return typeof row === 'object' && row !== null && isLiteral(row) ? row : null;
}

function hasKeys(row: object, keys: readonly string[]): boolean {
  const own = keysOf(row);
  if (own.length !== keys.length) return false;
  for (let index = 0; index < keys.length; index++) if (own[index] !== keys[index]) return false;
  return true;
}
