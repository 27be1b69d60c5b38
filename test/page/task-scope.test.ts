import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskScope } from '../../src/page.js';
import { AbortController, DOMException, TaskController, scheduler } from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;
let tasks: TaskScope;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
  tasks = new TaskScope();
});
afterEach(() => {
  host.assertClean();
  uninstall();
});

const note = (line: string) => () => host.note(line);

async function settle(promise: Promise<unknown>): Promise<unknown> {
  const settled = promise.then(
    (value) => ({ value }),
    (reason: unknown) => ({ reason }),
  );
  await host.runUntilIdle();
  return settled;
}

const gone = { reason: expect.objectContaining({ name: 'AbortError' }) as unknown };

describe('a scope that is shown', () => {
  it('runs its tasks by priority among those of everybody', async () => {
    tasks.postTask(note('mine, background'), { priority: 'background' });
    scheduler.postTask(note('theirs'));
    tasks.postTask(note('mine'));
    tasks.postTask(note('mine, blocking'), { priority: 'user-blocking' });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['mine, blocking', 'theirs', 'mine', 'mine, background']);
  });

  it('gives what callbacks, async functions and generator functions return', async () => {
    expect(await settle(tasks.postTask(() => 1))).toEqual({ value: 1 });
    expect(await settle(tasks.postTask(async () => 2))).toEqual({ value: 2 });
    const steps = tasks.postTask(function* () {
      yield;
      return 3;
    });
    expect(await settle(steps)).toEqual({ value: 3 });
  });

  it('steps generator functions in slices', async () => {
    const long = tasks.postTask(function* () {
      for (let step = 0; step < 10; step++, yield) host.costMs(3);
      return 'done';
    });
    scheduler.postTask(note('urgent'), { priority: 'user-blocking', delay: 9 });
    void long.then(note('done'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['urgent', 'done']);
  });

  it('has the loops of the scheduler, progress included', async () => {
    const seen: number[] = [];
    expect(await settle(tasks.forEach([1, 2], (item) => void seen.push(item)))).toEqual({ value: undefined });
    expect(seen).toEqual([1, 2]);
    expect(await settle(tasks.map([1, 2], (item) => item * 2))).toEqual({ value: [2, 4] });
    expect(await settle(tasks.filter([1, 2], (item) => item > 1))).toEqual({ value: [2] });
    const onProgress = (done: number): void => host.note(`${done} done`);
    expect(await settle(tasks.reduce([1, 2], (sum, item) => sum + item, 0, { onProgress }))).toEqual({
      value: 3,
    });
    expect(host.takeLog()).toEqual(['2 done']);
  });

  it('waits for a delay', async () => {
    tasks.postTask(note('late'), { delay: 50 });
    await host.advance(49);
    expect(host.takeLog()).toEqual([]);
    await host.advance(1);
    expect(host.takeLog()).toEqual(['late']);
  });

  it('rejects what the scheduler rejects, as it does', async () => {
    const post = tasks.postTask.bind(tasks) as (...args: unknown[]) => Promise<unknown>;
    for (const args of [
      [],
      ['text'],
      [() => 1, 7],
      [() => 1, { delay: -1 }],
      [() => 1, { signal: {} }],
      [() => 1, { signal: null }],
      [() => 1, { priority: 'urgent' }],
    ]) {
      await expect(post(...args)).rejects.toBeInstanceOf(TypeError);
    }
    const failure = new Error('thrown');
    const failing = tasks.postTask(() => {
      throw failure;
    });
    expect(await settle(failing)).toEqual({ reason: failure });
  });
});

describe('hide', () => {
  it('lets the tasks that wait run after those of everybody, and show puts them back to their places', async () => {
    tasks.postTask(note('1 mine'));
    scheduler.postTask(note('2 theirs'));
    tasks.postTask(note('3 mine'));
    tasks.hide();
    tasks.show();
    tasks.postTask(note('4 mine'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['1 mine', '2 theirs', '3 mine', '4 mine']);

    tasks.postTask(note('1 mine'));
    tasks.postTask(note('2 mine, blocking'), { priority: 'user-blocking' });
    scheduler.postTask(note('3 theirs, background'), { priority: 'background' });
    scheduler.postTask(note('4 theirs'));
    tasks.hide();
    tasks.hide();
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['4 theirs', '1 mine', '2 mine, blocking', '3 theirs, background']);
  });

  it('holds for tasks posted meanwhile, until show', async () => {
    tasks.hide();
    tasks.postTask(note('mine, blocking'), { priority: 'user-blocking' });
    tasks.scheduleTask(note('mine, by callback'), 'user-blocking');
    scheduler.postTask(note('theirs'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['theirs', 'mine, blocking', 'mine, by callback']);

    tasks.postTask(note('mine, blocking'), { priority: 'user-blocking' });
    scheduler.postTask(note('theirs'));
    tasks.show();
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['mine, blocking', 'theirs']);
  });

  it('holds for a generator from its next slice on', async () => {
    tasks.postTask(function* () {
      for (let step = 0; step < 3; step++, yield) {
        host.note(`step ${step}`);
        host.costMs(6);
        if (step === 0) tasks.hide();
      }
    });
    scheduler.postTask(note('theirs 1'));
    scheduler.postTask(note('theirs 2'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['step 0', 'theirs 1', 'theirs 2', 'step 1', 'step 2']);
  });

  it('holds for a task whose delay ends meanwhile', async () => {
    tasks.postTask(note('mine'), { delay: 10 });
    tasks.hide();
    scheduler.postTask(note('theirs'), { delay: 10 });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['theirs', 'mine']);
  });
});

describe('a signal of the caller', () => {
  it('cancels the task, and the priority is still the scope’s', async () => {
    const controller = new AbortController();
    const cancelled = tasks.postTask(note('cancelled'), { signal: controller.signal });
    controller.abort('enough');
    expect(await settle(cancelled)).toEqual({ reason: 'enough' });

    tasks.hide();
    tasks.postTask(note('mine'), { signal: new AbortController().signal, priority: 'user-blocking' });
    scheduler.postTask(note('theirs'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['theirs', 'mine']);
  });

  it('may be the platform’s, and ends with the scope too', async () => {
    const native = new globalThis.AbortController();
    const first = tasks.postTask(note('never'), { signal: native.signal });
    native.abort('native');
    expect(await settle(first)).toEqual({ reason: 'native' });
    const second = tasks.postTask(note('never'), { signal: new globalThis.AbortController().signal });
    tasks.close();
    expect(await settle(second)).toEqual(gone);
  });

  it('keeps its own priority if it has one, while hidden too, unless a priority is given', async () => {
    const controller = new TaskController({ priority: 'background' });
    const { signal } = controller;
    tasks.postTask(note('follows its signal'), { signal });
    tasks.postTask(note('the scope’s'), { signal, priority: 'user-blocking' });
    scheduler.postTask(note('theirs'));
    tasks.hide();
    controller.setPriority('user-blocking');
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['follows its signal', 'theirs', 'the scope’s']);
    const last = tasks.postTask(note('never'), { signal });
    tasks.close();
    expect(await settle(last)).toEqual(gone);
  });
});

describe('close', () => {
  it('rejects all that wait with one reason, which says why, and runs nothing', async () => {
    const waiting = [
      tasks.postTask(note('never')),
      tasks.postTask(note('never'), { priority: 'user-blocking', delay: 100 }),
      tasks.postTask(note('never'), { signal: new AbortController().signal }),
      tasks.map([1], note('never')),
      tasks.yield(),
    ];
    tasks.scheduleTask(note('never'));
    const outcomes = Promise.allSettled(waiting);
    tasks.close();
    await host.runUntilIdle();
    const reasons = (await outcomes).map((each) => (each as PromiseRejectedResult).reason as DOMException);
    expect(new Set(reasons).size).toBe(1);
    expect(reasons[0]).toBeInstanceOf(DOMException);
    expect(reasons[0]).toMatchObject({
      name: 'AbortError',
      message: expect.stringContaining('gone') as string,
    });
    expect(tasks.signal.reason).toBe(reasons[0]);
  });

  it('is idempotent, and makes every later call reject with the same reason', async () => {
    expect(tasks.closed).toBe(false);
    tasks.close();
    const { reason } = tasks.signal as { reason: unknown };
    tasks.close();
    tasks.hide();
    tasks.show();
    expect(tasks.closed).toBe(true);
    expect(tasks.signal.reason).toBe(reason);
    const { signal } = new AbortController();
    for (const late of [
      tasks.postTask(note('never')),
      tasks.postTask(note('never'), { priority: 'user-blocking', signal }),
      tasks.forEach([1], note('never')),
      tasks.yield(),
    ])
      await expect(late).rejects.toBe(reason);
    const aborted = tasks.postTask(note('never'), { signal: abortedBy('other') });
    await expect(aborted).rejects.toBe(reason);
  });

  it('lets a scheduled task be one that is not queued and never runs', async () => {
    tasks.close();
    const late = tasks.scheduleTask(note('never'));
    expect(late.queued).toBe(false);
    expect(late.cancel()).toBe(false);
    await host.runUntilIdle();
    expect(() => tasks.scheduleTask('text' as never)).toThrow(TypeError);
    expect(() => tasks.scheduleTask(note('never'), 'urgent' as never)).toThrow(TypeError);
  });

  it('lets nothing new in while it tells of the end', async () => {
    const late: Promise<unknown>[] = [];
    tasks.postTask(note('never'), { priority: 'user-blocking' }).catch(note('told'));
    tasks.signal.addEventListener('abort', () => {
      late.push(tasks.postTask(note('never'), { priority: 'user-blocking' }));
      expect(tasks.scheduleTask(note('never'), 'background').queued).toBe(false);
    });
    tasks.close();
    await expect(late[0]).rejects.toBe(tasks.signal.reason);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['told']);
  });

  it('ends a generator at its next step, and its `finally` runs', async () => {
    const ended = tasks.postTask(function* () {
      try {
        for (let step = 0; ; step++, yield) {
          host.note(`step ${step}`);
          if (step === 2) tasks.close();
        }
      } finally {
        host.note('finally');
      }
    });
    expect(await settle(ended)).toEqual(gone);
    expect(host.takeLog()).toEqual(['step 0', 'step 1', 'step 2', 'finally']);
  });

  it('does not interrupt what runs: an async function ends as it will', async () => {
    let finish: (text: string) => void = () => undefined;
    const running = tasks.postTask(() => new Promise<string>((resolve) => (finish = resolve)));
    await host.runTurn();
    tasks.close();
    finish('finished');
    expect(await settle(running)).toEqual({ value: 'finished' });
  });

  it('called by a task rejects that one too, whatever it goes on to return', async () => {
    const closing = tasks.postTask(() => {
      tasks.close();
      return 'returned';
    });
    expect(await settle(closing)).toEqual(gone);
  });
});

describe('scheduleTask', () => {
  it('runs in the order of its priority and is moved by hide and show', async () => {
    tasks.scheduleTask(note('1 mine'));
    scheduler.scheduleTask(note('2 theirs'));
    tasks.scheduleTask(note('3 mine'), 'user-blocking');
    tasks.hide();
    tasks.show();
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['3 mine', '1 mine', '2 theirs']);
  });

  it('can be cancelled while it waits, once', async () => {
    const task = tasks.scheduleTask(note('never'));
    expect(task.queued).toBe(true);
    expect(task.cancel()).toBe(true);
    expect(task.cancel()).toBe(false);
    expect(task.queued).toBe(false);
    const ran = tasks.scheduleTask(note('ran'));
    await host.runUntilIdle();
    expect(ran.cancel()).toBe(false);
    expect(host.takeLog()).toEqual(['ran']);
    tasks.close();
  });

  it('reports what its callback throws, and goes on', async () => {
    const failure = new Error('thrown');
    tasks.scheduleTask(() => {
      throw failure;
    });
    tasks.scheduleTask(note('next'));
    await host.runUntilIdle();
    expect(host.takeErrors()).toEqual([failure]);
    expect(host.takeLog()).toEqual(['next']);
  });
});

describe('yield', () => {
  it('inherits signal and priority in a task of the scope', async () => {
    const controller = new AbortController();
    const first = tasks.postTask(
      async () => {
        await tasks.yield();
        host.note('after yield');
        controller.abort('enough');
        await tasks.yield();
      },
      { signal: controller.signal, priority: 'user-blocking' },
    );
    scheduler.postTask(note('theirs'));
    expect(await settle(first)).toEqual({ reason: 'enough' });
    expect(host.takeLog()).toEqual(['after yield', 'theirs']);
  });

  it('goes on at the priority of the task once its page is shown again', async () => {
    tasks.postTask(
      async () => {
        tasks.hide();
        await tasks.yield();
        host.note('first');
        tasks.show();
        scheduler.postTask(note('theirs'));
        await tasks.yield();
        host.note('second');
      },
      { priority: 'user-blocking' },
    );
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['first', 'second', 'theirs']);
  });

  it('goes on following the priority of a signal that the task was given', async () => {
    const controller = new TaskController({ priority: 'user-blocking' });
    tasks.postTask(
      async () => {
        const waiting = tasks.yield();
        controller.setPriority('background');
        await waiting;
        host.note('mine');
      },
      { signal: controller.signal },
    );
    scheduler.postTask(note('theirs'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['theirs', 'mine']);
  });

  it('belongs to the scope in code that is no task', async () => {
    async function plain(): Promise<void> {
      await tasks.yield();
      host.note('first');
      tasks.hide();
      scheduler.postTask(note('theirs'));
      await scheduler.yield();
      host.note('second');
      tasks.close();
      await scheduler.yield();
    }
    expect(await settle(plain())).toEqual(gone);
    expect(host.takeLog()).toEqual(['first', 'theirs', 'second']);
  });

  it('adds the scope to the signal and takes the priority of a task of somebody else', async () => {
    const controller = new AbortController();
    async function work(): Promise<void> {
      await tasks.yield();
      host.note('mine, blocking');
      await tasks.yield();
    }
    const { signal } = controller;
    const first = scheduler.postTask(work, { signal, priority: 'user-blocking' });
    scheduler.postTask(note('theirs'), { priority: 'user-blocking' });
    void first.catch(note('stopped'));
    await host.runTurn();
    expect(host.takeLog()).toEqual(['mine, blocking', 'theirs']);

    const second = scheduler.postTask(async () => {
      const waiting = tasks.yield();
      controller.abort('irrelevant');
      tasks.close();
      await waiting;
    });
    expect(await settle(second)).toEqual(gone);
  });

  it('leaves alone what others inherit', async () => {
    const other = new AbortController();
    const theirs = scheduler.postTask(
      async () => {
        void tasks.yield().catch(note('mine ended'));
        const waiting = scheduler.yield();
        tasks.close();
        await waiting;
        return 'went on';
      },
      { signal: other.signal },
    );
    expect(await settle(theirs)).toEqual({ value: 'went on' });
    expect(host.takeLog()).toEqual(['mine ended']);
  });
});

function abortedBy(reason: string): AbortController['signal'] {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
}
