/**
 * The logic layer of a mini-program: WeChat's `wx` and its cousins `my`, `tt`, `qq` and `swan`, told apart by what they
 * can do. One worker may live at a time.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/worker/wx.createWorker.html
 */
import { WorkerLostError, WorkerStartError } from '../core/errors.js';
import type { Host, HostApp, HostName, HostThreads, HostTurns, HostWorkerOptions } from '../host/host.js';
import type { HostWorker } from '../host/pipe.js';
import type { Ambient, MiniProgramApi, MiniProgramWorker } from './ambient.js';
import { readCarried, textCarriers, toText } from './carrier.js';
import { createReporter, createTime, noTurns } from './ecmascript.js';
import { Inbox, toError } from './inbox.js';
import { chooseDetach, chooseIdle, chooseTurns, timerMacrotask, triedClock } from './ladder.js';

/** The families, in the order in which they are looked for: cousins first, because some offer `wx` as an alias. */
export const miniProgramNames = ['tt', 'swan', 'my', 'qq', 'wx'] as const;

/** The name of a family. */
export type MiniProgramName = (typeof miniProgramNames)[number];

function createApp(ambient: Ambient, api: MiniProgramApi): HostApp {
  const listeners = new Set<(hidden: boolean) => void>();
  const reportError = createReporter(ambient);
  let hidden = false;
  function change(to: boolean): void {
    if (hidden === to) return;
    hidden = to;
    for (const listener of Array.from(listeners)) {
      try {
        listener(to);
      } catch (error) {
        reportError(error);
      }
    }
  }
  // Registered once for the life of the app; taking a listener off again is not possible on every client.
  api.onAppHide?.(() => change(true));
  api.onAppShow?.(() => change(false));
  return {
    get hidden() {
      return hidden;
    },
    onHiddenChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reportError,
  };
}

function startError(url: string, cause: unknown): WorkerStartError {
  const reason = toError(cause).message;
  return new WorkerStartError(
    'ERR_WORKER_START',
    `Cannot start the worker ${JSON.stringify(url)}: ${reason}. ` +
      'Is it a .js file inside the directory that "workers" in app.json names, given relative to the project root?',
    { cause, value: url },
  );
}

/** Starts the platform's worker; what it throws or fails to return becomes one kind of error. */
function startRaw(api: MiniProgramApi, url: string, options: HostWorkerOptions): MiniProgramWorker {
  let raw: MiniProgramWorker | null | undefined;
  try {
    if (typeof api.createWorker !== 'function') throw new Error('this client has no createWorker');
    raw = options.useExperimentalWorker
      ? api.createWorker(url, { useExperimentalWorker: true })
      : api.createWorker(url);
  } catch (cause) {
    throw startError(url, cause);
  }
  // Alipay returns something falsy instead of throwing.
  if (!raw || typeof raw.postMessage !== 'function')
    throw startError(url, new Error('createWorker returned nothing'));
  return raw;
}

/** Our end of a started worker. `onOver` is called once when it no longer lives. */
function createWorkerPipe(
  raw: MiniProgramWorker,
  url: string,
  asText: boolean,
  onOver: () => void,
): HostWorker {
  const inbox = new Inbox();
  let tellError: ((error: Error) => void) | null = null;

  function end(error: unknown): void {
    if (!inbox.isOpen) return;
    onOver();
    inbox.end(error);
  }
  raw.onMessage?.((message) => inbox.receive(readCarried(message)));
  raw.onError?.((payload) => {
    if (!inbox.isOpen) return;
    // Nothing heard yet: the script is missing or failed while loading, and will never answer.
    if (!inbox.heard) {
      raw.terminate?.();
      end(startError(url, payload));
    } else tellError?.(toError(payload));
  });
  raw.onProcessKilled?.(() => {
    const message = `The system killed the worker ${JSON.stringify(url)}.`;
    end(new WorkerLostError('ERR_WORKER_LOST', message, { value: url }));
  });
  return {
    traits: { binary: !asText, transfer: false },
    send: (message) => raw.postMessage(asText ? toText(message) : message),
    listen: (events) => inbox.listen(events),
    close() {
      if (!inbox.close()) return;
      onOver();
      raw.terminate?.();
    },
    onError(listener) {
      tellError = listener;
    },
  };
}

function createThreads(name: HostName, api: MiniProgramApi): HostThreads {
  let liveUrl: string | null = null;
  return {
    createWorker(url, options) {
      if (liveUrl !== null) {
        throw new WorkerStartError(
          'ERR_WORKER_BUSY',
          `Cannot start the worker ${JSON.stringify(url)}: ${JSON.stringify(liveUrl)} is running, and a mini-program may ` +
            'have one worker at a time. Call terminate() on that one first, or expose both APIs in one worker.',
          { value: url },
        );
      }
      const raw = startRaw(api, url, options);
      liveUrl = url;
      return createWorkerPipe(raw, url, textCarriers.has(name), () => {
        liveUrl = null;
      });
    },
    parent: () => null,
  };
}

/** The host of the logic layer whose platform object is `api`. */
export function createMiniProgramHost(name: MiniProgramName, api: MiniProgramApi, ambient: Ambient): Host {
  const clock = triedClock(ambient, api);
  const timers = timerMacrotask(ambient, noTurns);
  const idleSource = typeof api.requestIdleCallback === 'function' ? api : ambient;
  const turns: HostTurns = chooseTurns(
    ambient,
    () => timers,
    chooseIdle(idleSource, timers.macrotask, clock),
  );
  return {
    name,
    time: createTime(ambient, clock),
    turns,
    app: createApp(ambient, api),
    threads: createThreads(name, api),
    detach: chooseDetach(ambient),
  };
}
