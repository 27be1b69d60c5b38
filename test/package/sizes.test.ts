import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { entryNames, requiredFiles } from './entries.js';

/** Thousands of bytes, minified and gzipped, that an entry may have on its own, DOM pieces and host adapters included. */
const budgets: Readonly<Record<string, number>> = { scheduler: 7, channel: 9, go: 4, worker: 12, index: 28 };

const { root, folder } = inject('packed');
const table: Record<string, string>[] = [];
const kilobytes = (bytes: number): number => bytes / 1000;
const gzipped = (code: string): number => kilobytes(gzipSync(code, { level: 9 }).length);

/** The entry as a bundler takes it: with what it imports, without what nobody uses. */
async function bundled(name: string): Promise<number> {
  const built = await build({
    entryPoints: [join(folder, 'dist', `${name}.js`)],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2017',
    logLevel: 'silent',
  });
  const { code } = await minify(built.outputFiles[0]!.text, {
    ecma: 2017,
    toplevel: true,
    keep_classnames: true,
    compress: { passes: 3 },
  });
  return gzipped(code!);
}

/** The entry as a mini-program takes it: its file and the shared ones that it requires. */
function shipped(name: string): number {
  return requiredFiles(join(folder, 'miniprogram_dist', `${name}.js`))
    .map((file) => gzipped(readFileSync(file, 'utf8')))
    .reduce((sum, size) => sum + size, 0);
}

describe('sizes, minified and gzipped', () => {
  it.each(entryNames(root))('%s keeps its budget', async (name) => {
    const alone = name === 'worker' ? shipped(name) : await bundled(name);
    const budget = budgets[name];
    table.push({
      entry: name,
      'alone, kB': alone.toFixed(2),
      'budget, kB': budget?.toFixed(0) ?? '–',
      'files on a device, kB': shipped(name).toFixed(2),
      files: requiredFiles(join(folder, 'miniprogram_dist', `${name}.js`))
        .map((file) => basename(file))
        .join(' '),
    });
    if (budget !== undefined) expect(alone).toBeLessThanOrEqual(budget);
  });

  afterAll(() => console.table(table));
});
