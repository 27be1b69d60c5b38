import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import nodeResolve from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
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

interface CompileOptions {
  readonly esm?: boolean;
  readonly [option: string]: unknown;
}

function compile(name: string, options: CompileOptions): string {
  const place = join(project, name.replaceAll(/[^a-z]+/gi, '-'));
  mkdirSync(place, { recursive: true });
  const { esm = false, ...compilerOptions } = options;
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ private: true, type: esm ? 'module' : 'commonjs' }),
  );
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const lines = names.map((entry) => {
    const name = entry.replaceAll('-', '_');
    return `import * as ${name} from '${specifierOf(entry)}';\nexport { ${name} };\n`;
  });
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

interface Bundle {
  readonly code: string;
  /** The modules of the package that went into it. */
  readonly modules: readonly string[];
}

async function byEsbuild(program: string): Promise<Bundle> {
  const built = await esbuild({
    stdin: { contents: program, resolveDir: project },
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    logLevel: 'silent',
  });
  const used = Object.entries(Object.values(built.metafile.outputs)[0]!.inputs);
  const modules = used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return { code: built.outputFiles[0]!.text, modules };
}

async function byRollup(program: string): Promise<Bundle> {
  const main = join(project, 'main.mjs');
  writeFileSync(main, program);
  const bundled = await rollup({ input: main, plugins: [nodeResolve()], onLog: () => undefined });
  const { output } = await bundled.generate({ format: 'cjs' });
  const modules = Object.entries(output[0].modules).filter(([, { renderedLength }]) => renderedLength > 0);
  return { code: output[0].code, modules: modules.map(([path]) => path) };
}

describe.each([
  ['esbuild', byEsbuild],
  ['rollup', byRollup],
])('a program bundled by %s', (_name, bundle) => {
  it('has no channel, call or worker in it if it only schedules', async () => {
    const { modules } = await bundle(
      "import { scheduler } from 'mp-lanes/scheduler'; scheduler.postTask(() => 1);",
    );
    expect(
      modules.filter((path) => /dist\/(codec|channel|rpc|worker|lanes|policy|go|page|pool)\//.test(path)),
    ).toEqual([]);
    expect(modules.some((path) => path.includes('dist/scheduler'))).toBe(true);
  });

  it('takes of the main entry only what it uses', async () => {
    const { modules } = await bundle("import { scheduler } from 'mp-lanes'; scheduler.postTask(() => 1);");
    expect(
      modules.filter((path) => /dist\/(codec|channel|rpc|worker|lanes|policy|go|page|pool)\//.test(path)),
    ).toEqual([]);
  });

  it.each(['mp-lanes', 'mp-lanes/scheduler'])(
    'finds its host when it takes the scheduler from %s',
    async (entry) => {
      const { code } = await bundle(`
      import { scheduler } from '${entry}';
      export const answer = scheduler.postTask(() => 42);
    `);
      const module = { exports: {} as { answer?: Promise<number> } };
      const run = compileFunction(code, ['exports', 'module', 'require']) as (...parts: unknown[]) => void;
      run(module.exports, module, createRequire(import.meta.url));
      expect(await module.exports.answer).toBe(42);
    },
  );
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
