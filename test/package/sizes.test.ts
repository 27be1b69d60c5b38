import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { entryNames, requiredFiles } from './entries.js';

/**
 * Thousands of bytes, minified and gzipped, of an entry with everything it requires: the DOM pieces and the host's
 * adapter are in each of them. `target` is where an entry is meant to be; `limit` is where it is, and only ever goes
 * down: a change that makes an entry larger says so here.
 */
const budgets: Readonly<Record<string, { readonly target: number; readonly limit: number }>> = {
  scheduler: { target: 7, limit: 14.3 },
  page: { target: 8.5, limit: 14.8 },
  channel: { target: 9, limit: 24 },
  worker: { target: 12, limit: 47.3 },
  // Beyond the scheduler: routines, channels and select are about 4.5, locks, groups and contexts 2.5, ports and flows 2.
  go: { target: 4, limit: 22.5 },
  'worker-go': { target: 16, limit: 57.2 },
  // Pools are 6.5 of it, of which storage and what is stored are 2.
  pool: { target: 20, limit: 61 },
  index: { target: 28, limit: 72.9 },
};

const { root, folder } = inject('packed');
const table: Record<string, unknown>[] = [];
const kilobytes = (bytes: number): number => Math.round(bytes / 10) / 100;

describe('sizes of what a mini-program gets', () => {
  it.each(entryNames(root))('%s keeps its limit', (name) => {
    const files = requiredFiles(join(folder, 'miniprogram_dist', `${name}.js`));
    const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const size = kilobytes(gzipSync(code, { level: 9 }).length);
    const budget = budgets[name];
    table.push({
      entry: name,
      'minified, kB': kilobytes(Buffer.byteLength(code)),
      'gzipped, kB': size,
      'limit, kB': budget?.limit ?? '–',
      'target, kB': budget?.target ?? '–',
      files: files.map((file) => basename(file, '.js')).join(' '),
    });
    if (budget !== undefined) expect(size).toBeLessThanOrEqual(budget.limit);
  });

  afterAll(() => console.table(table));
});
