import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  chooseIdle,
  chooseMicrotask,
  messageMacrotask,
  timerMacrotask,
  triedClock,
} from '../../src/adapters/ladder.js';

describe('macrotasks', () => {
  it('go through messages on the web, and through a timer every 50 ms of continuous work', () => {
    let nowMs = 1000;
    const log: string[] = [];
    class MessageChannel {
      port1 = { onmessage: null as (() => void) | null };
      port2 = { postMessage: () => (log.push('message'), this.port1.onmessage?.()) };
    }
    const setTimeout = (callback: () => void): void => (log.push('timer'), callback());
    const { macrotask } = messageMacrotask({ MessageChannel, setTimeout }, () => nowMs)!;
    let ran = 0;
    for (let index = 0; index < 12; index++, nowMs += 10) macrotask(() => ran++);
    expect(ran).toBe(12);
    // Two messages a turn; see the ladder.
    expect(log.indexOf('timer')).toBe(10);
    expect(log.filter((line) => line === 'timer')).toHaveLength(2);
    nowMs += 1000;
    log.length = 0;
    macrotask(() => ran++);
    expect(log).toEqual(['message', 'message']);
  });

  it('are told to be timers on a mini-program, and jobs where there are no timers at all', () => {
    const job = vi.fn((callback: () => void) => callback());
    expect(timerMacrotask({ setTimeout: () => 0 }, job).delayed).toBe(true);
    const { macrotask, delayed } = timerMacrotask({}, job);
    macrotask(() => undefined);
    expect([delayed, job.mock.calls.length]).toEqual([false, 1]);
  });
});

describe('microtasks', () => {
  class Polyfill {
    static resolve() {
      return new Polyfill();
    }
    then() {
      return this;
    }
  }

  it('are promise jobs of the engine’s own Promise, else its own queueMicrotask, else none', () => {
    const polyfilled = Polyfill as unknown as PromiseConstructor;
    expect(chooseMicrotask({ Promise })).not.toBe(null);
    expect(chooseMicrotask({ Promise: polyfilled })).toBe(null);
    expect(chooseMicrotask({ Promise: polyfilled, queueMicrotask: (callback) => callback() })).toBe(null);
    const native = Math.max.bind(null) as unknown as (callback: () => void) => void;
    expect(chooseMicrotask({ Promise: polyfilled, queueMicrotask: native })).not.toBe(null);
  });
});

describe('the clock of a mini-program', () => {
  let wallMs = 1e12;
  beforeEach(() => void vi.spyOn(Date, 'now').mockImplementation(() => wallMs));
  afterEach(() => void vi.restoreAllMocks());

  /** Reads at 0, 10, 20, …, 60 ms of wall time. */
  function read(now: () => number): number[] {
    const startMs = now();
    return [10, 20, 30, 40, 50, 60].map(() => {
      wallMs += 10;
      return now() - startMs;
    });
  }

  it('is the fine one once that went along with the wall clock, without a jump', () => {
    let extraMs = 0;
    const now = triedClock({}, { getPerformance: () => ({ now: () => wallMs - 1e12 + 5 + extraMs }) });
    expect(read(now)).toEqual([10, 20, 30, 40, 50, 60]);
    extraMs = 0.5;
    expect(now() % 1).toBe(0.5);
  });

  it.each([
    ['stands still', () => 3],
    ['counts microseconds', () => wallMs * 1000],
    ['is not a number', () => NaN],
  ])('is the wall clock when the fine one %s', (_what, fine) => {
    const now = triedClock({ performance: { now: fine } }, undefined);
    expect(read(now)).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('is the wall clock where asking for the fine one throws', () => {
    const getPerformance = (): never => {
      throw new Error('not in plugins');
    };
    expect(read(triedClock({}, { getPerformance }))).toEqual([10, 20, 30, 40, 50, 60]);
  });
});

describe('idle time', () => {
  it('is null where nobody offers it', () => {
    expect(
      chooseIdle(
        {},
        () => undefined,
        () => 0,
      ),
    ).toBe(null);
    expect(
      chooseIdle(
        undefined,
        () => undefined,
        () => 0,
      ),
    ).toBe(null);
  });

  it('comes after a call that called back at once, without an id and without a deadline', () => {
    let later: () => void = () => undefined;
    let nowMs = 0;
    const log: (number | string | boolean)[] = [];
    const requestIdle = chooseIdle(
      { requestIdleCallback: (callback) => callback() },
      (callback) => (later = callback),
      () => nowMs,
    )!;
    requestIdle(({ didTimeout, timeRemaining }) => log.push(didTimeout, timeRemaining()), 100);
    log.push('returned');
    later();
    requestIdle(({ didTimeout, timeRemaining }) => log.push(didTimeout, timeRemaining()), 100);
    nowMs = 100;
    later();
    expect(log).toEqual(['returned', false, 10, true, 0]);
  });

  it('passes timeout and id on, and takes a request back with the id', () => {
    const calls: unknown[] = [];
    const source = {
      requestIdleCallback: (_callback: () => void, options?: object) => (calls.push(options), 9),
      cancelIdleCallback: (id: unknown) => void calls.push(id),
    };
    chooseIdle(
      source,
      () => undefined,
      () => 0,
    )!(() => undefined, 50)();
    expect(calls).toEqual([{ timeout: 50 }, 9]);
  });
});
