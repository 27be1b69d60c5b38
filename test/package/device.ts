/** A mini-program of two threads: two realms with nothing but ECMAScript and timers, and what lies between them. */
import { join } from 'node:path';
import type * as MpLanes from '../../src/index.js';
import type * as MpLanesWorker from '../../src/worker.js';
import { createRealm } from './realm.js';

/** What the logic layer requires. */
export type Lib = typeof MpLanes;
/** What the worker requires. */
export type WorkerLib = typeof MpLanesWorker;
type Listener = (message: unknown) => void;

/** What the worker channel of a client does to a message. */
export type Carry = (message: unknown) => unknown;

export const asJson: Carry = (message) => JSON.parse(JSON.stringify(message)) as unknown;

/** JSON-like data, with buffers as members of the message or one level below: what base libraries document. */
export const asDocumented: Carry = (message) => {
  const copy = (value: unknown, depth: number): unknown => {
    if (Object.prototype.toString.call(value) === '[object ArrayBuffer]')
      return (value as ArrayBuffer).slice(0);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > 1) return asJson(value);
    if (Array.isArray(value)) return value.map((each) => copy(each, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each, depth + 1)]));
  };
  return copy(message, 0);
};

/** A device that was booted. */
export interface Device {
  readonly lib: Lib;
  readonly messages: () => number;
}

/** Which bundle of an entry: that for devices, whose names are shortened, or that for bundlers, as it was written. */
export type Flavour = 'miniprogram_dist' | 'dist';

export function bundleOf(folder: string, flavour: Flavour, entry: string): string {
  return join(folder, flavour, flavour === 'dist' ? `${entry}.cjs` : `${entry}.js`);
}

/** A mini-program: the logic layer with `wx`, and a worker realm for each `wx.createWorker`, one at a time. */
export function bootDevice(
  folder: string,
  main: (lib: WorkerLib) => void,
  carry: Carry,
  prepare = '',
  [logicFlavour, workerFlavour]: readonly [Flavour, Flavour] = ['miniprogram_dist', 'miniprogram_dist'],
): Device {
  let live = false;
  let messages = 0;
  function createWorker(path: string): unknown {
    if (live) throw new Error('createWorker:fail only one worker');
    if (path !== 'workers/index.js') throw new Error(`createWorker:fail ${path} not found`);
    live = true;
    const toLogic: Listener[] = [];
    const toWorker: Listener[] = [];
    const send = (listeners: Listener[], message: unknown): void => {
      messages++;
      const copy = carry(message);
      setTimeout(() => {
        if (live) for (const listener of listeners) listener(copy);
      });
    };
    const worker = {
      postMessage: (message: unknown) => send(toLogic, message),
      onMessage: (listener: Listener) => void toWorker.push(listener),
    };
    setTimeout(() =>
      main(
        createRealm({ prepare, globals: { worker } }).load(
          bundleOf(folder, workerFlavour, 'worker'),
        ) as WorkerLib,
      ),
    );
    return {
      postMessage: (message: unknown) => send(toWorker, message),
      onMessage: (listener: Listener) => void toLogic.push(listener),
      terminate: () => (live = false),
    };
  }
  const realm = createRealm({ prepare, globals: { wx: { createWorker, onAppHide() {}, onAppShow() {} } } });
  return {
    lib: realm.load(bundleOf(folder, logicFlavour, 'index')) as unknown as Lib,
    messages: () => messages,
  };
}
