/** The examples of both guides to routines, taken from them as they stand, in the order in which they come. */
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectDeadlocks } from '../../src/go/deadlock.js';
import * as routines from '../../src/go.js';
import * as lanes from '../../src/index.js';
import * as pool from '../../src/pool.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

function blocksOf(file: string, language: string): string[] {
  const text = readFileSync(`docs/${file}`, 'utf8');
  const blocks = text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'));
  return Array.from(blocks, ([, code = '']) => code);
}

const bare = (blocks: string[]): string[] => blocks.map((code) => code.replace(/ *\/\/.*$/gm, ''));
const headings = (file: string): number =>
  Array.from(readFileSync(`docs/${file}`, 'utf8').matchAll(/^#+ /gm)).length;

const modules: Readonly<Record<string, unknown>> = {
  'mp-lanes': lanes,
  'mp-lanes/go': routines,
  'mp-lanes/go-dev': { ...routines, detectDeadlocks },
  'mp-lanes/pool': pool,
};

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});
afterEach(() => {
  host.assertClean();
  uninstall();
});

/** Runs an example in an async function that knows all names of `mp-lanes/go`. @returns what it wrote, line by line */
async function run(
  code: string,
  Page: (definition: object) => void = () => undefined,
): Promise<readonly string[]> {
  const write = (...values: unknown[]): void => host.note(values.join(' '));
  const known: Readonly<Record<string, unknown>> = {
    ...routines,
    require: (name: string) => modules[name],
    console: { log: write, warn: write },
    Page,
  };
  // What an example requires itself it may name as it likes.
  const names = Object.keys(known).filter((name) => name === 'require' || !isRequired(code, name));
  const main = compileFunction(`return (async () => {${code}\n})();`, names) as (
    ...values: unknown[]
  ) => Promise<void>;
  let failure: unknown = null;
  main(...names.map((name) => known[name])).catch((error: unknown) => (failure = error));
  await host.runUntilIdle();
  if (failure !== null) throw failure as Error;
  return host.takeLog();
}

function isRequired(code: string, name: string): boolean {
  return new RegExp(`const \\{[^}]*\\b${name}\\b[^}]*\\} = require`).test(code);
}

describe.each([
  ['from-go', 'js'],
  ['from-go', 'go'],
  ['go', 'js'],
])('the guide %s', (guide, language) => {
  it(`has the same blocks of ${language} in both languages, but for comments`, () => {
    const [english, chinese] = [`${guide}.md`, `${guide}.zh-CN.md`];
    expect(bare(blocksOf(chinese, language))).toEqual(bare(blocksOf(english, language)));
    expect(headings(chinese)).toBe(headings(english));
  });
});

/** What Go writes, too, where the idiom is the same. */
const written: readonly (readonly string[])[] = [
  [], // the names
  ['started', 'awake'],
  ['3'],
  ['ping'],
  ['2 2'],
  ['0', '1', '2', 'false'],
  ['3'],
  ['job: wash up'],
  ['full'],
  ['too late'],
  ['3'],
  ['tick', 'tick'],
  ['30'],
  ['1', '2'],
  ['loading'],
  ['bread'],
  ['false', 'true'],
  ['b is missing'],
  ['loading oslo'],
  ['working', 'working', 'stopped'],
  ['given up'],
  ['true'],
  ['u1'],
  ['1', '4', '9'],
  ['30'],
  ['30'],
  ['10'],
  ['failed: no bread'],
  [], // the deadlock: see below
  ['-1'],
  ['4999950000'],
];

describe('from Go to mp-lanes', () => {
  const examples = blocksOf('from-go.md', 'js');

  it('has an example for each idiom, beside its Go', () => {
    expect(examples).toHaveLength(written.length);
    expect(blocksOf('from-go.md', 'go')).toHaveLength(written.length - 1);
  });

  it.each(written.map((lines, at) => ({ at, lines })))('example $at writes $lines', async ({ at, lines }) => {
    expect(await run(examples[at] ?? '')).toEqual(lines);
  });

  it('shows the deadlock report as it is', async () => {
    const example = examples.find((code) => code.includes('deadlock')) ?? '';
    let report = '';
    const stop = detectDeadlocks((text) => (report = `mp-lanes: ${text}`));
    await run(example);
    stop();
    const shown = Array.from(example.matchAll(/^\/\/ (.*)$/gm), ([, line]) => line);
    expect(shown).toEqual(report.split('\n').slice(0, 2));
  });

  it('names in its table only what there is', () => {
    const [, table = ''] = readFileSync('docs/from-go.md', 'utf8').split('## All in one table');
    const cells = Array.from(table.matchAll(/^\|[^|]*\|([^|]*)\|$/gm), ([, ours = '']) => ours).slice(2);
    const named = cells.flatMap((cell) =>
      Array.from(cell.matchAll(/(?<![\w.])(?:[A-Z]\w+|[a-z]\w+(?=\())/g), ([name]) => name),
    );
    const known = { ...routines, ...pool };
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in known) && name !== 'T' /* of a type */)).toEqual([]);
  });
});

/** What each example of the reference writes. */
const shown: readonly (readonly string[])[] = [
  ['1', '2', '3'],
  ['12'],
  ['closed', 'AbortError'],
  ['TimeoutError', 'late'],
  ['500500'],
  ['2'],
  ['a', 'b', 'c'],
  [], // a page
  ['500', 'true AbortError'],
  ['2 true'],
  ['2'],
];

describe('the reference of routines', () => {
  const examples = blocksOf('go.md', 'js');

  it.each(shown.map((lines, at) => ({ at, lines })))('example $at writes $lines', async ({ at, lines }) => {
    expect(await run(examples[at] ?? '')).toEqual(lines);
  });

  it('has a page whose routines end with it', async () => {
    for (const leaves of [false, true]) {
      let page: { onLoad?(): void; onUnload?(): void } = {};
      const define = (definition: object): void => {
        const setData = (data: object): void => host.note(JSON.stringify(data));
        page = Object.assign(definition, { setData }) as typeof page;
      };
      expect(await run(examples[7] ?? '', define)).toEqual([]);
      page.onLoad?.();
      if (leaves) page.onUnload?.();
      await host.runUntilIdle();
      expect(host.takeLog()).toEqual(leaves ? [] : ['{"rows":["tea"]}']);
    }
  });

  it('shows the deadlock report as it is', async () => {
    const example = examples[shown.length] ?? '';
    const report = (await run(example)).join('\n');
    detectDeadlocks(() => undefined)();
    const lines = Array.from(example.matchAll(/^\/\/ (.*)$/gm), ([, line = '']) => line.trim());
    expect(lines.slice(0, 2)).toEqual(report.split('\n').slice(0, 2));
    expect(report).toContain('\n  started\n');
    expect(examples).toHaveLength(shown.length + 1);
  });

  it('names everything that the entry has', () => {
    const text = readFileSync('docs/go.md', 'utf8');
    const missing = Object.keys(routines).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    expect(missing).toEqual([]);
  });
});
