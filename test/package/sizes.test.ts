import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { entryNames, requiredFiles } from './entries.js';

/**
 * Thousands of bytes, minified and gzipped, of an entry with everything it requires: the DOM pieces and the host's
 * adapter are in each of them.
 */
const budgets: Readonly<Record<string, number>> = { scheduler: 7, channel: 9, go: 4, worker: 12, index: 28 };

const { root, folder } = inject('packed');
const table: Record<string, unknown>[] = [];
const kilobytes = (bytes: number): number => Math.round(bytes / 10) / 100;

describe('sizes of what a mini-program gets', () => {
  it.each(entryNames(root))('%s keeps its budget', (name) => {
    const files = requiredFiles(join(folder, 'miniprogram_dist', `${name}.js`));
    const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const size = kilobytes(gzipSync(code, { level: 9 }).length);
    const budget = budgets[name];
    table.push({
      entry: name,
      'minified, kB': kilobytes(Buffer.byteLength(code)),
      'gzipped, kB': size,
      'budget, kB': budget ?? '–',
      files: files.map((file) => basename(file, '.js')).join(' '),
    });
    if (budget !== undefined) expect(size).toBeLessThanOrEqual(budget);
  });

  afterAll(() => console.table(table));
});
