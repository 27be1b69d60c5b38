import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdleDeadline, cancelIdleCallback, requestIdleCallback, scheduler } from '../../src/scheduler.js';
import { currentRuntime } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost, VirtualHostOptions } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;

function start(options: VirtualHostOptions = {}): void {
  host = createVirtualHost(options);
  uninstall = host.install();
}

afterEach(() => {
  host.assertClean();
  uninstall();
});

const note = (line: string) => () => host.note(line);

describe.each([
  ['the host’s idle time', true],
  ['slots that the scheduler finds', false],
])('idle callbacks in %s', (_where, idle) => {
  beforeEach(() => start({ idle }));

  it('run in order, after all tasks', async () => {
    requestIdleCallback(note('idle 1'));
    requestIdleCallback(note('idle 2'));
    scheduler.postTask(() => scheduler.postTask(note('nested'), { priority: 'background' }));
    scheduler.postTask(note('background'), { priority: 'background' });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['background', 'nested', 'idle 1', 'idle 2']);
  });

  it('wait for another period when there is no time left, or when requested within one', async () => {
    requestIdleCallback(() => {
      requestIdleCallback(note('nested'));
      host.note('first');
      host.costMs(60);
    });
    requestIdleCallback(note('second'));
    await host.runTurn();
    expect(host.takeLog()).toEqual(['first']);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['second', 'nested']);
  });

  it('run once, at their timeout, when there is no idle time', async () => {
    const busy = (): void => {
      host.costMs(1);
      if (host.time.now() < 300) scheduler.scheduleTask(busy, 'user-visible');
    };
    busy();
    requestIdleCallback(
      ({ didTimeout, timeRemaining }) => host.note(`${didTimeout} ${typeof timeRemaining}`),
      {
        timeout: 100,
      },
    );
    let atMs = 0;
    requestIdleCallback(
      (deadline) => {
        atMs = host.time.now();
        host.note(`${deadline.didTimeout} ${deadline.timeRemaining()}`);
      },
      { timeout: 100 },
    );
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['true function', 'true 0']);
    expect(atMs).toBeGreaterThanOrEqual(100);
    expect(atMs).toBeLessThan(115);
  });

  it('are cancelled by their handle, timeout and all', async () => {
    const handle = requestIdleCallback(note('cancelled'), { timeout: 10 });
    requestIdleCallback(note('kept'));
    expect(handle).toBeGreaterThan(0);
    cancelIdleCallback(handle);
    cancelIdleCallback(handle);
    cancelIdleCallback(12345);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['kept']);
  });

  it('report what they throw and go on', async () => {
    requestIdleCallback(() => {
      throw new Error('idle');
    });
    requestIdleCallback(note('next'));
    await host.runUntilIdle();
    expect(host.takeErrors()).toHaveLength(1);
    expect(host.takeLog()).toEqual(['next']);
  });

  it('yield in the background', async () => {
    requestIdleCallback(() => {
      scheduler.postTask(note('visible'));
      void scheduler.yield().then(note('continued'));
      scheduler.postTask(note('background'), { priority: 'background' });
    });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['visible', 'continued', 'background']);
  });
});

describe('the interface', () => {
  beforeEach(() => start());

  it('converts its arguments', async () => {
    const request = requestIdleCallback as (...args: unknown[]) => number;
    expect(() => request()).toThrow(TypeError);
    expect(() => request('text')).toThrow(TypeError);
    expect(() => request(() => 1, 7)).toThrow(TypeError);
    expect(request.name).toBe('requestIdleCallback');
    expect(request.length).toBe(1);
    request(note('nulls are fine'), null);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['nulls are fine']);
  });

  it('has deadlines that nobody can make or fake', async () => {
    expect(() => new (IdleDeadline as new () => unknown)()).toThrow(TypeError);
    const { get } = Object.getOwnPropertyDescriptor(IdleDeadline.prototype, 'didTimeout')!;
    expect(() => get!.call({})).toThrow(TypeError);
    requestIdleCallback((deadline) => host.note(String(deadline instanceof IdleDeadline)));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['true']);
  });
});

describe('the slice that a message opens', () => {
  it('is no idle slot, because the next message may wait already', async () => {
    start({ idle: false });
    requestIdleCallback(note('idle'));
    const { pump } = currentRuntime();
    pump.runSlice(note('message 1'));
    pump.runSlice(note('message 2'));
    expect(host.takeLog()).toEqual(['message 1', 'message 2']);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['idle']);
  });
});

describe('many idle callbacks that take a period each', () => {
  it('are met once each: no period goes through all that wait', async () => {
    start();
    const count = 200;
    let operations = 0;
    const iterator = Object.getPrototypeOf(new Map().keys()) as { next: () => unknown };
    const { next } = iterator;
    const { get } = Map.prototype;
    iterator.next = function (this: unknown) {
      operations++;
      return Reflect.apply(next, this, []);
    };
    Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown) {
      operations++;
      return Reflect.apply(get, this, [key]) as unknown;
    };
    try {
      for (let at = 0; at < count; at++) requestIdleCallback(() => host.costMs(60));
      await host.runUntilIdle();
    } finally {
      iterator.next = next;
      Map.prototype.get = get;
    }
    expect(operations).toBeGreaterThanOrEqual(count);
    expect(operations).toBeLessThan(20 * count);
  });

  it('run in order, those left out that were cancelled meanwhile', async () => {
    start();
    const handles = [1, 2, 3, 4].map((name) =>
      requestIdleCallback(() => {
        host.note(`idle ${name}`);
        host.costMs(60);
        cancelIdleCallback(handles[2] as number);
      }),
    );
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['idle 1', 'idle 2', 'idle 4']);
  });
});
