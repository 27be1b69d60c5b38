/**
 * Timers as a mini-program has them. A device's timers are native: unlike a browser's they are not held back to 4 ms
 * after five nested ones (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers, step "if nesting
 * level is greater than 5"). So a due callback always runs from a message, which is no timer task and starts no
 * nesting; delays of 0 and 1 ms (a browser's least) take that way alone. Each callback is a macrotask of its own, in
 * the order of the messages.
 */
import { native } from './native.js';
import { runTurn } from './turns.js';

interface Timer {
  readonly id: number;
  readonly callback: (...parameters: unknown[]) => void;
  readonly parameters: readonly unknown[];
  /** Milliseconds between runs; `null` runs once. */
  readonly interval: number | null;
  nativeId: number | null;
}

const maxDelay = 2 ** 31 - 1;
const timers = new Map<number, Timer>();
let lastId = 0;

const hop = new native.MessageChannel();
hop.port1.onmessage = ({ data }: MessageEvent<number>) => {
  run(data);
};

/** The timer functions to install as the mini-program's globals. */
export const timerGlobals = {
  setTimeout: (callback: unknown, delay?: unknown, ...parameters: unknown[]) =>
    add(callback, delay, parameters, false),
  setInterval: (callback: unknown, delay?: unknown, ...parameters: unknown[]) =>
    add(callback, delay, parameters, true),
  clearTimeout: clear,
  clearInterval: clear,
};

/** How many timers wait for a time to come; one of 0 or 1 ms does not, it is the next turn. */
export function waitingTimers(): number {
  let waiting = 0;
  for (const { nativeId } of timers.values()) if (nativeId !== null) waiting++;
  return waiting;
}

function add(callback: unknown, delay: unknown, parameters: readonly unknown[], repeat: boolean): number {
  if (typeof callback !== 'function') throw new TypeError('setTimeout and setInterval need a function');
  const asNumber = Number(delay);
  const delayMs = asNumber > 0 && asNumber <= maxDelay ? asNumber : 0;
  const timer: Timer = {
    id: ++lastId,
    callback: callback as Timer['callback'],
    parameters,
    interval: repeat ? Math.max(delayMs, 1) : null,
    nativeId: null,
  };
  timers.set(timer.id, timer);
  arm(timer, delayMs);
  return timer.id;
}

function arm(timer: Timer, delayMs: number): void {
  if (delayMs <= 1 && timer.interval === null) {
    hop.port2.postMessage(timer.id);
    return;
  }
  timer.nativeId = native.setTimeout(() => {
    hop.port2.postMessage(timer.id);
  }, delayMs);
}

function run(id: number): void {
  const timer = timers.get(id);
  if (timer === undefined) return;
  if (timer.interval === null) timers.delete(id);
  else arm(timer, timer.interval);
  runTurn('timer', () => {
    timer.callback(...timer.parameters);
  });
}

function clear(id: unknown): void {
  const timer = timers.get(Number(id));
  if (timer === undefined) return;
  if (timer.nativeId !== null) native.clearTimeout(timer.nativeId);
  timers.delete(timer.id);
}
