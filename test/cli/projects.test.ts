import { describe, expect, it } from 'vitest';
import { createProject, native } from './command.js';

/** What the command says of a project: its kind, and each finding with the lines to write. */
function findings(files: Readonly<Record<string, string | object>>, folder: string) {
  const project = createProject({ ...files, [`${folder}/index.js`]: '' });
  const before = Object.keys(files).filter((file) => !file.endsWith('/'));
  const contents = before.map((file) => project.read(file));
  const { out } = project.run(`worker ${folder}`);
  // Nothing but the runtime is written.
  expect(before.map((file) => project.read(file))).toEqual(contents);
  const [, kind = '', advice = '', use = ''] =
    /\n\n(Project: .*)\n([\s\S]*)\n(In the worker: [\s\S]*)$/.exec(out) ?? [];
  const each = advice
    .split(/^ {2}(?=ok|to do)/m)
    .slice(1)
    .map((text) =>
      text
        .trim()
        .replaceAll(/\n {11}/g, '\n')
        .replace(/^(ok|to do) +/, '$1: '),
    );
  const [, script] = /new Worker\('(.*)'\)/.exec(use) ?? [];
  return { kind, each, script };
}

describe('a native project', () => {
  it('has nothing to do where all is said', () => {
    const { kind, each, script } = findings(native, 'workers');
    expect(kind).toBe('Project: native mini-program, its root is .');
    expect(each).toEqual(['ok: app.json names this directory in "workers".']);
    expect(script).toBe('workers/index.js');
  });

  it('has to name the directory', () => {
    const { each } = findings({ ...native, 'app.json': { pages: [] } }, 'workers');
    expect(each).toEqual(['to do: app.json must name this directory; add:\n"workers": "workers"']);
  });

  it('may name it in any of the ways that WeChat takes', () => {
    for (const workers of ['workers/', './workers', '/workers', { path: 'workers', isSubpackage: false }]) {
      const { each } = findings({ ...native, 'app.json': { workers } }, 'workers');
      expect(each).toEqual(['ok: app.json names this directory in "workers".']);
    }
    const inSubpackage = { workers: { path: 'workers', isSubpackage: true } };
    expect(findings({ ...native, 'app.json': inSubpackage }, 'workers').each).toEqual([
      'ok: app.json names this directory in "workers", as a subpackage.',
    ]);
  });

  it('may have the directory deeper, or the worker code in a part of the one that is named', () => {
    const deeper = findings({ ...native, 'app.json': { workers: 'code/threads' } }, 'code/threads/search');
    expect(deeper.each).toEqual(['ok: app.json names this directory in "workers".']);
    expect(deeper.script).toBe('code/threads/search/index.js');
    expect(findings({ ...native, 'app.json': {} }, 'code/threads').each[0]).toContain(
      '"workers": "code/threads"',
    );
  });

  it('is told when another directory is named', () => {
    for (const workers of ['other', 'work', ['workers'], { path: 'other' }]) {
      const { each } = findings({ ...native, 'app.json': { workers } }, 'workers');
      expect(each).toHaveLength(1);
      expect(each[0]).toContain(`to do: app.json names another directory (${JSON.stringify(workers)})`);
      expect(each[0]).toContain('make it "workers"');
    }
  });

  it('may have comments in app.json, and is told of one that cannot be read', () => {
    const commented = '{\n  // "workers": "other",\n  "pages": ["a//b"], /* … */\n  "workers": "workers",\n}';
    expect(findings({ ...native, 'app.json': commented }, 'workers').each).toEqual([
      'ok: app.json names this directory in "workers".',
    ]);
    expect(findings({ ...native, 'app.json': '{ "pages": [' }, 'workers').each).toEqual([
      'to do: app.json cannot be read as JSON; it must have:\n"workers": "workers"',
    ]);
  });

  const nested = {
    'package.json': {},
    'mp/app.json': { workers: 'workers' },
    'project.config.json': { miniprogramRoot: 'mp/' },
  };
  const relation = { packageJsonPath: './package.json', miniprogramNpmDistDir: './mp/' };

  it('has to say where package.json is, if that is not in the root of the mini-program', () => {
    const { kind, each, script } = findings(nested, 'mp/workers');
    expect(kind).toBe('Project: native mini-program, its root is mp');
    expect(script).toBe('workers/index.js');
    expect(each[0]).toBe('ok: mp/app.json names this directory in "workers".');
    const [told = '', ...lines] = (each[1] ?? '').split('\n');
    expect(told).toContain('for "Build npm" project.config.json needs:');
    expect(JSON.parse(`{${lines.join('')}}`)).toEqual({
      setting: { packNpmManually: true, packNpmRelationList: [relation] },
    });
  });

  it.each([
    [{ packNpmManually: true, packNpmRelationList: [relation] }, 'ok'],
    [{ packNpmManually: true, packNpmRelationList: [{ ...relation, miniprogramNpmDistDir: 'mp' }] }, 'ok'],
    [{ packNpmManually: false, packNpmRelationList: [relation] }, 'to do'],
    [{ packNpmManually: true, packNpmRelationList: [{ ...relation, miniprogramNpmDistDir: './' }] }, 'to do'],
    [{ packNpmManually: true, packNpmRelationList: 'x' }, 'to do'],
  ])('with %j this is %s', (setting, judgement) => {
    const files = { ...nested, 'project.config.json': { miniprogramRoot: 'mp/', setting } };
    const { each } = findings(files, 'mp/workers');
    expect(each).toHaveLength(2);
    expect(each[1]?.startsWith(`${judgement}: `)).toBe(true);
  });

  it('is not asked for it where npm is built already, or where package.json lies in the root', () => {
    const built = { ...nested, 'mp/miniprogram_npm/mp-lanes/index.js': '' };
    expect(findings(built, 'mp/workers').each).toHaveLength(1);
    expect(findings({ ...nested, 'mp/package.json': {} }, 'mp/workers').each).toHaveLength(1);
  });

  it('is found by miniprogramRoot where app.json is not there yet', () => {
    const files = { 'project.config.json': { miniprogramRoot: 'mp' } };
    expect(findings(files, 'mp/code/workers').each).toEqual([
      'to do: mp/app.json is missing; it must have:\n{\n  "workers": "code/workers"\n}',
    ]);
  });

  it('may not be there at all', () => {
    const { kind, each } = findings({}, 'workers');
    expect(kind).toBe('Project: no app.json found above this directory');
    expect(each).toEqual(['to do: app.json must name this directory; add:\n"workers": "workers"']);
  });
});

describe('a Taro project', () => {
  const taro = {
    'package.json': { dependencies: { '@tarojs/taro': '4.2.1' } },
    'config/index.ts': `
      export default defineConfig({
        sourceRoot: 'src', outputRoot: 'dist',
        // copy: { patterns: [{ from: 'src/workers', to: 'dist/workers' }] },
        copy: { patterns: [], options: {} },
      });`,
    'src/app.config.ts': `export default defineAppConfig({ pages: ['pages/index/index'] });`,
  };
  const copied = `export default { outputRoot: 'dist', copy: { patterns: [{ from: "src/workers/", to: "dist/workers/" }] } };`;

  it('has to copy the directory and to name it', () => {
    const { kind, each, script } = findings(taro, 'src/workers');
    expect(kind).toBe('Project: Taro, in .');
    expect(each).toEqual([
      'to do: the build must copy this directory as it is; in config/index.ts, unless you do it in another way:\n' +
        "copy: {\n  patterns: [{ from: 'src/workers', to: 'dist/workers' }],\n  options: {},\n},",
      "to do: src/app.config.ts must name this directory; add:\nworkers: 'workers',",
    ]);
    expect(script).toBe('workers/index.js');
  });

  it('has nothing to do where all is said', () => {
    const files = {
      ...taro,
      'config/index.ts': copied,
      'src/app.config.ts': `export default { pages: [], workers: 'workers' };`,
    };
    expect(findings(files, 'src/workers').each).toEqual([
      'ok: config/index.ts copies this directory into the build.',
      'ok: src/app.config.ts names this directory in "workers".',
    ]);
  });

  it.each([
    [
      `workers: { path: "workers", isSubpackage: true }`,
      'ok: src/app.config.ts names this directory in "workers", as',
    ],
    [`workers: 'other'`, 'to do: src/app.config.ts names another directory ("other")'],
    [`// workers: 'workers'`, 'to do: src/app.config.ts must name this directory'],
    [`/* workers: 'workers' */ url: 'http://x'`, 'to do: src/app.config.ts must name this directory'],
  ])('that says %s is judged by it', (text, told) => {
    const files = { ...taro, 'src/app.config.ts': `export default {\n ${text}\n};` };
    expect(findings(files, 'src/workers').each[1]).toContain(told);
  });

  it.each([
    [`from: './src/workers/**/*'`, 'ok'],
    [`from: 'src'`, 'ok'],
    [`from: 'src/workers2'`, 'to do'],
    [`from: 'src/workers/other'`, 'to do'],
  ])('that copies %s: %s', (pattern, judgement) => {
    const files = { ...taro, 'config/index.ts': `export default { copy: { patterns: [{ ${pattern} }] } };` };
    expect(findings(files, 'src/workers').each[0]?.startsWith(`${judgement}: `)).toBe(true);
  });

  it('may have its roots elsewhere', () => {
    const { 'src/app.config.ts': appConfig, ...others } = taro;
    const files = {
      ...others,
      'config/index.ts': 'export default { sourceRoot: "app", outputRoot: `dist/${process.env.TARO_ENV}` };',
      'app/app.config.js': appConfig,
    };
    const { each, script } = findings(files, 'app/code/workers');
    expect(each[0]).toContain(
      "[{ from: 'app/code/workers', to: `dist/${process.env.TARO_ENV}/code/workers` }]",
    );
    expect(each[1]).toBe("to do: app/app.config.js must name this directory; add:\nworkers: 'code/workers',");
    expect(script).toBe('code/workers/index.js');
  });

  it('is told that the output of the build is no place for worker code', () => {
    const { kind, each } = findings({ ...taro, 'dist/app.json': {} }, 'dist/workers');
    expect(kind).toBe('Project: Taro, in .');
    expect(each).toEqual([
      'to do: dist/workers is in the output of the build, which writes it anew. ' +
        'Keep the worker code in src/workers, and run the command for that.',
    ]);
  });

  it('is known by its packages and its config together', () => {
    const files = { ...native, 'config/index.js': 'module.exports = {};' };
    expect(findings(files, 'workers').kind).toContain('native mini-program');
  });
});

describe('a uni-app project', () => {
  const vue3 = {
    'package.json': { devDependencies: { '@dcloudio/vite-plugin-uni': '3.0.0' } },
    'src/manifest.json': '{ /* 应用配置 */ "name": "a", "mp-weixin": { "appid": "", }, "vueVersion": "3" }',
    'src/pages.json': { pages: [] },
  };
  const vue2 = {
    ...vue3,
    'package.json': { dependencies: { '@dcloudio/vue-cli-plugin-uni': '2.0.2' } },
    'src/manifest.json': { 'mp-weixin': {} },
  };

  it('has to name a directory in static/, which is copied', () => {
    const { kind, each, script } = findings(vue3, 'src/static/mp-weixin/workers');
    expect(kind).toBe('Project: uni-app (Vue 3), its sources are in src');
    expect(each).toEqual([
      'ok: the build copies src/static/mp-weixin/workers as it is.',
      'to do: src/manifest.json must name this directory; add:\n' +
        '"mp-weixin": {\n  "workers": "static/mp-weixin/workers"\n}',
    ]);
    expect(script).toBe('static/mp-weixin/workers/index.js');
  });

  it.each([
    ['src/manifest.json', { 'mp-weixin': { workers: 'static/workers' } }, 'ok: src/manifest.json names'],
    ['src/pages.json', { pages: [], workers: 'static/workers' }, 'ok: src/pages.json names'],
    ['src/manifest.json', { 'mp-weixin': { workers: 'workers' } }, 'to do: src/manifest.json names another'],
    ['src/manifest.json', '{ "mp-weixin": ', 'to do: src/manifest.json cannot be read as JSON'],
    ['manifest.config.ts', '', 'to do: manifest.config.ts must name this directory'],
  ])('that has in %s %j is judged by it', (file, content, told) => {
    const { each } = findings({ ...vue3, [file]: content }, 'src/static/workers');
    expect(each).toHaveLength(2);
    expect(each[1]).toContain(told);
  });

  it('with Vue 3 does not copy a directory elsewhere', () => {
    const { each, script } = findings(vue3, 'src/workers');
    expect(each).toEqual([
      'to do: the build does not copy src/workers. ' +
        'Move the worker code to src/static/workers, and run the command for that.',
    ]);
    expect(script).toBe('static/workers/index.js');
  });

  it('with Vue 2 copies the directory that its manifest names', () => {
    const { kind, each } = findings(vue2, 'src/workers');
    expect(kind).toBe('Project: uni-app (Vue 2), its sources are in src');
    expect(each).toEqual([
      'to do: src/manifest.json must name this directory; add:\n"mp-weixin": {\n  "workers": "workers"\n}',
    ]);
    const named = { ...vue2, 'src/manifest.json': { 'mp-weixin': { workers: 'workers' } } };
    expect(findings(named, 'src/workers').each).toEqual([
      'ok: the build copies src/workers as it is.',
      'ok: src/manifest.json names this directory in "workers".',
    ]);
    const inPages = { ...vue2, 'src/pages.json': { workers: 'workers' } };
    expect(findings(inPages, 'src/workers').each).toHaveLength(1);
  });

  it.each([
    ['2', 'Vue 2'],
    ['3', 'Vue 3'],
  ])('of HBuilderX has its sources in its root, and its version %s in the manifest', (vueVersion, told) => {
    const files = { 'manifest.json': { vueVersion }, 'pages.json': {}, 'unpackage/dist/app.json': {} };
    expect(findings(files, 'static/workers').kind).toBe(`Project: uni-app (${told}), its sources are in .`);
    expect(findings(files, 'unpackage/dist/workers').each).toHaveLength(1);
    expect(findings(files, 'unpackage/dist/workers').each[0]).toContain(
      'does not copy unpackage/dist/workers',
    );
  });

  it('is known before its JSON files are made', () => {
    const { 'package.json': packageJson } = vue3;
    const { kind, each } = findings({ 'package.json': packageJson, 'src/': '' }, 'src/static/workers');
    expect(kind).toBe('Project: uni-app (Vue 3), its sources are in src');
    expect(each).toHaveLength(2);
  });
});
