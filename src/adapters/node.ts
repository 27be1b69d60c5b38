/** Node. */
import type { Host, HostTime } from '../host/host.js';
import type { Ambient } from './ambient.js';
import { createForegroundApp, createTime, noTurns } from './ecmascript.js';
import { chooseTurns, immediateMacrotask, standardClock, timerMacrotask } from './ladder.js';

/** Whether `ambient` is Node's. */
export function isNode({ process }: Ambient): boolean {
  return process?.versions?.node !== undefined;
}

/** Node's timers hold the process open, unless they are told not to. */
function createNodeTime(ambient: Ambient): HostTime {
  const time = createTime(ambient, standardClock(ambient));
  return {
    ...time,
    setTimer(callback, delayMs, background) {
      const handle = time.setTimer(callback, delayMs) as { unref?(): void };
      if (background === true) handle.unref?.();
      return handle;
    },
  };
}

/** The host of Node's main thread or of one of its workers; `null` elsewhere. */
export function createNodeHost(ambient: Ambient): Host | null {
  if (!isNode(ambient)) return null;
  return {
    name: 'node',
    time: createNodeTime(ambient),
    turns: chooseTurns(ambient, () => immediateMacrotask(ambient) ?? timerMacrotask(ambient, noTurns), null),
    app: createForegroundApp(ambient),
  };
}
