/**
 * Times as channels: `after` and `tick`.
 *
 * What must always hold: values come into being when somebody receives, so a timer is armed only while somebody waits, and
 * one that nobody waits for costs nothing and need not be stopped. https://go.dev/wiki/Go123Timer
 */
import { LanesError } from '../core/errors.js';
import { currentRuntime } from '../host/runtime.js';
import { Values } from './chan.js';
import type { Receivable, Received } from './chan.js';
import type { Operation } from './operation.js';
import { readDelay } from './sleep.js';
import { TimedList } from './timed-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/** A channel whose values are times, in milliseconds of the clock that `Date.now()` does not tell: since the start. */
export class TimerChan implements Receivable<number> {
  private readonly receivers: TimedList = new TimedList(
    this,
    () => this.dueMs,
    () => this.serve(),
  );
  private dueMs: number;

  /** @internal */
  constructor(
    delayMs: number,
    private readonly periodMs: number,
  ) {
    this.dueMs = currentRuntime().timers.dueAfter(delayMs);
  }

  private get ready(): number {
    return this.receivers.length === 0 && this.dueMs <= currentRuntime().now() ? 1 : 0;
  }

  /** As `recv` of a `Chan`: over when the time has come. Aborted or cancelled it leaves nothing behind. */
  recv(options?: WaitOptions): Operation<Received<number>> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const received = this.tryRecv();
    return received === undefined ? waitIn(this.receivers, undefined, options) : done(received);
  }

  /** The time, if it has come. */
  tryRecv(): Received<number> | undefined {
    return this.ready > 0 ? this.take() : undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<number, undefined> {
    return new Values(this);
  }

  private serve(): void {
    const waiter = this.receivers.shift();
    if (waiter !== null) waiter.grant(this.take());
  }

  /** The time that has come; the next is one period later, and those that nobody received in time are skipped. */
  private take(): Received<number> {
    const { dueMs, periodMs } = this;
    const missed = Math.floor((currentRuntime().now() - dueMs) / periodMs);
    this.dueMs = periodMs === Infinity ? Infinity : dueMs + (missed + 1) * periodMs;
    return { value: dueMs, ok: true };
  }
}

/**
 * A channel that gives one value when `delayMs` have passed since the call. As a case of `select` it needs no `from`.
 * Where nobody waits for it any more no timer is left.
 * @param delayMs - milliseconds
 * @throws LanesError `ERR_INVALID_ARGUMENT` for what is no number
 * @example
 * const got = await select({ row: from(rows), late: after(1000) });
 * @see https://pkg.go.dev/time#After
 */
export function after(delayMs: number): TimerChan {
  return new TimerChan(readDelay('after', delayMs), Infinity);
}

/**
 * A channel that gives a value every `periodMs`, to whoever is there to receive it: of those that were missed one is kept.
 * It needs no stopping.
 * @param periodMs - milliseconds, above 0
 * @throws LanesError `ERR_INVALID_ARGUMENT` for anything else
 * @example
 * const clock = tick(1000);
 * for (;;) {
 *   const got = await select({ second: clock, stop: done(ctx) });
 *   if (got.case === 'stop') break;
 * }
 * @see https://pkg.go.dev/time#Tick
 */
export function tick(periodMs: number): TimerChan {
  if (!(readDelay('tick', periodMs) > 0))
    throw new LanesError('ERR_INVALID_ARGUMENT', `tick takes more than 0 ms, not ${periodMs}`, {
      value: periodMs,
    });
  return new TimerChan(periodMs, periodMs);
}
