import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortController } from '../../src/scheduler.js';
import { Chan, Mutex, after, done, from, go, select, sleep } from '../../src/go.js';
import { detectDeadlocks } from '../../src/go/deadlock.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;
let stop: () => void;
let reports: string[];

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
  reports = [];
  stop = detectDeadlocks((text) => reports.push(text));
});
afterEach(() => {
  stop();
  host.assertClean();
  uninstall();
});

function* receive(ch: Chan<number>) {
  yield ch.recv();
}

describe('a deadlock', () => {
  it('is reported once, with what each routine waits for and where it was started', async () => {
    const mutex = new Mutex();
    mutex.tryLock();
    const routines = [
      go(receive, new Chan<number>()),
      go({ name: 'sender' }, function* () {
        yield new Chan<number>().send(1);
      }),
      go(function* locks() {
        yield mutex.lock();
      }),
      go(function* selects() {
        yield select({ job: from(new Chan<number>()), nothing: from(null) });
      }),
    ];
    await host.runUntilIdle();
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain('all routines are asleep: deadlock!');
    for (const line of [
      'routine 1 "receive" [receive Chan]',
      'routine 2 "sender" [send Chan]',
      'routine 3 "locks" [lock Mutex]',
      'routine 4 "selects" [select job, nothing]',
    ])
      expect(reports[0]).toContain(line);
    expect(reports[0]?.match(/started\n {4}at .*deadlock\.test\.ts/g)).toHaveLength(4);
    await host.advance(60_000);
    expect(reports).toHaveLength(1);
    for (const routine of routines) routine.cancel();
    await host.runUntilIdle();
  });

  it('of async routines is found by what they await', async () => {
    const routine = go(async () => {
      await new Chan<number>().recv();
    });
    await host.runUntilIdle();
    expect(reports[0]).toContain('awaited by async functions: receive Chan');
    routine.cancel();
  });

  it('is reported again after a routine has run since', async () => {
    const first = go(receive, new Chan<number>());
    await host.runUntilIdle();
    const second = go(receive, new Chan<number>());
    await host.runUntilIdle();
    expect(reports).toHaveLength(2);
    first.cancel();
    second.cancel();
    await host.runUntilIdle();
  });
});

describe('it is no deadlock', () => {
  it('while a routine sleeps, and one when it is over', async () => {
    const ch = new Chan<number>();
    const stuck = go(receive, ch);
    go(function* () {
      yield sleep(10_000);
    });
    await host.advance(9000);
    expect(reports).toEqual([]);
    await host.advance(2000);
    expect(reports).toHaveLength(1);
    stuck.cancel();
    await host.runUntilIdle();
  });

  it.each<[string, (ch: Chan<number>, signal: AbortController['signal']) => Generator<unknown, void, never>]>(
    [
      [
        'where a signal may end the wait',
        function* (ch, signal) {
          yield ch.recv({ signal });
        },
      ],
      [
        'where a context is one of the cases',
        function* (ch, signal) {
          yield select({ job: from(ch), stop: done(signal) });
        },
      ],
      [
        'where a promise is awaited',
        function* () {
          yield new Promise(() => undefined);
        },
      ],
    ],
  )('%s', async (_name, fn) => {
    const controller = new AbortController();
    const routine = go(fn, new Chan<number>(), controller.signal);
    await host.advance(10_000);
    expect(reports).toEqual([]);
    routine.cancel();
    await host.runUntilIdle();
  });

  it('where a time is one of the cases, until it has come', async () => {
    const stuck = go(receive, new Chan<number>());
    go(function* () {
      yield select({ job: from(new Chan<number>()), late: after(5000) });
    });
    await host.advance(4000);
    expect(reports).toEqual([]);
    await host.advance(2000);
    expect(reports).toHaveLength(1);
    stuck.cancel();
    await host.runUntilIdle();
  });

  it('where an async function awaits something else', async () => {
    const routine = go(async () => {
      await new Promise(() => undefined);
    });
    await host.advance(10_000);
    expect(reports).toEqual([]);
    routine.cancel();
  });

  it('where all routines are over', async () => {
    go(function* () {
      yield;
    });
    await host.advance(10_000);
    expect(reports).toEqual([]);
  });
});
