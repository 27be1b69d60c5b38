/** CommonJS as in a mini-program: files define themselves, `require` runs each once. */
import { resolveModule } from '../shared/path.js';

type Factory = (require: (target: string) => unknown, module: Module, exports: unknown) => void;

interface Module {
  exports: unknown;
}

/** The modules of one thread. */
export interface Modules {
  /** What the wrapper of each file calls. */
  define(path: string, factory: Factory): void;
  /** Runs the file at `path` (from the root) unless it has run, and gives its exports. */
  run(path: string): unknown;
  has(path: string): boolean;
}

/**
 * @param allowed whether a file may be required at all: worker code stays inside its directory
 * @param around called around each file's first run, so that `Page` and `Component` know whose they are
 */
export function createModules(
  allowed: (path: string) => boolean,
  around: (path: string, run: () => void) => void = (_path, run) => {
    run();
  },
): Modules {
  const factories = new Map<string, Factory>();
  const loaded = new Map<string, Module>();
  const has = (path: string): boolean => factories.has(path) && allowed(path);

  function run(path: string): unknown {
    const known = loaded.get(path);
    if (known !== undefined) return known.exports;
    const factory = factories.get(path);
    if (factory === undefined || !allowed(path)) throw new Error(`module '${path}' is not defined`);
    const module: Module = { exports: {} };
    loaded.set(path, module);
    try {
      around(path, () => {
        factory(requireFrom(path), module, module.exports);
      });
    } catch (error) {
      loaded.delete(path);
      throw error;
    }
    return module.exports;
  }

  function requireFrom(from: string): (target: string) => unknown {
    return (target) => {
      if (typeof target !== 'string') throw new TypeError('require args must be a string');
      const path = resolveModule(from, target, has);
      if (path === null)
        throw new Error(`module '${target}' is not defined, require args is '${target}' in ${from}`);
      return run(path);
    };
  }

  return { define: (path, factory) => factories.set(path, factory), run, has };
}
