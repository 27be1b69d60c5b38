/** The library in a context of its own that has nothing but what it is given: how a mini-program sees it. */
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { buildSync } from 'esbuild';
import type * as library from './vm-entry.js';

/** What the bundle exports inside. */
export type Library = typeof library;

let bundled: string | undefined;

function bundle(): string {
  const entry = fileURLToPath(new URL('./vm-entry.ts', import.meta.url));
  if (bundled === undefined) {
    const { outputFiles } = buildSync({
      entryPoints: [entry],
      bundle: true,
      format: 'iife',
      globalName: 'lanes',
      write: false,
      target: 'es2017',
    });
    bundled = outputFiles.map(({ text }) => text).join('\n');
  }
  return bundled;
}

/** Timers and console: what every context has. */
export const plainGlobals = {
  setTimeout: (callback: () => void, delayMs?: number) => setTimeout(callback, delayMs),
  clearTimeout: (handle: NodeJS.Timeout) => clearTimeout(handle),
  console,
};

/** Runs the library in a new context with `globals` only, after `script` if there is one. */
export function loadInContext(globals: object, script = ''): Library {
  const context = vm.createContext({ ...globals });
  vm.runInContext(script, context);
  vm.runInContext(bundle(), context);
  return vm.runInContext('lanes', context) as Library;
}
