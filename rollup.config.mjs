/**
 * What is built, and why apart:
 *
 *   miniprogram_dist/           CommonJS, ES2017, minified. DevTools copies it verbatim (`"miniprogram"` in package.json),
 *                               so a file is named as its entry's subpath and chunks are reached by relative `require`.
 *   miniprogram_dist/worker.js  (and worker-go.js) built by itself: one file without any `require`, because worker code on WeChat reaches
 *                               only files inside the workers directory.
 *   dist/                       ES modules (a file a source module, so that bundlers drop what is not used), CommonJS,
 *                               and the types of either.
 *
 * At last the SDK is placed into the demo, which DevTools then opens without any further step.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import dts from 'rollup-plugin-dts';
import { internalNames } from './rollup.internal-names.mjs';
import { lazyIndex, namedByIndexAlone } from './rollup.lazy-index.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const demo = join(root, 'miniprogram-demo/miniprogram');

/** Which source modules went into which file, for the checks in `test/package`; outside what is packed. */
const manifestFile = join(root, '.cache/build/modules.json');
const manifest = {};

const entries = Object.fromEntries(
  readdirSync(join(root, 'src'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => [basename(name, '.ts'), join('src', name)]),
);
const { worker, 'worker-go': workerGo, ...logicEntries } = entries;

/** Empties a folder before the first file is written into it. */
function clean(folder) {
  return { name: 'clean', buildStart: () => rmSync(join(root, folder), { recursive: true, force: true }) };
}

/**
 * eventemitter3's `import` condition wraps a CommonJS file, which would need one more plugin; its own bundle is a
 * plain ES module.
 */
function plainEventEmitter() {
  const file = join(root, 'node_modules/eventemitter3/dist/eventemitter3.esm.js');
  return { name: 'plain-event-emitter', resolveId: (id) => (id === 'eventemitter3' ? file : null) };
}

function recordModules() {
  return {
    name: 'record-modules',
    writeBundle({ dir }, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const modules = Object.keys(chunk.modules).map((id) => relative(root, id));
        manifest[relative(root, join(dir, chunk.fileName))] = modules;
      }
      mkdirSync(join(manifestFile, '..'), { recursive: true });
      writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
    },
  };
}

/** As "构建 npm" of DevTools does it for the logic layer; worker code must lie inside the workers directory. */
function placeIntoDemo() {
  const installed = join(demo, 'miniprogram_npm/mp-lanes');
  const forWorker = join(demo, 'workers/mp-lanes');
  return {
    name: 'place-into-demo',
    writeBundle() {
      for (const folder of [installed, forWorker]) {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
      }
      cpSync(join(root, 'miniprogram_dist'), installed, { recursive: true });
      cpSync(join(root, 'miniprogram_dist/worker.js'), join(forWorker, 'worker.js'));
    },
  };
}

/**
 * What `adapters/detect.ts` and `detect-threads.ts` would find on a device is decided when the bundle is made: neither
 * Node nor a web page in a mini-program (and so no ports of the platform's), no logic layer in a worker and no worker in a logic layer. Of the adapters that
 * cannot fit, each exports functions that give `null` then; here they are all that is left of them.
 */
const absentFromDevice = {
  'node.ts': 'createNodeHost',
  'node-threads.ts': 'createNodeThreads',
  'web.ts': 'createWebHost',
  'web-threads.ts': 'createWebThreads',
  'web-storage.ts': 'createWebStorage',
  'native-ports.ts': 'isNativePort',
  'native-port.ts': 'adoptNative bridgeAway',
};
const absentFromLogicLayer = {
  ...absentFromDevice,
  'ambient-elsewhere.ts': 'readElsewhere',
  'mini-program-worker.ts': 'createMiniProgramWorkerHost',
  'mini-program-parent.ts': 'createMiniProgramWorkerThreads',
};
const absentFromWorker = {
  ...absentFromDevice,
  'mini-program.ts': 'createMiniProgramHost',
  'mini-program-threads.ts': 'createMiniProgramThreads',
};

function leaveOut(absent) {
  return {
    name: 'leave-out',
    transform(code, id) {
      const [, name] = /\/src\/(?:adapters|channel|host)\/([^/]+)$/.exec(id) ?? [];
      if (!(name in absent)) return null;
      const stubs = absent[name].split(' ').map((each) => `export const ${each} = () => null;`);
      return { code: stubs.join('\n'), map: null };
    },
  };
}

function compile({ sourceMap }) {
  return [
    plainEventEmitter(),
    nodeResolve(),
    typescript({
      tsconfig: './tsconfig.json',
      include: ['src/**/*.ts'],
      compilerOptions: { noEmit: false, sourceMap },
    }),
  ];
}

let names;

/**
 * Classes get the names that their users see from `defineInterface` and `nameErrors`, so those in the code may be short.
 * So may the names of properties that nobody outside can see; which those are stands in `rollup.internal-names.mjs`. They
 * are known only when the published types are there, so types are built first.
 */
function minify(preamble) {
  let minifier;
  return {
    name: 'minify',
    renderStart() {
      names ??= internalNames(root);
      const cache = {
        props: Object.fromEntries(Object.entries(names).map(([from, to]) => [`$${from}`, to])),
      };
      minifier = terser({
        ecma: 2017,
        compress: { passes: 3, unsafe_arrows: true, inline: 1 },
        mangle: { properties: { builtins: true, only_cache: true, cache } },
        format: { comments: false, preamble },
      });
    },
    renderChunk(...chunk) {
      return minifier.renderChunk.apply(this, chunk);
    },
  };
}

/**
 * Whatever rollup finds (a cycle, an unresolved import, a wrong option) stops the build, and so does a syntax error.
 * Type errors are left to `npm run typecheck`, which shows them once instead of once a bundle.
 */
function strictLog(level, log, handler) {
  if (log.plugin === 'typescript' && !/^TS1\d{3}$/.test(log.pluginCode)) return;
  // Types that a public one mentions and no entry names; the API report shows them.
  if (log.plugin === 'dts' && log.message.includes('no public re-export')) return;
  handler(level === 'warn' ? 'error' : level, log);
}

const commonjs = { format: 'cjs', exports: 'named', generatedCode: { preset: 'es2015', symbols: false } };

/** How `mp-lanes worker` (`cli/runtime-file.mjs`) knows the runtime and its version in somebody's project. */
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const workerPreamble = `/*! mp-lanes worker ${version} | MIT */`;

function miniprogram(input, absent, { plugins = [], preamble, chunks = {} } = {}) {
  return {
    input,
    plugins: [...plugins, ...compile({ sourceMap: false }), leaveOut(absent), recordModules()],
    onLog: strictLog,
    output: {
      ...commonjs,
      dir: 'miniprogram_dist',
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[name].js',
      minifyInternalExports: true,
      ...chunks,
      plugins: [lazyIndex(), minify(preamble)],
    },
  };
}

/** `npm pack` leaves out folders named `node_modules`. */
function moduleFile({ name }) {
  return name.startsWith('node_modules/') ? `vendor/${basename(name).split('.')[0]}.js` : '[name].js';
}

const bundlers = {
  input: entries,
  plugins: [clean('dist'), ...compile({ sourceMap: true }), recordModules()],
  onLog: strictLog,
  output: [
    {
      format: 'es',
      dir: 'dist',
      preserveModules: true,
      preserveModulesRoot: 'src',
      entryFileNames: moduleFile,
      sourcemap: true,
    },
    {
      ...commonjs,
      dir: 'dist',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'shared/[name].cjs',
      minifyInternalExports: false,
      sourcemap: true,
    },
  ],
};

/** The types of eventemitter3 are taken in as its code is, so that the package depends on nothing. */
function plainTypes() {
  const file = join(root, 'node_modules/eventemitter3/index.d.ts');
  return { name: 'plain-types', resolveId: (id) => (id === 'eventemitter3' ? file : null) };
}

const types = {
  input: entries,
  plugins: [plainTypes(), dts({ tsconfig: './tsconfig.json' })],
  onLog: strictLog,
  output: ['ts', 'cts'].map((extension) => ({
    format: 'es',
    dir: 'dist',
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `shared/[name].d.${extension}`,
    minifyInternalExports: false,
  })),
};

export default [
  bundlers,
  types,
  miniprogram(logicEntries, absentFromLogicLayer, {
    plugins: [clean('miniprogram_dist')],
    chunks: { manualChunks: namedByIndexAlone, onlyExplicitManualChunks: true },
  }),
  miniprogram({ 'worker-go': workerGo }, absentFromWorker, { preamble: workerPreamble }),
  miniprogram({ worker }, absentFromWorker, { plugins: [placeIntoDemo()], preamble: workerPreamble }),
];
