/** A mini-program's platform object whose workers are contexts of their own, in this thread. */
import type { MiniProgramApi, MiniProgramWorker } from '../../src/adapters/ambient.js';
import type { Pipe } from '../../src/host/pipe.js';
import { loadInContext, plainGlobals } from './vm-context.js';

type Listener = (message: unknown) => void;

/** What the platform does to a message between its threads. */
const copy = (message: unknown): unknown => structuredClone(message);

/** What a client's `createWorker` does about a path that leads nowhere. */
export type MissingFile = 'throws' | 'fails later' | 'returns nothing';

export interface FakeMiniProgram extends MiniProgramApi {
  hide(): void;
  show(): void;
  /** Of the worker that was started last. */
  kill(): void;
  fail(payload: unknown): void;
  /** As `wx.onMemoryWarning` tells it. */
  warn(warning?: object): void;
  readonly created: { path: string; options: unknown }[];
}

/** Starts `main` in a context whose only ways out are timers, console and a global `worker`. */
function startContext(main: (pipe: Pipe) => void, toLogicLayer: Listener): Listener {
  const listeners: Listener[] = [];
  const worker = {
    postMessage: (message: unknown) => toLogicLayer(copy(message)),
    onMessage: (listener: Listener) => void listeners.push(listener),
  };
  const { detectThreads } = loadInContext({ ...plainGlobals, worker });
  main(detectThreads().parent()!);
  return (message) => listeners.forEach((listener) => listener(message));
}

/** The platform object; `mains` says which worker files there are. */
export function createFakeMiniProgram(
  mains: Record<string, (pipe: Pipe) => void>,
  missing: MissingFile = 'throws',
): FakeMiniProgram {
  const hideListeners: (() => void)[] = [];
  const showListeners: (() => void)[] = [];
  const warningListeners: Listener[] = [];
  const created: { path: string; options: unknown }[] = [];
  let killed: () => void = () => undefined;
  let failed: Listener = () => undefined;

  function createWorker(path: string, options?: object): MiniProgramWorker | null {
    created.push({ path, options });
    const main = mains[path];
    if (main === undefined && missing === 'throws') throw new Error(`createWorker:fail ${path} not found`);
    if (main === undefined && missing === 'returns nothing') return null;
    const listeners: Listener[] = [];
    let live = true;
    let toWorker: Listener = () => undefined;
    const waiting: unknown[] = [];
    setTimeout(() => {
      if (main === undefined) {
        failed({ message: `${path} not found`, filename: path });
        return;
      }
      toWorker = startContext(main, (message) => {
        setTimeout(() => live && listeners.forEach((listener) => listener(message)));
      });
      waiting.forEach((message) => toWorker(message));
    });
    return {
      postMessage(message) {
        const copied = copy(message);
        setTimeout(() => live && toWorker(copied));
      },
      onMessage: (listener) => void listeners.push(listener),
      onError: (listener) => void (failed = listener),
      onProcessKilled: (listener) => void (killed = listener),
      terminate: () => void (live = false),
    };
  }
  return {
    createWorker,
    onAppHide: (listener) => void hideListeners.push(listener),
    onAppShow: (listener) => void showListeners.push(listener),
    onMemoryWarning: (listener) => void warningListeners.push(listener),
    hide: () => hideListeners.forEach((listener) => listener()),
    show: () => showListeners.forEach((listener) => listener()),
    warn: (warning) => warningListeners.forEach((listener) => listener(warning)),
    kill: () => killed(),
    fail: (payload) => failed(payload),
    created,
  };
}

/** A context with `setTimeout`, console and the platform object under `name`; `script` runs first. */
export function loadMiniProgram(name: string, api: object, script?: string) {
  return loadInContext({ ...plainGlobals, [name]: api }, script);
}
