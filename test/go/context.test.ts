import { afterEach, describe, expect, it, vi } from 'vitest';
import { Chan, Context, Group, Mutex, done, go, select, sleep } from '../../src/go.js';
import { AbortController, AbortSignal, scheduler } from '../../src/scheduler.js';
import { codeOf, host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

afterEach(() => {
  vi.useRealTimers();
});

describe('Context.background', () => {
  it('is one context that is never done, without deadline and values', () => {
    const { background } = Context;
    expect(background).toBe(Context.background);
    expect([background.aborted, background.timeLeftMs, background.value('any')]).toEqual([
      false,
      Infinity,
      undefined,
    ]);
    expect(background).toBeInstanceOf(AbortSignal);
    expect(() => background.throwIfAborted()).not.toThrow();
  });
});

describe('Context.withCancel', () => {
  it('is done when it is cancelled, with the reason', () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    expect(ctx.aborted).toBe(false);
    cancel('enough');
    cancel('again');
    expect([ctx.aborted, ctx.reason, Context.background.aborted]).toEqual([true, 'enough', false]);
    expect(() => ctx.throwIfAborted()).toThrow('enough');
  });

  it('gives an AbortError where no reason is given', () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    cancel();
    expect(ctx.reason).toMatchObject({ name: 'AbortError' });
  });

  it('is done with its parent, with the reason of that; not the other way round', () => {
    const [parent, cancelParent] = Context.withCancel(Context.background);
    const [child, cancelChild] = Context.withCancel(parent);
    const [sibling] = Context.withCancel(parent);
    cancelChild('child');
    expect([parent.aborted, child.reason, sibling.aborted]).toEqual([false, 'child', false]);
    cancelParent('parent');
    expect([child.reason, sibling.reason]).toEqual(['child', 'parent']);
  });

  it('is done at once under a parent that is', () => {
    const [parent, cancel] = Context.withCancel(Context.background);
    cancel('before');
    expect(Context.withCancel(parent)[0].reason).toBe('before');
  });

  it.each(['ours', 'native'])('takes any signal as its parent: %s', (kind) => {
    const controller = kind === 'ours' ? new AbortController() : new globalThis.AbortController();
    const [ctx] = Context.withCancel(controller.signal);
    controller.abort('enough');
    expect(ctx.reason).toBe('enough');
  });

  it('tells its listeners', () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    ctx.addEventListener('abort', () => host.note('listener'));
    ctx.onabort = () => host.note('handler');
    cancel();
    expect(host.takeLog()).toEqual(['listener', 'handler']);
  });

  it.each([null, undefined, {}, 5])('refuses %s as a parent', (parent) => {
    for (const make of [
      () => Context.withCancel(parent as AbortSignal),
      () => Context.withTimeout(parent as AbortSignal, 1),
      () => Context.withValue(parent as AbortSignal, 1, 1),
      () => Context.withoutCancel(parent as AbortSignal),
    ])
      expect(make).toThrow(TypeError);
  });
});

describe('Context.withTimeout', () => {
  it('is done with a TimeoutError when the time has passed', async () => {
    const [ctx] = Context.withTimeout(Context.background, 100);
    expect(ctx.timeLeftMs).toBe(100);
    await host.advance(99);
    expect([ctx.aborted, ctx.timeLeftMs]).toEqual([false, 1]);
    await host.advance(1);
    expect([ctx.reason, ctx.timeLeftMs]).toMatchObject([{ name: 'TimeoutError' }, 0]);
    await host.advance(100);
    expect(ctx.timeLeftMs).toBe(0);
  });

  it('leaves no timer when it is cancelled before, or its parent is', async () => {
    const [parent, cancelParent] = Context.withCancel(Context.background);
    const [, cancel] = Context.withTimeout(parent, 100);
    const [child] = Context.withTimeout(parent, 200);
    expect(host.armed().timer).toBe(1);
    cancel();
    cancelParent('parent');
    expect([host.armed().timer, child.reason]).toEqual([0, 'parent']);
  });

  it('has the deadline of its parent where that is nearer', async () => {
    const [parent, cancel] = Context.withTimeout(Context.background, 50);
    const [child] = Context.withTimeout(parent, 100);
    const [nearer] = Context.withTimeout(parent, 20);
    expect([child.timeLeftMs, nearer.timeLeftMs, Context.withCancel(child)[0].timeLeftMs]).toEqual([
      50, 20, 50,
    ]);
    await host.advance(20);
    expect([child.aborted, nearer.aborted, parent.aborted]).toEqual([false, true, false]);
    await host.advance(30);
    expect([child.reason === parent.reason, host.armed().timer]).toEqual([true, 0]);
    cancel();
  });

  it.each([0, -5, -Infinity])('is done at once after %s ms, as a deadline that has passed', (timeoutMs) => {
    const [ctx, cancel] = Context.withTimeout(Context.background, timeoutMs);
    expect([ctx.reason, ctx.timeLeftMs, host.armed().timer]).toMatchObject([{ name: 'TimeoutError' }, 0, 0]);
    cancel();
  });

  it('has no limit but that of its parent with Infinity', () => {
    const [ctx, cancel] = Context.withTimeout(Context.background, Infinity);
    expect([ctx.timeLeftMs, host.armed().timer]).toEqual([Infinity, 0]);
    cancel('enough');
    expect(ctx.reason).toBe('enough');
  });

  it('arms nothing under a parent that is done', () => {
    const [parent, cancel] = Context.withCancel(Context.background);
    cancel('before');
    const [ctx] = Context.withTimeout(parent, 100);
    expect([ctx.reason, host.armed().timer]).toEqual(['before', 0]);
  });

  it('stands still in the background', async () => {
    const [ctx] = Context.withTimeout(Context.background, 100);
    await host.advance(60);
    host.hide();
    await host.advance(1_000);
    expect(ctx.aborted).toBe(false);
    host.show();
    await host.advance(39);
    expect(ctx.aborted).toBe(false);
    await host.advance(1);
    expect(ctx.aborted).toBe(true);
  });

  it.each([NaN, '5', null, undefined])('refuses %s and shows it', (timeoutMs) => {
    let caught: unknown;
    try {
      Context.withTimeout(Context.background, timeoutMs as number);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: timeoutMs });
  });
});

describe('Context.withDeadline', () => {
  it('is done at a Date or at milliseconds since 1970', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    const [byDate, cancel] = Context.withDeadline(Context.background, new Date(1_000_050));
    const [byNumber] = Context.withDeadline(Context.background, 1_000_030);
    expect([byDate.timeLeftMs, byNumber.timeLeftMs]).toEqual([50, 30]);
    await host.advance(30);
    expect([byDate.aborted, byNumber.reason]).toMatchObject([false, { name: 'TimeoutError' }]);
    cancel();
  });

  it('is done at once where that is past', () => {
    const [ctx] = Context.withDeadline(Context.background, Date.now() - 1);
    expect(ctx.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('refuses what is no time', () => {
    for (const at of [new Date(NaN), NaN, 'soon'])
      expect(codeOf(() => Context.withDeadline(Context.background, at as number))).toBe(
        'ERR_INVALID_ARGUMENT',
      );
  });
});

describe('Context.withValue', () => {
  it('carries a value, which the nearest one decides', () => {
    const key = Symbol('key');
    const outer = Context.withValue(Context.background, key, 'outer');
    const other = Context.withValue(outer, 'other', 1);
    const inner = Context.withValue(other, key, 'inner');
    expect([outer.value(key), other.value(key), inner.value(key), inner.value('other')]).toEqual([
      'outer',
      'outer',
      'inner',
      1,
    ]);
    expect([inner.value(undefined), inner.value('none'), outer.value('other')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes keys by identity, undefined too', () => {
    const object = {};
    expect(Context.withValue(Context.background, object, 1).value({})).toBeUndefined();
    expect(Context.withValue(Context.background, object, 1).value(object)).toBe(1);
    expect(Context.withValue(Context.background, undefined, 1).value(undefined)).toBe(1);
  });

  it('goes on through contexts of all kinds, and is done with its parent', () => {
    const [ctx, cancel] = Context.withCancel(Context.withValue(Context.background, 'user', 7));
    const [timed, stop] = Context.withTimeout(ctx, 100);
    const below = Context.withValue(timed, 'more', 8);
    expect([below.value('user'), below.timeLeftMs]).toEqual([7, 100]);
    cancel('enough');
    expect(below.reason).toBe('enough');
    stop();
  });
});

describe('Context.withoutCancel', () => {
  it('has the values of its parent, and neither its end nor its deadline', () => {
    const [ctx, cancel] = Context.withTimeout(Context.withValue(Context.background, 'user', 7), 10);
    const free = Context.withoutCancel(ctx);
    cancel('enough');
    expect([free.value('user'), free.aborted, free.timeLeftMs]).toEqual([7, false, Infinity]);
    expect(Context.withoutCancel(ctx).aborted).toBe(false);
  });
});

describe('a Context as a signal', () => {
  it('of tasks, sleeps, channels, selects, locks, routines and groups, ends them all', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const mutex = new Mutex();
    mutex.tryLock();
    const group = new Group({ signal: ctx });
    group.go(async () => sleep(5));
    const seen = [
      scheduler.postTask(() => 1, { signal: ctx, delay: 100 }),
      sleep(100, { signal: ctx }),
      new Chan().recv({ signal: ctx }),
      new Chan<number>().send(1, { signal: ctx }),
      select({ a: new Chan() }, { signal: ctx }),
      mutex.lock({ signal: ctx }),
      go({ signal: ctx }, function* () {
        yield sleep(100);
      }).done,
      group.wait(),
      AbortSignal.any([ctx]).aborted
        ? Promise.resolve()
        : new Promise((_, no) => ctx.addEventListener('abort', no)),
    ].map((each) => look(each as Promise<unknown>));
    await host.advance(1);
    expect(seen.map(({ now }) => now)).toEqual(seen.map(() => waits));
    cancel('enough');
    await host.runUntilIdle();
    expect(seen.slice(0, -1).map(({ now }) => now)).toEqual(
      seen.slice(0, -1).map(() => ({ reason: 'enough' })),
    );
  });

  it('in select tells why it is done', async () => {
    const [ctx] = Context.withTimeout(Context.background, 30);
    expect(await settled(select({ stop: done(ctx), job: new Chan() }))).toMatchObject({
      value: { case: 'stop', reason: { name: 'TimeoutError' } },
    });
  });

  it('has the name of its class', () => {
    expect([Context.name, Object.prototype.toString.call(Context.background)]).toEqual([
      'Context',
      '[object Context]',
    ]);
  });
});
