/**
 * One cold start: reads what is to be evaluated, then evaluates it once in a context of its own, as a mini-program does: each
 * file is a function of `require`, `module` and `exports`. Run in a process that has evaluated none of it:
 * `node [--jitless] cold.mjs request.json`; prints an outcome as JSON. What is read before is not measured, compiling is.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createContext, runInContext } from 'node:vm';

/** @type {{ sources: Record<string, string>, entries: string[], touches: boolean, inWorker: boolean }} */
const { sources, entries, touches, inWorker } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const nothing = () => undefined;

/** What the logic layer has beyond ECMAScript, or a worker of a mini-program; nothing of it is called by loading. */
function globals() {
  const timers = { setTimeout, clearTimeout };
  const logger = { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing };
  const shared = { ...timers, console: logger };
  if (inWorker)
    return { ...shared, worker: { postMessage: nothing, onMessage: nothing, onProcessKilled: nothing } };
  const wx = new Proxy(
    {},
    { get: (known, name) => (typeof name === 'string' ? (known[name] ??= () => ({})) : undefined) },
  );
  const registries = {
    App: nothing,
    Page: nothing,
    Component: nothing,
    Behavior: (definition) => definition,
  };
  return { ...shared, ...registries, wx, getApp: () => ({}), getCurrentPages: () => [] };
}

const context = createContext(globals());
const evaluated = new Map();

function load(path) {
  const known = evaluated.get(path);
  if (known !== undefined) return known.exports;
  const source = sources[path];
  if (source === undefined) throw new Error(`${path} is required, which was not read`);
  const module = { exports: {} };
  evaluated.set(path, module);
  const define = runInContext(`(function (require, module, exports) {${source}\n})`, context);
  define((wanted) => load(wanted.replace('./', '')), module, module.exports);
  return module.exports;
}

/** So that the first call of what loads is not measured. */
sources.empty = 'exports.nothing = 0;';
load('empty');
evaluated.delete('empty');

const startMs = performance.now();
const startUse = process.cpuUsage();
let touched = 0;
for (const entry of entries) {
  const exported = load(entry);
  if (touches) for (const name of Object.keys(exported)) if (exported[name] !== undefined) touched++;
}
const { user, system } = process.cpuUsage(startUse);
const wallMs = performance.now() - startMs;
// Nothing is waited for: what is beyond the processor's time, others took. Helpers of the engine may make that the longer one.
const ms = Math.min(wallMs, (user + system) / 1e3);
const exported = entries.map((entry) => Object.keys(load(entry)).length);
process.stdout.write(JSON.stringify({ ms, files: [...evaluated.keys()], touched, exported }));
