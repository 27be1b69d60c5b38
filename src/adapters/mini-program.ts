/**
 * The logic layer of a mini-program: WeChat's `wx` and its cousins `my`, `tt`, `qq` and `swan`, told apart by what they
 * can do.
 */
import type { Host, HostApp } from '../host/host.js';
import type { Ambient, MiniProgramApi } from './ambient.js';
import { createReporter, createTime, noTurns } from './ecmascript.js';
import { chooseIdle, chooseTurns, timerMacrotask, triedClock } from './ladder.js';
import { createListeners } from './listeners.js';

/** The families, in the order in which they are looked for: cousins first, because some offer `wx` as an alias. */
const miniProgramNames = ['tt', 'swan', 'my', 'qq', 'wx'] as const;

/** The name of a family. */
export type MiniProgramName = (typeof miniProgramNames)[number];

function createApp(ambient: Ambient, api: MiniProgramApi): HostApp {
  const reportError = createReporter(ambient);
  const hiding = createListeners<boolean>(reportError);
  const warnings = createListeners<number | undefined>(reportError);
  let hidden = false;
  let warned = false;
  function change(to: boolean): void {
    if (hidden === to) return;
    hidden = to;
    hiding.tell(to);
  }
  // Registered once for the life of the app; taking a listener off again is not possible on every client.
  if (api.onAppHide) api.onAppHide(() => change(true));
  if (api.onAppShow) api.onAppShow(() => change(false));
  return {
    get hidden() {
      return hidden;
    },
    onHiddenChange: (listener) => hiding.add(listener),
    onMemoryWarning(listener) {
      if (!warned && api.onMemoryWarning) api.onMemoryWarning((warning) => warnings.tell(levelOf(warning)));
      warned = true;
      return warnings.add(listener);
    },
    reportError,
  };
}

/** iOS gives no level, and some clients not even an object. */
function levelOf(warning: unknown): number | undefined {
  const { level } = Object(warning) as { level?: unknown };
  return typeof level === 'number' ? level : undefined;
}

/**
 * The mini-program around us. A web page inside WeChat has a `wx` too (the JS-SDK), which can do none of what is looked
 * for; and a mini-program without workers (Taobao) still tells when it goes to the background.
 */
export function findMiniProgram(
  ambient: Ambient,
): { readonly name: MiniProgramName; readonly api: MiniProgramApi } | undefined {
  for (const name of miniProgramNames) {
    const api = ambient[name];
    if (api && (typeof api.createWorker === 'function' || typeof api.onAppHide === 'function'))
      return { name, api };
  }
  return undefined;
}

/** The host of a mini-program's logic layer; `null` elsewhere. */
export function createMiniProgramHost(ambient: Ambient): Host | null {
  const found = findMiniProgram(ambient);
  if (found === undefined) return null;
  const { name, api } = found;
  const clock = triedClock(ambient, api);
  const timers = timerMacrotask(ambient, noTurns);
  const idleSource = typeof api.requestIdleCallback === 'function' ? api : ambient;
  return {
    name,
    time: createTime(ambient, clock),
    turns: chooseTurns(ambient, () => timers, chooseIdle(idleSource, timers.macrotask, clock)),
    app: createApp(ambient, api),
  };
}
