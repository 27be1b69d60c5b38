import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SuiteResult } from '../harness/result.js';
import { docFigures, docSuites } from '../report/docs/figures.js';
import { blocksOf, fillBlocks } from '../report/docs/markers.js';
import { blocks, slugOf } from '../report/docs/pages.js';
import { figureTable, markdownTable } from '../report/docs/tables.js';
import { writeDocs } from '../report/docs/write.js';
import { FORMAT } from '../report/run-file.js';
import type { Run } from '../report/run-file.js';
import { suites } from '../suites/suites.js';
import { resultsOf } from './made-up.js';

const subjects = [
  { name: 'bare JSON', tags: ['limit', 'text'] },
  { name: 'mp-lanes', tags: ['own', 'text'] },
  { name: 'peer', tags: ['text'] },
];

const codec: SuiteResult = resultsOf(subjects, {
  'small message': {
    'bare JSON': { both: [1, 1, 1] },
    'mp-lanes': { both: [1, 2, 3] },
    'mp-lanes again': { both: [1, 2, 3] },
    peer: { both: [400, 400, 400] },
  },
}).data;

const growth: SuiteResult = resultsOf([{ name: 'tasks', tags: [] }], {
  'growth: tasks': { tasks: { 'n=10000': [60], 'n=1000': [50] } },
}).data;

const run: Run = {
  format: FORMAT,
  date: '2026-01-02T03:04:05.000Z',
  machine: 'a machine',
  version: '1.2.3',
  commit: 'abc',
  quick: true,
  suites: { codec: [codec], growth: [growth] },
};

const page = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');

describe('the markers of a page', () => {
  const text =
    'before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nbetween\n<!-- bench:b --><!-- /bench:b -->\nafter';

  it('hold what is generated, and leave all else as it is', () => {
    const filled = fillBlocks(
      text,
      new Map([
        ['a', 'new $& one'],
        ['b', 'other'],
      ]),
    );
    expect(filled).toBe(
      'before\n<!-- bench:a -->\n\nnew $& one\n\n<!-- /bench:a -->\nbetween\n<!-- bench:b -->\n\nother\n\n<!-- /bench:b -->\nafter',
    );
  });

  it('can be filled again', () => {
    const contents = new Map([
      ['a', '1'],
      ['b', '2'],
    ]);
    const filled = fillBlocks(text, contents);
    expect(fillBlocks(filled, contents)).toBe(filled);
  });

  it('are refused where they do not fit what there is', () => {
    expect(() => fillBlocks(text, new Map([['a', '']]))).toThrow('nothing for the marker bench:b');
    expect(() =>
      fillBlocks(
        text,
        new Map([
          ['a', ''],
          ['b', ''],
          ['c', ''],
        ]),
      ),
    ).toThrow('no marker bench:c');
    expect(() => blocksOf('<!-- bench:a -->')).toThrow('bench:a is never closed');
    expect(() => blocksOf('<!-- bench:a --><!-- /bench:a --><!-- bench:a --><!-- /bench:a -->')).toThrow(
      'twice',
    );
  });

  it('are the same, in the same order, in both languages', () => {
    expect(blocksOf(page('benchmarks.zh-CN.md'))).toEqual(blocksOf(page('benchmarks.md')));
    expect(new Set(blocksOf(page('benchmarks.md')))).toEqual(
      new Set(['machine', 'growth', 'verdict', ...docSuites]),
    );
  });
});

describe('the prose of the pages', () => {
  it('holds no figure', () => {
    for (const name of ['benchmarks.md', 'benchmarks.zh-CN.md']) {
      const prose = page(name)
        .replaceAll(/<!-- bench:([\w-]+) -->[\s\S]*?<!-- \/bench:\1 -->/g, '')
        .replaceAll(/```[\s\S]*?```/g, '');
      expect(prose, name).not.toMatch(/\d/);
    }
  });
});

describe('the blocks', () => {
  const pictures = new Map<string, string>();
  const english = blocks(run, suites, 'en', pictures);
  const chinese = blocks(run, suites, 'zh', pictures);

  it('show the figures of the suites that were run, and say which were not', () => {
    expect(english.get('codec')).toContain('| **mp-lanes** | **2.00** (1.50–2.50) |');
    expect(english.get('codec')).toContain('(images/bench/codec-small-message-both.svg)');
    expect(english.get('codec')).not.toContain('again');
    expect(english.get('rpc')).toBe('*Not in this run.*');
    expect(chinese.get('rpc')).toBe('*本次运行未测。*');
  });

  it('have titles in the language of the page, and the same numbers', () => {
    expect(english.get('codec')).toContain('### Encode and decode a small message');
    expect(chinese.get('codec')).toContain('### 编码并解码一条小消息');
    const numbers = (text = ''): string[] => text.match(/\*\*[\d.]+\*\* \([^)]*\)/g) ?? [];
    expect(numbers(chinese.get('codec'))).toEqual(numbers(english.get('codec')));
  });

  it('name the machine, the commit and that the run was short', () => {
    expect(english.get('machine')).toContain('| a machine |');
    expect(english.get('machine')).toContain('`abc`');
    expect(english.get('machine')).toContain('--quick');
  });

  it('draw growth as a line over n in its order', () => {
    expect(english.get('growth')).toContain('| ns | 1,000 | 10,000 |');
    expect(english.get('growth')).toContain('| tasks | 50.0 | 60.0 |');
    expect(pictures.get('growth-tasks.svg')).toContain('<polyline');
  });

  it('list every target', () => {
    expect(english.get('verdict')).toContain('codec: small message: below every peer');
    expect(english.get('verdict')).toMatch(/\n\d+ targets: \d held/);
    expect(chinese.get('verdict')).toContain('| codec | Node |');
  });
});

describe('the chosen figures', () => {
  it('are figures that the suites have', () => {
    for (const { suite, workload, metric } of docFigures.filter((each) => suites[each.suite] !== undefined)) {
      const found = suites[suite]!.report.tables.find((each) => each.workload === workload);
      expect(
        found?.columns.map((each) => each.metric),
        `${suite}, ${workload}`,
      ).toContain(metric);
    }
  });

  it('have a picture of their own each', () => {
    const names = docFigures.map(({ suite, workload, metric }) => slugOf(`${suite} ${workload} ${metric}`));
    expect(new Set(names).size).toBe(names.length);
    expect(slugOf('go sleepers’ bytes, 1,000')).toBe('go-sleepers-bytes-1000');
  });
});

describe('figureTable', () => {
  it('has a column for each host, and a dash where one has no figure', () => {
    const shown = docFigures.find(({ workload }) => workload === 'small message')!;
    const other = resultsOf(subjects, { 'small message': { peer: { both: [7] } } }, [], 'chromium');
    const lines = figureTable(shown, [resultsOf(subjects, {}), other], 'en').split('\n');
    expect(lines[0]).toBe('| µs | Node | Chromium |');
    expect(lines[2]).toBe('| peer | – | 7.00 |');
  });

  it('escapes what would end a cell', () => {
    expect(markdownTable(['a|b'], [])).toContain('a\\|b');
  });
});

describe('writeDocs', () => {
  it('writes both pages and the plots, and removes plots of another run', async () => {
    const docs = mkdtempSync(join(tmpdir(), 'mp-lanes-docs-'));
    const images = join(docs, 'images/bench');
    for (const name of ['benchmarks.md', 'benchmarks.zh-CN.md']) writeFileSync(join(docs, name), page(name));
    mkdirSync(images, { recursive: true });
    writeFileSync(join(images, 'of-before.svg'), '');
    const written = await writeDocs(run, suites, docs);
    expect(readdirSync(images).sort()).toEqual(['codec-small-message-both.svg', 'growth-tasks.svg']);
    expect(written).toHaveLength(4);
    expect(readFileSync(join(docs, 'benchmarks.zh-CN.md'), 'utf8')).toContain('编码并解码一条小消息');
    rmSync(docs, { recursive: true });
  });
});
