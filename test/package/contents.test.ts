import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, inject, it } from 'vitest';
import { libraryVersion } from '../../src/channel/protocol.js';
import { entryNames, filesUnder, specifierOf } from './entries.js';

const { root, folder, tarball } = inject('packed');
const names = entryNames(root);
const files = filesUnder(folder);
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  typesVersions: { '*': Record<string, unknown> };
  miniprogram: string;
  version: string;
  dependencies?: object;
  peerDependencies?: object;
};

describe('the tarball', () => {
  it('holds nothing but what is meant', () => {
    const papers = ['package.json', 'LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md'];
    const built =
      /^(miniprogram_dist\/[a-z-]+\.js|dist\/[a-z0-9/-]+(\.js|\.cjs)(\.map)?|dist\/[a-z/-]+\.d\.c?ts|cli\/[a-z-]+\.mjs)$/;
    expect(files.filter((file) => !papers.includes(file) && !built.test(file))).toEqual([]);
    expect(papers.filter((paper) => !files.includes(paper))).toEqual([]);
  });

  it('has every entry in every form', () => {
    const wanted = names.flatMap((name) => [
      `miniprogram_dist/${name}.js`,
      ...['js', 'cjs', 'd.ts', 'd.cts'].map((extension) => `dist/${name}.${extension}`),
    ]);
    expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
  });

  it('names every entry in `exports` and in `typesVersions`, and no other', () => {
    const subpaths = names.map((name) => specifierOf(name).replace('mp-lanes', '.'));
    expect(Object.keys(manifest.exports).sort()).toEqual([...subpaths, './package.json'].sort());
    expect(Object.keys(manifest.typesVersions['*']).sort()).toEqual(names.filter((name) => name !== 'index'));
  });

  it('needs no other package', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.peerDependencies ?? {}).toEqual({});
  });

  it('stays far below the 2 MB of a mini-program package', () => {
    const onDevice = files.filter((file) => file.startsWith(`${manifest.miniprogram}/`));
    const bytes = onDevice.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeLessThan(560_000);
    expect(statSync(tarball).size).toBeLessThan(1_000_000);
  });

  it('says nothing of the machine it was built on', () => {
    const telling = files.filter((file) =>
      /(\/home\/|\/root\/|\/work\/|\/Users\/|file:\/\/)/.test(readFileSync(join(folder, file), 'utf8')),
    );
    expect(telling).toEqual([]);
  });
});

describe('the syntax of what is shipped', () => {
  const scripts = files.filter((file) => /\.c?js$/.test(file));

  it.each(scripts)('%s is ES2017', (file) => {
    const sourceType = file.startsWith('dist/') && file.endsWith('.js') ? 'module' : 'script';
    const source = readFileSync(join(folder, file), 'utf8');
    expect(() => parse(source, { ecmaVersion: 2017, sourceType })).not.toThrow();
  });

  it('has neither eval nor a function made of text, which the platform forbids', () => {
    const forbidden = /\beval\s*\(|\bnew Function\b|\bFunction\s*\(\s*["'`]/;
    expect(scripts.filter((file) => forbidden.test(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
  });
});

describe.each(['worker', 'worker-go'])('the bundle of the worker, %s', (name) => {
  const source = readFileSync(join(folder, `miniprogram_dist/${name}.js`), 'utf8');
  const modules = (
    JSON.parse(readFileSync(join(root, '.cache/build/modules.json'), 'utf8')) as Record<string, string[]>
  )[`miniprogram_dist/${name}.js`]!;

  it('is the file that the manifest of the build speaks of', () => {
    expect(source).toBe(readFileSync(join(root, `miniprogram_dist/${name}.js`), 'utf8'));
    expect(modules).toContain('src/worker/worker-scope.ts');
  });

  it('says on its first line what it is and of which version', () => {
    expect(source.split('\n')[0]).toBe(`/*! mp-lanes worker ${manifest.version} | MIT */`);
    expect(libraryVersion).toBe(manifest.version);
  });

  it('is one file that requires nothing', () => {
    expect(source).not.toMatch(/\brequire\s*\(/);
    // A script, as opposed to a module, has no import declaration.
    expect(() => parse(source, { ecmaVersion: 2017, sourceType: 'script' })).not.toThrow();
  });

  it('holds no module of the logic layer', () => {
    const logic = /^src\/(index|scheduler|channel|testing|worker\/worker)\.ts$|^src\/(lanes|policy)\//;
    expect(modules.filter((module) => logic.test(module))).toEqual([]);
    // What only the supervised worker and the adapters that the build leaves out would say.
    expect(source).not.toMatch(/\bclass Worker\b|onProcessKilled|useExperimentalWorker|worker_threads/);
  });

  it('shares no file with the logic layer', () => {
    const chunks = files.filter(
      (file) => file.startsWith('miniprogram_dist/') && basename(file) !== `${name}.js`,
    );
    const requiring = chunks.filter((file) =>
      /require\(["']\.\/worker/.test(readFileSync(join(folder, file), 'utf8')),
    );
    expect(requiring).toEqual([]);
  });
});
