/** A JavaScript realm with only what a device promises: ECMAScript, timers and `console`. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import vm from 'node:vm';

type Exports = Record<string, unknown>;

/** A realm into which CommonJS files are loaded the way DevTools wraps them. */
export interface Realm {
  /** Loads a file and what it requires. */
  load(file: string): Exports;
  /** Runs a program that sees the exports of `load` as `lib`. */
  run(program: string, lib: Exports): unknown;
  /** The files that were evaluated so far. */
  loaded(): string[];
  /** Own names of the realm's global object. */
  globals(): string[];
  /** Timers that were armed so far. */
  readonly armed: readonly number[];
}

/** What differs from one engine to the other. */
export interface RealmOptions {
  /** Code that is run before anything is loaded. */
  readonly prepare?: string;
  /** Globals of the platform: `wx`, or `worker` inside a worker. */
  readonly globals?: Record<string, unknown>;
}

const wrapper = '(function (require, module, exports) {\n';

export function createRealm({ prepare = '', globals = {} }: RealmOptions = {}): Realm {
  const armed: number[] = [];
  const arm = (callback: () => void, delayMs = 0): unknown => {
    armed.push(delayMs);
    return setTimeout(callback, delayMs);
  };
  const context = vm.createContext({
    setTimeout: arm,
    clearTimeout,
    setInterval,
    clearInterval,
    console,
    ...globals,
  });
  vm.runInContext(prepare, context);
  const loaded = new Map<string, { exports: Exports }>();

  const load = (file: string): Exports => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module: { exports: Exports } = { exports: vm.runInContext('({})', context) as Exports };
    loaded.set(file, module);
    const require = (request: string): Exports => {
      if (!request.startsWith('./')) throw new Error(`${file} requires ${request}, which no device has`);
      return load(join(dirname(file), request));
    };
    const run = vm.runInContext(`${wrapper}${readFileSync(file, 'utf8')}\n})`, context, {
      filename: file,
    }) as (...parts: unknown[]) => void;
    run(require, module, module.exports);
    return module.exports;
  };

  return {
    load,
    run: (program, lib) =>
      (vm.runInContext(`(function (lib) { ${program} })`, context) as (l: Exports) => unknown)(lib),
    loaded: () => [...loaded.keys()],
    globals: () => vm.runInContext('Reflect.ownKeys(this).map(String)', context) as string[],
    armed,
  };
}

/** As on Douyin. */
export const withoutGlobalThis = 'Object.defineProperty(this, "globalThis", { value: null });';

/** As in a plugin that hardens its realm: every intrinsic and its prototype frozen. */
export const frozenIntrinsics = `
  (function () {
    const seen = new Set();
    const freeze = (value) => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) {
        const property = Object.getOwnPropertyDescriptor(value, key);
        freeze(property.value);
        freeze(property.get);
        freeze(property.set);
      }
      freeze(Object.getPrototypeOf(value));
      Object.freeze(value);
    };
    for (const name of Object.getOwnPropertyNames(this)) {
      if (!['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'console', 'globalThis'].includes(name)) freeze(this[name]);
    }
    freeze(Object.getPrototypeOf(async function () {}));
    freeze(Object.getPrototypeOf(function* () {}));
  }).call(this);
`;

/** What came after the engine floor of base library 2.20.2 (Chrome 66, iOS 11), taken away. */
export const engineFloor = `
  (function () {
    const gone = {
      Object: ['fromEntries', 'hasOwn', 'groupBy'],
      Promise: ['allSettled', 'any', 'withResolvers', 'try'],
      Array: ['fromAsync'],
    };
    const goneFromPrototypes = {
      Array: ['at', 'flat', 'flatMap', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with'],
      String: ['at', 'replaceAll', 'matchAll', 'trimStart', 'trimEnd', 'isWellFormed', 'toWellFormed'],
      Promise: ['finally'],
    };
    for (const name of Object.keys(gone)) for (const key of gone[name]) delete this[name][key];
    for (const name of Object.keys(goneFromPrototypes)) {
      for (const key of goneFromPrototypes[name]) delete this[name].prototype[key];
    }
    delete Symbol.prototype.description;
    for (const name of ['globalThis', 'WeakRef', 'FinalizationRegistry', 'AggregateError', 'BigInt', 'BigInt64Array',
      'BigUint64Array', 'SharedArrayBuffer', 'Atomics', 'WebAssembly']) delete this[name];
  }).call(this);
`;
