/** The preview's own code for the browser, bundled when it is first asked for. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const entries = {
  view: './view/main.ts',
  logic: './threads/logic.ts',
  worker: './threads/worker.ts',
  network: './threads/network.ts',
} as const;

/** The scripts of the preview, one a thread. */
export type BundleName = keyof typeof entries;

export function isBundleName(name: string): name is BundleName {
  return Object.hasOwn(entries, name);
}

const bundles = new Map<BundleName, Promise<string>>();

/** The script of one thread; bundled once a run of the server. */
export function bundle(name: BundleName): Promise<string> {
  const known = bundles.get(name) ?? makeBundle(name);
  bundles.set(name, known);
  return known;
}

async function makeBundle(name: BundleName): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here(entries[name])],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    // Nothing of Taro but its elements is used.
    alias: { '@tarojs/taro': here('./view/taro.ts') },
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.TARO_ENV': '"h5"' },
    loader: { '.css': 'text' },
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
