/** One script a suite and host: the suite, what it compares, and the few lines that run it inside of that host. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { root } from './built.js';
import type { Platform } from './harness/kit.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where everything that is generated goes: below the peers, so that a bundle finds those that stay apart from it. */
export const cacheFolder = here('.cache');

/**
 * These stay where they are. In Node the first find parts compiled for the machine beside their own files, and the others the
 * scripts of their threads. What is for Node alone (a library, and what workerpool and effection name for Node's sake) cannot be
 * bundled for a page, which never comes to ask for it.
 */
const apart: Readonly<Record<Platform, readonly string[]>> = {
  node: ['msgpackr', 'cbor-x', 'tinypool', 'workerpool', 'threads', 'threads/*'],
  chromium: ['tinypool', 'worker_threads', 'os', 'child_process', 'node:process'],
  preview: ['tinypool', 'worker_threads', 'os', 'child_process', 'node:process'],
};

interface Flavour {
  readonly platform: 'node' | 'browser';
  readonly format: 'cjs' | 'iife';
  /** What runs the suite, and what runs a second thread of it. */
  readonly inside: string;
  readonly insideThread: string;
}

const flavours: Readonly<Record<Platform, Flavour>> = {
  node: {
    platform: 'node',
    format: 'cjs',
    inside: './hosts/inside/node.ts',
    insideThread: './hosts/inside/node-thread.ts',
  },
  chromium: {
    platform: 'browser',
    format: 'iife',
    inside: './hosts/inside/page.ts',
    insideThread: './hosts/inside/page-thread.ts',
  },
  preview: {
    platform: 'browser',
    format: 'cjs',
    inside: './hosts/inside/mini-program.ts',
    insideThread: './hosts/inside/mini-program-thread.ts',
  },
};

/**
 * Bundles the suite whose host part is `suite` (from `bench/`) into `file`. Every import that is awaited stays apart and is
 * evaluated when it is asked for, so that a library that cannot be loaded in a host fails alone.
 */
export async function bundleSuite(suite: string, host: Platform, file: string): Promise<void> {
  const { inside } = flavours[host];
  const contents = `import { run } from ${JSON.stringify(suite)};\nimport { start } from ${JSON.stringify(inside)};\nstart(run);\nexport * from ${JSON.stringify(inside)};\n`;
  // A mini-program has the SDK as a package of its own.
  await bundle(contents, host, file, host === 'preview' ? '' : 'dist');
}

/** Bundles the module of a second thread, which exports `serve`; a library that loads the script itself finds what else it exports. */
export async function bundleThread(module: string, host: Platform, file: string): Promise<void> {
  const { insideThread } = flavours[host];
  const contents = `import { serve } from ${JSON.stringify(module)};\nimport { start } from ${JSON.stringify(insideThread)};\nstart(serve);\nexport * from ${JSON.stringify(module)};\n`;
  // A worker of a mini-program sees its own folder alone, so there the SDK's part for workers is built in.
  await bundle(contents, host, file, host === 'preview' ? 'miniprogram_dist' : 'dist');
}

/** @param sdk - the folder of the build that `mp-lanes/…` is, `''` for one that stays apart */
async function bundle(contents: string, host: Platform, file: string, sdk: string): Promise<void> {
  const { platform, format } = flavours[host];
  mkdirSync(dirname(file), { recursive: true });
  await build({
    stdin: { contents, resolveDir: here('.'), loader: 'ts' },
    outfile: file,
    bundle: true,
    platform,
    format,
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: sdk === '' ? [...apart[host], 'mp-lanes', 'mp-lanes/*'] : [...apart[host]],
    // A mini-program knows `require` alone.
    ...(host === 'preview' ? { supported: { 'dynamic-import': false } } : {}),
    plugins: [...(sdk === '' ? [] : [builtSdk(sdk)]), isolatedPolyfill()],
    logLevel: 'error',
  });
}

/** `mp-lanes/…` is the build in this repository. */
function builtSdk(folder: string): Plugin {
  return {
    name: 'built-sdk',
    setup({ onResolve }) {
      onResolve({ filter: /^mp-lanes(\/|$)/ }, ({ path }) => ({
        path: join(root, folder, `${path.split('/')[1] ?? 'index'}.js`),
      }));
    },
  };
}

/** See `suites/scheduler/peers/isolated-polyfill.d.ts`. */
function isolatedPolyfill(): Plugin {
  const file = here('node_modules/scheduler-polyfill/dist/scheduler-polyfill.js');
  return {
    name: 'isolated-polyfill',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/isolated-polyfill\.js$/ }, ({ path }) => ({ path, namespace: 'isolated' }));
      onLoad({ filter: /.*/, namespace: 'isolated' }, () => ({
        contents: `const self = {};\n${readFileSync(file, 'utf8')}\nexport const { scheduler } = self;\n`,
        loader: 'js',
      }));
    },
  };
}
