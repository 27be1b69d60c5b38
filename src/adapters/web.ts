/** A browser: a window, or a dedicated worker. */
import type { Host, HostApp } from '../host/host.js';
import type { Ambient } from './ambient.js';
import { createForegroundApp, createTime, noTurns } from './ecmascript.js';
import { chooseIdle, chooseTurns, messageMacrotask, standardClock, timerMacrotask } from './ladder.js';
import { createListeners } from './listeners.js';

/** Whether `ambient` is a browser's. */
export function isWeb({ self }: Ambient): boolean {
  return typeof self?.addEventListener === 'function';
}

function createApp(ambient: Ambient): HostApp {
  const { document } = ambient;
  const app = createForegroundApp(ambient);
  if (document === undefined) return app;
  const hiding = createListeners<boolean>(app.reportError);
  const isHidden = (): boolean => document.visibilityState === 'hidden';
  document.addEventListener('visibilitychange', () => hiding.tell(isHidden()));
  return {
    get hidden() {
      return isHidden();
    },
    onHiddenChange: (listener) => hiding.add(listener),
    onMemoryWarning: app.onMemoryWarning,
    reportError: app.reportError,
  };
}

/** The host of a window or of a dedicated worker; `null` elsewhere. */
export function createWebHost(ambient: Ambient): Host | null {
  if (!isWeb(ambient)) return null;
  const clock = standardClock(ambient);
  const timers = timerMacrotask(ambient, noTurns);
  const chosen = messageMacrotask(ambient, clock) ?? timers;
  return {
    name: 'web',
    time: createTime(ambient, clock),
    turns: chooseTurns(ambient, () => chosen, chooseIdle(ambient, timers.macrotask, clock)),
    app: createApp(ambient),
  };
}
