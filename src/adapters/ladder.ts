/**
 * The host ladder: which primitive an adapter uses for a macrotask, a microtask, the clock and idle time, one rung
 * after another, with the reason for each. Nothing else in the library chooses a primitive.
 */
import { LanesError } from '../core/errors.js';
import type { HostIdleDeadline, HostTime, HostTurns } from '../host/host.js';
import type { Ambient, IdleSource, MiniProgramApi } from './ambient.js';

type Run = (callback: () => void) => void;
type Performance = Ambient['performance'];

/** A web page is let see a timer at least this often while slices follow one another by messages. */
const TIMER_HOP_MS = 50;
/** The clock of a mini-program is believed after it went along with the wall clock for so long. */
const CLOCK_TRIAL_MS = 20;
/** What an idle period is taken to last where the host does not say: the rest of a frame after a short paint. */
const IDLE_ASSUMED_MS = 10;

function noTimers(): never {
  throw new LanesError(
    'ERR_HOST_CAPABILITY',
    'This thread has no setTimeout, so nothing can be delayed in it (workers on Douyin have timers from 3.45.0).',
  );
}

/** Timers: `setTimeout` everywhere; it is all that a mini-program promises. */
export function chooseTimers(ambient: Ambient): Pick<HostTime, 'setTimer' | 'clearTimer'> {
  const { setTimeout, clearTimeout } = ambient;
  // Called as plain functions: browsers refuse a `this` that is not the global object.
  return {
    setTimer: (callback, delayMs) => (setTimeout === undefined ? noTimers() : setTimeout(callback, delayMs)),
    clearTimer: (handle) => clearTimeout?.(handle),
  };
}

/**
 * A macrotask by timer: mini-programs and plain ECMAScript.
 * Not `wx.nextTick`: it is specified as "like setTimeout, next time slice" only, and runs ahead of messages from the
 * view layer on some clients, so that taps would wait for all of our slices.
 * A WebView holds nested timers back to 4 ms; the pump hears of it through `delayed`, and arms ahead.
 */
export function timerMacrotask(ambient: Ambient, microtask: Run): Pick<HostTurns, 'macrotask' | 'delayed'> {
  const { setTimeout } = ambient;
  // A worker without timers (Douyin before 3.45.0) has promise jobs at least: no turn is given away, but work is done.
  if (setTimeout === undefined) return { macrotask: microtask, delayed: false };
  return { macrotask: (callback) => void setTimeout(callback, 0), delayed: true };
}

/**
 * Node: `setImmediate`. It runs after the event loop has polled for input and output, so sockets and worker messages
 * come in between slices, and costs about 1 µs; a `MessageChannel` hop costs 4 µs and holds the process open, a
 * `setTimeout(0)` over 1,000 µs.
 */
export function immediateMacrotask(ambient: Ambient): Pick<HostTurns, 'macrotask' | 'delayed'> | null {
  const { setImmediate } = ambient;
  if (setImmediate === undefined) return null;
  return { macrotask: (callback) => void setImmediate(callback), delayed: false };
}

/**
 * Web: a `MessageChannel` hop (4 µs), because nested timers are held back to 4 ms.
 * A chain of messages can keep timers waiting, in engines that serve the message queue first, so one hop every
 * {@link TIMER_HOP_MS} of continuous work goes through `setTimeout`.
 * A turn is two hops: Chromium gives a timer its place in the order of tasks only when it next looks for one, which is
 * after our slice has posted its message, so with one hop each timer would wait for another slice.
 * @see https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps
 */
export function messageMacrotask(
  ambient: Ambient,
  now: () => number,
): Pick<HostTurns, 'macrotask' | 'delayed'> | null {
  const { MessageChannel, setTimeout } = ambient;
  if (MessageChannel === undefined) return null;
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  let lastCallMs = -Infinity;
  let lastHopMs = 0;
  port1.onmessage = () => waiting.shift()?.();
  function hop(then: () => void): void {
    waiting.push(then);
    port2.postMessage(null);
  }
  function isTimerDue(): boolean {
    const nowMs = now();
    if (nowMs - lastCallMs > TIMER_HOP_MS) lastHopMs = nowMs; // There was a pause, in which timers ran.
    lastCallMs = nowMs;
    if (nowMs - lastHopMs < TIMER_HOP_MS) return false;
    lastHopMs = nowMs;
    return true;
  }
  return {
    macrotask(callback) {
      if (setTimeout !== undefined && isTimerDue()) setTimeout(callback, 0);
      else hop(() => hop(callback));
    },
    delayed: false,
  };
}

function isNative(value: unknown): boolean {
  return typeof value === 'function' && /\[native code\]/.test(Function.prototype.toString.call(value));
}

/**
 * A microtask.
 * 1. A promise job, where `Promise` is the engine's own: everywhere but on iOS 15 and older, where base libraries put
 *    a polyfill over `setTimeout` in its place, and every `.then` costs a timer turn. The source text tells them apart.
 * 2. `queueMicrotask`, if it is the engine's own (a polyfill would go through that `Promise`).
 * 3. None: `null`, and the adapter uses its macrotask.
 */
export function chooseMicrotask(ambient: Ambient): Run | null {
  const { Promise, queueMicrotask } = ambient;
  if (Promise !== undefined && isNative(Promise) && isNative(Promise.prototype.then)) {
    const settled = Promise.resolve();
    return (callback) => void settled.then(callback);
  }
  if (queueMicrotask !== undefined && isNative(queueMicrotask)) return (callback) => queueMicrotask(callback);
  return null;
}

/** The ways back into this thread, from the macrotask and the idle callback that the adapter chose. */
export function chooseTurns(
  ambient: Ambient,
  chooseMacrotask: (microtask: Run | null) => Pick<HostTurns, 'macrotask' | 'delayed'>,
  requestIdle: HostTurns['requestIdle'],
): HostTurns {
  const microtask = chooseMicrotask(ambient);
  const { macrotask, delayed } = chooseMacrotask(microtask);
  return {
    macrotask,
    delayed: delayed === true,
    microtask: microtask ?? macrotask,
    nativeJobs: microtask !== null,
    requestIdle,
  };
}

/** A way to read the clock of `source`, if that has one which gives numbers. */
function clockOf(source: Performance): (() => number) | null {
  if (!source || typeof source.now !== 'function') return null;
  const now = source.now.bind(source);
  return Number.isFinite(now()) ? now : null;
}

const wallClock = (): number => Date.now();

/** The clock on the web and in Node: `performance.now`, monotonic by specification; else the wall clock. */
export function standardClock(ambient: Ambient): () => number {
  return clockOf(ambient.performance) || wallClock;
}

/**
 * The clock of a mini-program: `performance.now` or `wx.getPerformance().now` where there is one that ticks.
 * Neither is documented for the logic layer, clients have shipped clocks that stand still or count microseconds, so a
 * candidate is first watched beside `Date.now` and believed when both say the same of {@link CLOCK_TRIAL_MS}. What goes
 * back when the wall clock is set is corrected by the runtime's steady clock.
 */
export function triedClock(ambient: Ambient, api: MiniProgramApi | undefined): () => number {
  const candidate = clockOf(ambient.performance) || clockOf(readPerformance(api));
  if (candidate === null) return wallClock;
  const startMs = Date.now();
  const candidateStart = candidate();
  let state: 'trial' | 'believed' | 'refused' = 'trial';
  let offsetMs = 0;
  return () => {
    if (state === 'believed') return candidate() + offsetMs;
    const wallMs = Date.now();
    const passedMs = wallMs - startMs;
    if (state === 'trial' && passedMs >= CLOCK_TRIAL_MS) {
      const claimed = candidate();
      state = Math.abs(claimed - candidateStart - passedMs) <= passedMs / 4 + 2 ? 'believed' : 'refused';
      offsetMs = wallMs - claimed; // Goes on where the wall clock stands: no jump.
    }
    return wallMs;
  };
}

function readPerformance(api: MiniProgramApi | undefined): Performance {
  try {
    return api && api.getPerformance && api.getPerformance();
  } catch {
    return null; // Plugins may not ask.
  }
}

/**
 * Idle time: `wx.requestIdleCallback` (3.10.0), else the global one, else `null` and the scheduler finds idle slots
 * itself. Three things are not to be relied on in a mini-program: that the callback is not run inside the call (it is,
 * while the app is in the background), that an id comes back, that a deadline is passed.
 */
export function chooseIdle(
  source: IdleSource | undefined,
  macrotask: Run,
  now: () => number,
): HostTurns['requestIdle'] {
  const request = source?.requestIdleCallback;
  if (source === undefined || typeof request !== 'function') return null;
  return (callback, timeoutMs) => {
    const requestedMs = now();
    let open = true;
    let inside = true;
    const run = (given?: unknown): void => {
      if (!open) return;
      open = false;
      callback(readDeadline(given, now, timeoutMs !== undefined && now() - requestedMs >= timeoutMs));
    };
    // The deadline of a call inside the call is over by the time we run.
    const enter = (given?: unknown): void => (inside ? macrotask(() => run()) : run(given));
    const id = request.call(source, enter, timeoutMs === undefined ? undefined : { timeout: timeoutMs });
    inside = false;
    return () => {
      open = false;
      if (id !== undefined && id !== null) source.cancelIdleCallback?.(id);
    };
  };
}

function readDeadline(given: unknown, now: () => number, timedOut: boolean): HostIdleDeadline {
  const deadline = given as Partial<HostIdleDeadline> | null | undefined;
  if (typeof deadline?.timeRemaining === 'function') return deadline as HostIdleDeadline;
  const endMs = now() + IDLE_ASSUMED_MS;
  return { didTimeout: timedOut, timeRemaining: () => (timedOut ? 0 : Math.max(0, endMs - now())) };
}
