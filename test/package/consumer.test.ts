import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { entryNames, specifierOf } from './entries.js';

const { root, project, folder } = inject('packed');
const names = entryNames(root);

const base = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  types: [] as string[],
};
const modern = ['ES2020'];

/** How users compile: each with what their template or framework sets. */
const projects = {
  'a bundler, with the DOM': {
    ...base,
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: [...modern, 'DOM'],
  },
  'a bundler, without the DOM': { ...base, module: 'esnext', moduleResolution: 'bundler', lib: modern },
  'Node, ES modules': { ...base, module: 'node16', moduleResolution: 'node16', lib: modern, esm: true },
  'Node, CommonJS': { ...base, module: 'node16', moduleResolution: 'node16', lib: modern },
  'the mini-program template, with the typings of wx': {
    ...base,
    // The typings themselves do not pass the check of libraries.
    skipLibCheck: true,
    module: 'commonjs',
    moduleResolution: 'node10',
    ignoreDeprecations: '6.0',
    lib: modern,
    types: ['miniprogram-api-typings'],
  },
};

function compile(name: string, options: { esm?: boolean }): string {
  const place = join(project, name.replaceAll(/[^a-z]+/gi, '-'));
  mkdirSync(place, { recursive: true });
  const { esm = false, ...compilerOptions } = options;
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ private: true, type: esm ? 'module' : 'commonjs' }),
  );
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const lines = names.map(
    (entry) => `import * as ${entry} from '${specifierOf(entry)}';\nexport { ${entry} };\n`,
  );
  writeFileSync(join(place, 'every-entry.ts'), lines.join(''));
  copyFileSync(join(root, 'test/package/consumer/usage.ts'), join(place, 'usage.ts'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', place], { encoding: 'utf8' }).stdout;
}

describe('a TypeScript project that uses the package', () => {
  beforeAll(() => {
    const typings = join(project, 'node_modules/miniprogram-api-typings');
    if (!existsSync(typings)) symlinkSync(join(root, 'node_modules/miniprogram-api-typings'), typings, 'dir');
  });

  it.each(Object.entries(projects))('compiles with %s', (name, options) => {
    expect(compile(name, options)).toBe('');
  });
});

/** Bundles a program that uses the package; gives the code and the modules that went into it. */
async function bundle(program: string): Promise<{ code: string; modules: string[] }> {
  const built = await build({
    stdin: { contents: program, resolveDir: project },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'cjs',
    logLevel: 'silent',
  });
  const used = Object.values(built.metafile.outputs)[0]!.inputs;
  const modules = Object.entries(used)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  return { code: built.outputFiles[0]!.text, modules };
}

describe('a bundler', () => {
  it('leaves out all of what is imported and not used', async () => {
    const imports = names.map((name) => `import * as ${name} from '${specifierOf(name)}';`);
    expect((await bundle(imports.join('\n'))).code.replace('"use strict";', '').trim()).toBe('');
  });

  it('takes no channel, call or worker into a program that only schedules', async () => {
    const { modules } = await bundle(
      "import { scheduler } from 'mp-lanes/scheduler'; scheduler.postTask(() => 1);",
    );
    expect(modules.filter((path) => /dist\/(codec|channel|rpc|worker|lanes|policy|go)\//.test(path))).toEqual(
      [],
    );
    expect(modules.some((path) => path.includes('dist/scheduler'))).toBe(true);
  });

  it('makes a program that runs, though the package is free of side effects', async () => {
    const { code } = await bundle(`
      import { scheduler } from 'mp-lanes/scheduler';
      exports.answer = scheduler.postTask(() => 42);
    `);
    const module = { exports: {} as { answer?: Promise<number> } };
    (compileFunction(code, ['exports', 'module']) as (...parts: unknown[]) => void)(module.exports, module);
    expect(await module.exports.answer).toBe(42);
  });
});

describe('Node', () => {
  it.each(names)('loads %s as an ES module and as CommonJS, with the same exports', (name) => {
    const program = `
      import { createRequire } from 'node:module';
      const asModule = await import('${specifierOf(name)}');
      const asCommonJs = createRequire('${folder}/x.cjs')('${specifierOf(name)}');
      console.log(JSON.stringify([Object.keys(asModule).sort(), Object.keys(asCommonJs).sort()]));
    `;
    const file = join(project, `load-${name}.mjs`);
    writeFileSync(file, program);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect([status, stderr]).toEqual([0, '']);
    const [asModule, asCommonJs] = JSON.parse(stdout) as [string[], string[]];
    expect(asModule).toEqual(asCommonJs);
    expect(asModule.length).toBeGreaterThan(0);
  });
});
