import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_HOST_DELAY_MS } from '../../src/core/timer-queue.js';
import type { TimerEntry } from '../../src/core/timer-queue.js';
import { createRuntime } from '../../src/host/runtime.js';
import type { Runtime } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let runtime: Runtime;

beforeEach(() => {
  host = createVirtualHost();
  runtime = createRuntime(host);
});
afterEach(() => host.assertClean());

const note = (line: string) => () => host.note(line);

describe('the timer queue', () => {
  it('arms one host timer for all, and none when it is empty', () => {
    const entries = [30, 10, 20].map((delayMs) => runtime.timers.after(delayMs, () => undefined));
    expect(host.armed().timer).toBe(1);
    for (const entry of entries) runtime.timers.cancel(entry);
    expect(host.armed().timer).toBe(0);
  });

  it('runs by due time, those of the same time in the order of their making', () => {
    runtime.timers.after(20, note('20'));
    runtime.timers.after(10, note('10 a'));
    runtime.timers.after(10, note('10 b'));
    host.advanceSync(9);
    expect(host.takeLog()).toEqual([]);
    host.advanceSync(11);
    expect(host.takeLog()).toEqual(['10 a', '10 b', '20']);
  });

  it('does not fire early for delays above 2^31 - 1 ms', () => {
    runtime.timers.after(MAX_HOST_DELAY_MS + 1000, note('late'));
    runtime.timers.after(Infinity, note('never'));
    host.advanceSync(MAX_HOST_DELAY_MS + 999);
    expect(host.takeLog()).toEqual([]);
    host.advanceSync(1);
    expect(host.takeLog()).toEqual(['late']);
    expect(runtime.timers.length).toBe(1);
  });

  it('is not early by a clock that is rounded down to whole milliseconds', () => {
    // At 0.9 ms the clock says 0, so 20 ms have not passed before it says 21.
    const own = createVirtualHost();
    const time = { ...own.time, coarse: true, now: () => Math.floor(own.time.now()) };
    const { timers, pump } = createRuntime({ ...own, time });
    own.costMs(0.9);
    let ranMs = 0;
    own.time.setTimer(() => pump.post(1, () => undefined), 19.3);
    timers.after(20, () => (ranMs = own.time.now()));
    own.runUntilIdleSync();
    expect(ranMs).toBeGreaterThanOrEqual(20.9);
    expect(ranMs).toBeLessThan(22);
  });

  it('runs due callbacks in slices: a crowd of them does not block the thread', () => {
    for (let index = 0; index < 100; index++) runtime.timers.after(5, () => host.costMs(1));
    host.advanceSync(4);
    let longestMs = 0;
    let ran = 0;
    host.costMs(1);
    for (let startMs = host.time.now(); host.runTurnSync(); startMs = host.time.now()) {
      longestMs = Math.max(longestMs, host.time.now() - startMs);
      ran++;
    }
    expect(ran).toBeGreaterThan(5);
    expect(longestMs).toBeLessThanOrEqual(12);
    expect(runtime.timers.length).toBe(0);
  });

  it('neither fires early nor hangs when the clock steps', () => {
    runtime.timers.after(1000, note('due'));
    host.advanceSync(400);
    host.stepClock(-86_400_000);
    host.advanceSync(599);
    expect(host.takeLog()).toEqual([]);
    host.advanceSync(1);
    expect(host.takeLog()).toEqual(['due']);
  });

  it('reports what a callback throws and runs the others', () => {
    runtime.timers.after(1, () => {
      throw new Error('timer');
    });
    runtime.timers.after(1, note('other'));
    host.runUntilIdleSync();
    expect(host.takeErrors()).toHaveLength(1);
    expect(host.takeLog()).toEqual(['other']);
  });

  it('arms a timer of the background while nobody waits for an entry', () => {
    const { timers } = runtime;
    const armed = (): unknown => [host.armed().timer, host.armed().background];
    const beat = timers.after(50, note('beat'), true);
    expect(armed()).toEqual([0, 1]);
    const awaited = timers.after(100, note('awaited'));
    expect(armed()).toEqual([1, 0]);
    timers.cancel(awaited);
    expect(armed()).toEqual([0, 1]);
    timers.after(20, note('early'));
    expect(armed()).toEqual([1, 0]);
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['early']);
    expect(armed()).toEqual([0, 1]);
    timers.after(60, note('last'));
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['beat', 'last']);
    expect(timers.cancel(beat)).toBe(false);
    expect(armed()).toEqual([0, 0]);
  });

  it('asks the host for no more timers than it must', () => {
    const asked: unknown[] = [];
    const setTimer = (callback: () => void, delayMs: number, background?: boolean): unknown => {
      asked.push([delayMs, background]);
      return host.time.setTimer(callback, delayMs, background);
    };
    const { timers } = createRuntime({ ...host, time: { ...host.time, setTimer } });
    const entries = [30, 20, 40].map((delayMs) => timers.after(delayMs, () => undefined));
    timers.cancel(entries[1]!);
    host.runUntilIdleSync();
    // For 20 ms although that one was cancelled, then for those that are left.
    expect(asked).toEqual([30, 20, 10, 10].map((delayMs) => [delayMs, false]));
  });

  it('keeps its order against a model under any sequence of after, cancel and advance', () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant('after' as const), value: fc.nat(50) }),
      fc.record({ kind: fc.constant('background' as const), value: fc.nat(50) }),
      fc.record({ kind: fc.constant('cancel' as const), value: fc.nat() }),
      fc.record({ kind: fc.constant('advance' as const), value: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 100 }), (commands) => {
        const own = createVirtualHost();
        const { timers } = createRuntime(own);
        let model: { dueMs: number; name: number; background: boolean; entry: TimerEntry }[] = [];
        const ran: number[] = [];
        const expected: number[] = [];
        let nowMs = 0;
        commands.forEach(({ kind, value }, name) => {
          if (kind === 'after' || kind === 'background') {
            const background = kind === 'background';
            const entry = timers.after(value, () => void ran.push(name), background);
            model.push({ dueMs: nowMs + value, name, background, entry });
          } else if (kind === 'cancel' && model.length > 0) {
            const [gone] = model.splice(value % model.length, 1);
            expect(timers.cancel(gone!.entry)).toBe(true);
          } else if (kind === 'advance') {
            nowMs += value;
            own.advanceSync(value);
            const due = model.filter(({ dueMs }) => dueMs <= nowMs);
            due.sort((a, b) => a.dueMs - b.dueMs || a.name - b.name);
            expected.push(...due.map((each) => each.name));
            model = model.filter(({ dueMs }) => dueMs > nowMs);
          }
          expect(ran).toEqual(expected);
          expect(timers.length).toBe(model.length);
          const awaited = model.some(({ background }) => !background);
          expect(own.armed().timer).toBe(awaited ? 1 : 0);
          expect(own.armed().background).toBe(awaited || model.length === 0 ? 0 : 1);
        });
      }),
      { numRuns: 200 },
    );
  });
});
