/**
 * Inside a mini-program's worker: a global `worker` with `postMessage` and `onMessage`, timers, ECMAScript, no `wx`.
 */
import type { Host } from '../host/host.js';
import type { MiniProgramWorkerScope } from './ambient-elsewhere.js';
import type { Ambient } from './ambient.js';
import { createForegroundApp, createTime, noTurns } from './ecmascript.js';
import { chooseTurns, timerMacrotask, triedClock } from './ladder.js';

/** The scope of the mini-program's worker that we are in. */
export function findWorkerScope({ worker }: Ambient): MiniProgramWorkerScope | undefined {
  const complete = typeof worker?.postMessage === 'function' && typeof worker.onMessage === 'function';
  return complete ? worker : undefined;
}

/** The host inside a mini-program's worker; `null` elsewhere. Which family it belongs to is not to be seen from inside. */
export function createMiniProgramWorkerHost(ambient: Ambient): Host | null {
  if (findWorkerScope(ambient) === undefined) return null;
  return {
    name: 'wx',
    time: createTime(ambient, triedClock(ambient, undefined)),
    turns: chooseTurns(ambient, (microtask) => timerMacrotask(ambient, microtask ?? noTurns), null),
    app: createForegroundApp(ambient),
  };
}
