import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from './tree.js';
import { cruise, lint, plantTree, removeTree, sourceFiles } from './tree.js';

const constant = (name: string): string => `export const ${name} = 1;\n`;
const using = (path: string, name: string, as: string): string =>
  `import { ${name} } from '${path}';\n\nexport const ${as} = ${name};\n`;

/** Nothing wrong here: each level uses what lies below it, and an entry re-exports. */
const clean = {
  'core/ring.ts': constant('ring'),
  'host/host.ts': using('../core/ring.js', 'ring', 'host'),
  'channel/port.ts': using('../host/host.js', 'host', 'port'),
  'rpc/call.ts': using('../channel/port.js', 'port', 'call'),
  'index.ts': "export { call } from './rpc/call.js';\n",
  // The adapters are where host globals are at home.
  'adapters/timers.ts':
    'declare function setTimeout(callback: () => void, delayMs: number): number;\n\nexport const arm = setTimeout;\n',
};

/** One mistake a file, each in its own corner of the tree, so that one run finds them all. */
const planted = {
  'core/upward.ts': using('../channel/port.js', 'port', 'upward'),
  'core/upward-type.ts': "import type { port } from '../rpc/call.js';\n\nexport type Upward = typeof port;\n",
  'codec/sibling.ts': using('../host/host.js', 'host', 'sibling'),
  'scheduler/entry.ts': using('../index.js', 'call', 'entry'),
  'extras/file.ts': using('../core/ring.js', 'ring', 'extra'),
  'channel/to-extras.ts': using('../extras/file.js', 'extra', 'misplaced'),
  'rpc/left.ts': using('./right.js', 'right', 'left'),
  'rpc/right.ts': "import { left } from './left.js';\n\nexport const right = (): number => left();\n",
  'worker/left.ts': "import type { Right } from './right.js';\n\nexport type Left = Right | 1;\n",
  'worker/right.ts': "import type { Left } from './left.js';\n\nexport type Right = Left | 2;\n",
  'channel/timer.ts': 'export const arm = (): void => void setTimeout(() => 1, 1);\n',
  'rpc/global-object.ts': 'export const now = (): number => globalThis.performance.now();\n',
  'go/declared.ts': 'declare const wx: { now(): number };\n\nexport const now = (): number => wx.now();\n',
  'core/promise.ts': 'export const later = (): Promise<void> => Promise.resolve();\n',
  'channel/asynchronous.ts': 'export async function later(): Promise<void> {\n  await null;\n}\n',
  'host/index.ts': "export { host } from './host.js';\n",
  'go/barrel.ts': "export * from '../rpc/call.js';\n",
  'core/any.ts': 'export const identity = (value: any): unknown => value;\n',
  'core/default.ts': 'export default 1;\n',
  'core/suffix.ts': "import { ring } from './ring';\n\nexport const suffix = ring;\n",
  'core/cause.ts': "export const failure = new Error('late', { cause: 1 });\n",
  'core/outside.ts': "import { readFileSync } from 'node:fs';\n\nexport const read = readFileSync;\n",
};

let folder = '';
let dependencies: Finding[] = [];
let lints: Finding[] = [];

beforeAll(() => {
  folder = plantTree({ ...clean, ...planted });
  dependencies = cruise(folder);
  lints = lint(folder);
}, 120_000);

afterAll(() => removeTree(folder));

const brokenIn = (findings: readonly Finding[], file: string): string[] =>
  findings.filter((finding) => finding.file === `src/${file}`).map(({ rule }) => rule);

describe('the machine check of the layers', () => {
  it.each([
    ['an upward import', 'core/upward.ts', 'layer-core'],
    ['an upward import of a type alone', 'core/upward-type.ts', 'layer-core'],
    ['an import between siblings of one level', 'codec/sibling.ts', 'layer-codec'],
    ['an import of an entry', 'scheduler/entry.ts', 'entry-imported'],
    ['a folder without a level', 'extras/file.ts', 'unknown-folder'],
    ['an import from a folder without a level', 'channel/to-extras.ts', 'to-unknown-folder'],
    ['a cycle', 'rpc/left.ts', 'cycle'],
    ['a cycle of types alone', 'worker/left.ts', 'cycle'],
    ['a dependency that the package does not have', 'core/outside.ts', 'outside'],
  ])('dependency-cruiser catches %s', (_what, file, rule) => {
    expect(brokenIn(dependencies, file)).toContain(rule);
  });

  it.each([
    ['an upward import', 'core/upward.ts', 'no-restricted-imports'],
    ['an import between siblings of one level', 'codec/sibling.ts', 'no-restricted-imports'],
    ['an import of an entry', 'scheduler/entry.ts', 'no-restricted-imports'],
    ['an import without a suffix', 'core/suffix.ts', 'no-restricted-imports'],
    ['a host global', 'channel/timer.ts', 'no-restricted-globals'],
    ['a host global by way of the global object', 'rpc/global-object.ts', 'no-restricted-globals'],
    ['a host global that is declared first', 'go/declared.ts', 'no-restricted-syntax'],
    ['a promise in the callback core', 'core/promise.ts', 'no-restricted-globals'],
    ['an async function in the callback core', 'channel/asynchronous.ts', 'no-restricted-syntax'],
    ['a barrel in a folder', 'host/index.ts', 'no-restricted-syntax'],
    ['a barrel by star', 'go/barrel.ts', 'no-restricted-syntax'],
    ['an any', 'core/any.ts', '@typescript-eslint/no-explicit-any'],
    ['a default export', 'core/default.ts', 'no-restricted-exports'],
    ['the cause option of Error', 'core/cause.ts', 'no-restricted-syntax'],
  ])('ESLint catches %s', (_what, file, rule) => {
    expect(brokenIn(lints, file)).toContain(rule);
  });

  it.each(Object.keys(clean))('nothing is said of %s, which keeps the rules', (file) => {
    expect([...brokenIn(dependencies, file), ...brokenIn(lints, file)]).toEqual([]);
  });
});

describe('the files of src/', () => {
  it('are named in kebab-case and end in .ts', () => {
    const named = /^src\/([a-z]+\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/;
    expect(sourceFiles().filter((path) => !named.test(path) && path !== 'src/README.md')).toEqual([]);
  });
});
