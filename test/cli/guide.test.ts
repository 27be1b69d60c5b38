/** `docs/worker-setup.md` in both languages, held against each other and against what the command says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createProject, version } from './command.js';

const { root } = inject('packed');
const english = read('worker-setup.md');
const chinese = read('worker-setup.zh-CN.md');

interface Block {
  readonly language: string;
  readonly code: string;
}

function read(file: string): { readonly text: string; readonly blocks: readonly Block[] } {
  const text = readFileSync(join(root, 'docs', file), 'utf8');
  const blocks = Array.from(
    text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm),
    ([, indent = '', language = '', code = '']) => ({
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
  return { text, blocks };
}

const written = (blocks: readonly Block[]) => blocks.filter(({ language }) => language !== 'text');

describe('the guide to setting up the worker', () => {
  it('has the same in both languages', () => {
    expect(written(chinese.blocks)).toEqual(written(english.blocks));
    const headings = (text: string) => Array.from(text.matchAll(/^#+/gm), ([marks]) => marks);
    expect(headings(chinese.text)).toEqual(headings(english.text));
    const steps = (text: string) => Array.from(text.matchAll(/^\d\./gm), ([step]) => step);
    expect(steps(chinese.text)).toEqual(steps(english.text));
  });

  it.each([
    ['English', english, 'en'],
    ['Chinese', chinese, 'zh'],
  ])('shows what the command prints (%s)', (_name, { blocks }, language) => {
    const project = createProject({
      'package.json': {},
      'project.config.json': { miniprogramRoot: 'miniprogram/' },
      'miniprogram/app.json': { workers: 'workers' },
      'miniprogram/workers/': '',
    });
    const { out } = project.run(`worker miniprogram/workers --lang ${language}`);
    const shown = blocks.find(({ language: kind }) => kind === 'text')?.code;
    expect(shown).toBe(out.replace(version, '0.1.0'));
  });

  it.each([
    ['native', { 'mp/app.json': {}, 'package.json': {}, 'project.config.json': {} }, 'mp/workers', 'mp/'],
    [
      'Taro',
      { 'package.json': { dependencies: { '@tarojs/cli': '4' } }, 'config/index.ts': '' },
      'src/workers',
      '',
    ],
    ['uni-app', { 'src/manifest.json': {}, 'src/pages.json': {} }, 'src/static/mp-weixin/workers', ''],
  ])('has the lines that the command prints for %s', (_name, files, folder, place) => {
    const project = createProject({ ...files, [`${folder}/`]: '' });
    const { out } = project.run(`worker ${folder}`);
    const toWrite = out
      .split('\n')
      .filter((line) => line.startsWith(' '.repeat(11)))
      .map((line) => line.slice(11).replace(`./${place}`, './miniprogram/'));
    expect(toWrite.length).toBeGreaterThan(0);
    const inGuide = written(english.blocks).flatMap(({ code }) => code.split('\n'));
    expect(toWrite.filter((line) => !inGuide.includes(line))).toEqual([]);
  });
});
