import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AbortController,
  AbortSignal,
  Scheduler,
  TaskController,
  TaskSignal,
  scheduler,
} from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost, VirtualHostOptions } from '../../src/testing.js';

const NativeAbortController = globalThis.AbortController;

let host: VirtualHost;
let uninstall: () => void;

function start(options: VirtualHostOptions = {}): void {
  host = createVirtualHost(options);
  uninstall = host.install();
}

beforeEach(() => start());
afterEach(() => {
  host.assertClean();
  uninstall();
});

const note = (line: string) => () => host.note(line);

/** How a promise ended, for asserting. */
function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value }),
    (reason: unknown) => ({ reason }),
  );
}

async function settle(promise: Promise<unknown>): Promise<unknown> {
  const settled = outcome(promise);
  await host.runUntilIdle();
  return settled;
}

describe('postTask', () => {
  it('runs by priority, first in first out within, never at once', async () => {
    scheduler.postTask(note('background'), { priority: 'background' });
    scheduler.postTask(note('visible 1'));
    scheduler.postTask(note('blocking'), { priority: 'user-blocking' });
    scheduler.postTask(note('visible 2'), { priority: 'user-visible' });
    expect(host.takeLog()).toEqual([]);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['blocking', 'visible 1', 'visible 2', 'background']);
  });

  it('resolves with what the callback returns, promises included', async () => {
    expect(await settle(scheduler.postTask(() => 7))).toEqual({ value: 7 });
    expect(await settle(scheduler.postTask(async () => 'later'))).toEqual({ value: 'later' });
  });

  it('rejects with what the callback throws, and reports nothing', async () => {
    const error = new Error('thrown');
    const failing = scheduler.postTask(() => {
      throw error;
    });
    expect(await settle(failing)).toEqual({ reason: error });
  });

  it('lets the jobs of a task run before the next task', async () => {
    void scheduler.postTask(note('first')).then(note('then first'));
    scheduler.postTask(note('second'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['first', 'then first', 'second']);
  });

  it('queues a task when its delay has passed, by its priority', async () => {
    scheduler.postTask(note('20'), { delay: 20, priority: 'user-blocking' });
    scheduler.postTask(note('10'), { delay: 10 });
    scheduler.postTask(note('now'));
    await host.advance(9);
    expect(host.takeLog()).toEqual(['now']);
    await host.advance(1);
    expect(host.takeLog()).toEqual(['10']);
    await host.advance(10);
    expect(host.takeLog()).toEqual(['20']);
  });

  it('rejects bad arguments with a TypeError and runs nothing', async () => {
    const post = scheduler.postTask as (...args: unknown[]) => Promise<unknown>;
    for (const args of [
      [],
      ['text'],
      [() => 1, 7],
      [() => 1, { delay: -1 }],
      [() => 1, { delay: NaN }],
      [() => 1, { delay: Infinity }],
      [() => 1, { signal: {} }],
      [() => 1, { signal: null }],
      [() => 1, { priority: 'urgent' }],
    ]) {
      await expect(post.apply(scheduler, args)).rejects.toBeInstanceOf(TypeError);
    }
    await expect(post.call({}, () => 1)).rejects.toBeInstanceOf(TypeError);
    await expect(post.call(undefined, () => 1)).rejects.toBeInstanceOf(TypeError);
  });

  it('shows an unknown priority and the known ones', async () => {
    const posted = scheduler.postTask(() => 1, { priority: 'urgent' as never });
    await expect(posted).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_PRIORITY',
      message: expect.stringMatching(/urgent.*user-blocking.*user-visible.*background/) as string,
    });
  });

  it('reads its options in the order of their names', async () => {
    const reads: string[] = [];
    const options = {
      get signal() {
        return void reads.push('signal');
      },
      get priority() {
        return void reads.push('priority');
      },
      get delay() {
        return void reads.push('delay');
      },
    };
    await settle(scheduler.postTask(() => 1, options));
    expect(reads).toEqual(['delay', 'priority', 'signal']);
  });
});

describe('abort', () => {
  for (const [kind, Controller] of [
    ['our own', AbortController],
    ['the platform’s', NativeAbortController],
  ] as const) {
    it(`rejects at once when ${kind} signal has aborted already`, async () => {
      const controller = new Controller();
      controller.abort('reason');
      await expect(scheduler.postTask(note('ran'), { signal: controller.signal })).rejects.toBe('reason');
    });

    it(`takes a waiting task out and rejects with the reason of ${kind} signal`, async () => {
      const controller = new Controller();
      const posted = outcome(scheduler.postTask(note('ran'), { signal: controller.signal }));
      const delayed = outcome(scheduler.postTask(note('ran'), { signal: controller.signal, delay: 1000 }));
      controller.abort('reason');
      expect(await posted).toEqual({ reason: 'reason' });
      expect(await delayed).toEqual({ reason: 'reason' });
      expect(host.armed().timer).toBe(0);
      await host.runUntilIdle();
    });
  }

  it('rejects a task that aborts itself, and lets one that is over be', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const self = scheduler.postTask(
      () => {
        controller.abort('mine');
        return 'returned';
      },
      { signal },
    );
    expect(await settle(self)).toEqual({ reason: 'mine' });
    const later = new AbortController();
    const done = scheduler.postTask(() => 'done', { signal: later.signal });
    await host.runUntilIdle();
    later.abort();
    expect(await done).toBe('done');
  });

  it('forgets the task when it has run: a later abort calls nothing', async () => {
    const signal = AbortSignal.timeout(50);
    await settle(scheduler.postTask(() => 1, { signal }));
    await host.advance(50);
    expect(signal.aborted).toBe(true);
  });
});

describe('priority by signal', () => {
  it('comes from a TaskSignal, unless the option says otherwise', async () => {
    const { signal } = new TaskController({ priority: 'background' });
    scheduler.postTask(note('signal'), { signal });
    scheduler.postTask(note('option'), { signal, priority: 'user-blocking' });
    scheduler.postTask(note('plain'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['option', 'plain', 'signal']);
  });

  it('moves the waiting tasks, which keep their order there and back', async () => {
    const controller = new TaskController({ priority: 'user-visible' });
    const { signal } = controller;
    scheduler.postTask(note('A'), { signal });
    scheduler.postTask(note('B'));
    scheduler.postTask(note('C'), { signal });
    controller.setPriority('background');
    controller.setPriority('user-visible');
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['A', 'B', 'C']);
  });

  it('holds for delayed tasks when they fall due, and for dependent signals', async () => {
    const controller = new TaskController({ priority: 'background' });
    const signal = TaskSignal.any([], { priority: controller.signal });
    scheduler.postTask(note('delayed'), { signal, delay: 10 });
    await host.advance(9);
    controller.setPriority('user-blocking');
    host.costMs(1);
    scheduler.postTask(note('visible'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['delayed', 'visible']);
  });
});

describe('yield', () => {
  it('goes on before the tasks of its priority and after those of a higher one', async () => {
    scheduler.postTask(async () => {
      host.note('start');
      scheduler.postTask(note('task'));
      scheduler.postTask(note('urgent'), { priority: 'user-blocking' });
      await scheduler.yield();
      host.note('continued');
    });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['start', 'urgent', 'continued', 'task']);
  });

  it('inherits the priority over several yields, also after it changed', async () => {
    const controller = new TaskController({ priority: 'background' });
    scheduler.postTask(
      async () => {
        await scheduler.yield();
        scheduler.postTask(note('visible 1'));
        await scheduler.yield();
        host.note('in background');
        controller.setPriority('user-blocking');
        scheduler.postTask(note('visible 2'));
        await scheduler.yield();
        host.note('blocking now');
      },
      { signal: controller.signal },
    );
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['visible 1', 'in background', 'blocking now', 'visible 2']);
  });

  it('inherits the signal: an abort rejects whoever waits', async () => {
    const controller = new AbortController();
    const posted = outcome(
      scheduler.postTask(
        async () => {
          await scheduler.yield();
          controller.abort('stop');
          await scheduler.yield();
        },
        { signal: controller.signal },
      ),
    );
    await host.runUntilIdle();
    expect(await posted).toEqual({ reason: 'stop' });
  });

  it('is urgent where nobody can tell whose it is, while a user-blocking async task is under way', async () => {
    const timer = (): Promise<void> => new Promise((resolve) => void host.time.setTimer(resolve, 1));
    const race = async (): Promise<void> => {
      await timer();
      scheduler.scheduleTask(note('task'), 'user-blocking');
      await scheduler.yield();
      host.note('went on');
    };
    const urgent = scheduler.postTask(race, { priority: 'user-blocking' });
    await host.runUntilIdle();
    await urgent;
    expect(host.takeLog()).toEqual(['went on', 'task']);
    const visible = scheduler.postTask(race);
    await host.runUntilIdle();
    await visible;
    expect(host.takeLog()).toEqual(['task', 'went on']);
  });

  it('goes on in the same turn of the host, ahead of its timers, while that has time left', async () => {
    host.time.setTimer(() => {
      void (async () => {
        host.note('timer 1');
        for (let index = 1; index <= 3; index++) {
          await scheduler.yield();
          host.note(`went on ${index}`);
          host.costMs(index === 2 ? 10 : 0);
        }
      })();
    }, 0);
    host.time.setTimer(note('timer 2'), 0);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['timer 1', 'went on 1', 'went on 2', 'timer 2', 'went on 3']);
  });

  it('does not take the state of a task into the turns of others', async () => {
    scheduler.postTask(
      async () => {
        host.time.setTimer(() => {
          scheduler.scheduleTask(note('task'));
          void scheduler.yield().then(note('went on'));
        }, 0);
      },
      { priority: 'background' },
    );
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['went on', 'task']);
  });

  it('does not hand the state of a task on to whoever waits for its promise', async () => {
    const controller = new AbortController();
    const waiter = (async () => {
      await scheduler.postTask(() => 1, { signal: controller.signal, priority: 'background' });
      controller.abort();
      await scheduler.yield();
      return 'not aborted';
    })();
    expect(await settle(waiter)).toEqual({ value: 'not aborted' });
  });

  it('resumes through an async wrapper before the next task', async () => {
    const pause = async () => scheduler.yield();
    scheduler.postTask(async () => {
      await pause();
      host.note('resumed');
    });
    scheduler.postTask(note('task'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['resumed', 'task']);
  });

  it('rejects a wrong receiver', async () => {
    await expect(scheduler.yield.call({} as Scheduler)).rejects.toBeInstanceOf(TypeError);
  });
});

describe('a generator', () => {
  it('is stepped until the slice ends and goes on in the next', async () => {
    const work = scheduler.postTask(function* () {
      for (let index = 0; index < 100; index++) {
        host.costMs(1);
        yield;
      }
      return 'all';
    });
    let turns = 0;
    while (await host.runTurn()) turns++;
    expect(await work).toBe('all');
    expect(turns).toBeGreaterThan(10);
    expect(turns).toBeLessThan(21);
  });

  it('gives way to a task of a higher priority in the middle of a slice', async () => {
    const work = scheduler.postTask(
      function* () {
        scheduler.postTask(note('urgent'), { priority: 'user-blocking' });
        yield;
        host.note('after');
      },
      { priority: 'background' },
    );
    await settle(work);
    expect(host.takeLog()).toEqual(['urgent', 'after']);
  });

  it('is closed when its signal aborts, whether it waits or runs', async () => {
    const controller = new AbortController();
    function* steps(abort: boolean) {
      try {
        for (;;) {
          host.costMs(1);
          if (abort) controller.abort('stop');
          yield;
        }
      } finally {
        host.note('closed');
      }
    }
    const waiting = outcome(scheduler.postTask(() => steps(false), { signal: controller.signal }));
    const stepped = outcome(
      scheduler.postTask(
        function* () {
          yield* steps(false);
        },
        { signal: controller.signal },
      ),
    );
    await host.advance(50);
    const running = outcome(
      scheduler.postTask(
        function* () {
          yield* steps(true);
        },
        { priority: 'user-blocking', signal: controller.signal },
      ),
    );
    await host.runUntilIdle();
    expect(await stepped).toEqual({ reason: 'stop' });
    expect(await running).toEqual({ reason: 'stop' });
    expect(await waiting).toHaveProperty('value');
    expect(host.takeLog()).toEqual(['closed', 'closed']);
  });

  it('rejects with what it throws', async () => {
    const error = new Error('step');
    const work = scheduler.postTask(function* () {
      yield;
      throw error;
    });
    expect(await settle(work)).toEqual({ reason: error });
  });
});

describe('the loops in slices', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);

  it('give what the array methods give', async () => {
    const cost = <T>(value: T): T => (host.costMs(1), value);
    const all = Promise.all([
      scheduler.map(items, (item) => cost(item * 2)),
      scheduler.filter(new Set(items), (item) => cost(item % 2 === 0)),
      scheduler.reduce(items, (sum, item, index) => cost(sum + item * index), 0),
    ]);
    await host.runUntilIdle();
    expect(await all).toEqual([
      items.map((item) => item * 2),
      items.filter((item) => item % 2 === 0),
      items.reduce((sum, item, index) => sum + item * index, 0),
    ]);
  });

  it('tell of progress once a slice, close the iterable and stop when aborted', async () => {
    const controller = new AbortController();
    const progress: (number | undefined)[][] = [];
    function* source() {
      try {
        yield* items;
      } finally {
        host.note('closed');
      }
    }
    const loop = outcome(
      scheduler.forEach(source(), () => host.costMs(1), {
        signal: controller.signal,
        onProgress(done, total) {
          progress.push([done, total]);
          if (done >= 10) controller.abort('enough');
        },
      }),
    );
    await host.runUntilIdle();
    expect(await loop).toEqual({ reason: 'enough' });
    expect(progress.length).toBeGreaterThan(1);
    expect(host.takeLog()).toEqual(['closed']);
    expect(await outcome(scheduler.forEach(items, () => 0, { priority: 'x' as never }))).toMatchObject({
      reason: { code: 'ERR_UNKNOWN_PRIORITY' },
    });
  });
});

describe('scheduleTask', () => {
  it('shares the queues of postTask and is cancelled by its handle', async () => {
    scheduler.postTask(note('first'));
    const task = scheduler.scheduleTask(note('second'));
    const cancelled = scheduler.scheduleTask(note('never'), 'user-blocking');
    expect(cancelled.cancel()).toBe(true);
    expect([task.queued, cancelled.queued]).toEqual([true, false]);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['first', 'second']);
    expect(task.cancel()).toBe(false);
  });
});

describe('the interface', () => {
  it('cannot be constructed, and names itself', () => {
    expect(() => new (Scheduler as new () => unknown)()).toThrow(TypeError);
    expect(Object.prototype.toString.call(scheduler)).toBe('[object Scheduler]');
    expect(Scheduler.prototype.postTask.length).toBe(1);
    expect(Scheduler.prototype.yield.length).toBe(0);
    expect(Object.keys(Scheduler.prototype)).toContain('postTask');
  });
});
