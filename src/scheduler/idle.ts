/**
 * Idle callbacks, to the letter of the W3C's requestIdleCallback, on the host's idle time where it has any and in the
 * scheduler's own idle slots where it does not: then a slice's rest after everything else has run.
 *
 * Invariants: callbacks run in the order of their requests; one requested while an idle period runs waits for the next
 * period; each runs once, in idle time or when its timeout has passed; at most one idle period is asked of the host.
 *
 * @see https://w3c.github.io/requestidlecallback/
 */
import {
  callable,
  defineInterface,
  defineName,
  dictionary,
  illegalConstructor,
  internalSlot,
  required,
} from '../core/webidl.js';
import type { Slot } from '../core/webidl.js';
import type { TimerEntry } from '../core/timer-queue.js';
import type { HostIdleDeadline } from '../host/host.js';
import { currentRuntime } from '../host/runtime.js';
import type { Runtime } from '../host/runtime.js';
import { plainState } from './scheduling-state.js';

/** What `requestIdleCallback` may be told. */
export interface IdleRequestOptions {
  /** Milliseconds after which the callback runs, idle or not; 0 means never. @defaultValue 0 */
  readonly timeout?: number;
}

interface DeadlineSlot extends Slot {
  readonly deadline: HostIdleDeadline;
}

/** The key to the constructor, which users may not call. */
const key = {};
const deadlineSlot = internalSlot<DeadlineSlot>();

/**
 * What an idle callback is told.
 * @see https://w3c.github.io/requestidlecallback/#the-idledeadline-interface
 */
export class IdleDeadline {
  /** @internal */
  constructor(secret: unknown = undefined, deadline: HostIdleDeadline | null = null) {
    if (secret !== key || deadline === null) illegalConstructor();
    deadlineSlot.put({ owner: this, deadline });
  }

  /** Whether the callback runs because its timeout has passed. */
  get didTimeout(): boolean {
    return deadlineSlot.of(this).deadline.didTimeout;
  }

  /** Milliseconds left in this idle period, from 0 to 50. */
  timeRemaining(): number {
    return deadlineSlot.of(this).deadline.timeRemaining();
  }
}

defineInterface(IdleDeadline, 'IdleDeadline');

/** One frame: whoever kept our turn waiting for longer is busy. */
const BUSY_MS = 16;

type IdleCallback = (deadline: IdleDeadline) => void;

interface IdleRequest {
  readonly callback: IdleCallback;
  timer: TimerEntry | null;
}

/** The idle requests of one runtime. */
class IdleQueue {
  private readonly requests = new Map<number, IdleRequest>();
  private nextHandle = 1;
  /**
   * None with a lower handle waits. It only goes up, so that each handle is met once: to begin anew with the first of the map
   * in each period would be to step over all that were run, or to copy all that wait.
   */
  private firstHandle = 1;
  private armed = false;

  constructor(private readonly runtime: Runtime) {}

  request(callback: IdleCallback, timeoutMs: number): number {
    const handle = this.nextHandle++;
    const request: IdleRequest = { callback, timer: null };
    this.requests.set(handle, request);
    if (timeoutMs > 0) {
      request.timer = this.runtime.timers.after(timeoutMs, () =>
        this.run(handle, { didTimeout: true, timeRemaining: () => 0 }),
      );
    }
    this.arm();
    return handle;
  }

  cancel(handle: number): void {
    const request = this.requests.get(handle);
    if (request === undefined) return;
    this.requests.delete(handle);
    if (request.timer !== null) this.runtime.timers.cancel(request.timer);
  }

  private arm(): void {
    if (this.armed || this.requests.size === 0) return;
    this.armed = true;
    const { requestIdle } = this.runtime.host.turns;
    if (requestIdle !== null) requestIdle((deadline) => this.runPeriod(deadline));
    else this.ask();
  }

  /** Asks for a slot of our own, in a turn of its own: a period that just ended is not asked again. */
  private ask(): void {
    const { pump } = this.runtime;
    const post = (): void => {
      const askedMs = this.runtime.now();
      pump.post(2, () => this.findSlot(askedMs));
    };
    if (pump.inSlice) pump.atSliceEnd(post);
    else post();
  }

  /** A slot of our own: nobody kept the thread since it was asked for, everything else has run, and time is left. */
  private findSlot(askedMs: number): void {
    const { pump, host, now } = this.runtime;
    // In the background timers come late without anybody being busy.
    const busy = !host.app.hidden && now() - askedMs > BUSY_MS;
    // In a slice that a message opened the next message may wait already.
    if (busy || !pump.inOwnTurn || pump.length > 0 || pump.timeRemaining() <= 0) this.ask();
    else this.runPeriod({ didTimeout: false, timeRemaining: () => pump.timeRemaining() });
  }

  private runPeriod(deadline: HostIdleDeadline): void {
    this.armed = false;
    const period: HostIdleDeadline = {
      didTimeout: false,
      timeRemaining: () => Math.min(50, Math.max(0, deadline.timeRemaining())),
    };
    // Those that are requested from now on have higher handles and wait for the next period.
    const end = this.nextHandle;
    while (this.firstHandle < end && period.timeRemaining() > 0) this.run(this.firstHandle++, period);
    this.arm();
  }

  private run(handle: number, deadline: HostIdleDeadline): void {
    const request = this.requests.get(handle);
    if (request === undefined) return;
    this.cancel(handle);
    const { pump, host } = this.runtime;
    const { context } = pump;
    // A callback that yields goes on in the background:
    // https://wicg.github.io/scheduling-apis/#sec-patches-invoke-idle-callbacks
    pump.context = plainState(2);
    try {
      request.callback(new IdleDeadline(key, deadline));
    } catch (error) {
      host.app.reportError(error);
    }
    pump.context = context;
  }
}

const queues = new WeakMap<Runtime, IdleQueue>();

function currentQueue(): IdleQueue {
  const runtime = currentRuntime();
  let queue = queues.get(runtime);
  if (queue === undefined) queues.set(runtime, (queue = new IdleQueue(runtime)));
  return queue;
}

/** https://webidl.spec.whatwg.org/#js-unsigned-long */
function unsignedLong(value: unknown): number {
  return Number(value) >>> 0;
}

/**
 * Calls `callback` when nothing else is to be done. Gives a handle for `cancelIdleCallback`.
 * @throws TypeError when `callback` is no function.
 * @example
 * requestIdleCallback((deadline) => {
 *   while (deadline.timeRemaining() > 0 && jobs.length > 0) jobs.shift()();
 * }, { timeout: 2000 });
 * @see https://w3c.github.io/requestidlecallback/#the-requestidlecallback-method
 */
export function requestIdleCallback(
  callback: (deadline: IdleDeadline) => void,
  options: IdleRequestOptions = {},
): number {
  required(arguments.length, 1);
  callable(callback);
  const { timeout } = dictionary(options);
  return currentQueue().request(callback, timeout === undefined ? 0 : unsignedLong(timeout));
}

/** Takes back a request; of no effect when it ran. @see https://w3c.github.io/requestidlecallback/#the-cancelidlecallback-method */
export function cancelIdleCallback(handle: number): void {
  required(arguments.length, 1);
  currentQueue().cancel(unsignedLong(handle));
}

defineName(requestIdleCallback, 'requestIdleCallback');
defineName(cancelIdleCallback, 'cancelIdleCallback');
