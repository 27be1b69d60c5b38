/** `--docs`: the pages in both languages, and their plots. */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Run } from '../run-file.js';
import type { Language } from './figures.js';
import { fillBlocks } from './markers.js';
import { blocks, imageFolder } from './pages.js';
import type { Pictures, Reports } from './pages.js';

const pages: Readonly<Record<Language, string>> = {
  en: 'benchmarks.md',
  zh: 'benchmarks.zh-CN.md',
};

/**
 * Writes what one run has measured into both pages, and the plots beside them; plots of another run go.
 * @returns the paths of what was written
 */
export async function writeDocs(run: Run, reports: Reports, docs: string): Promise<string[]> {
  const pictures: Pictures = new Map();
  const texts: [string, string][] = [];
  for (const [language, page] of Object.entries(pages) as [Language, string][]) {
    const path = join(docs, page);
    const contents = blocks(run, reports, language, pictures);
    const filled = fillBlocks(readFileSync(path, 'utf8'), contents);
    const style = await resolveConfig(path);
    texts.push([path, await format(filled, { ...style, filepath: path })]);
  }
  const folder = join(docs, imageFolder);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.svg')) rmSync(join(folder, name));
  for (const [name, svg] of pictures) texts.push([join(folder, name), svg]);
  for (const [path, text] of texts) writeFileSync(path, text);
  return texts.map(([path]) => path);
}
