import { describe, expect, it } from 'vitest';
import { Chan, Context, Group, go, sleep } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

/** A routine that notes its end. */
function* waiting(name: string, ms = 1_000): Generator<unknown, string, unknown> {
  try {
    yield sleep(ms);
    host.note(`${name} done`);
    return name;
  } finally {
    host.note(`${name} left`);
  }
}

describe('a Group', () => {
  it('is over when all its routines are, also those started meanwhile', async () => {
    const group = new Group();
    group.go(function* () {
      yield sleep(10);
      group.go(waiting, 'late', 20);
    });
    const seen = look(group.wait());
    expect(group.size).toBe(1);
    await host.advance(29);
    expect(seen.now).toEqual(waits);
    await host.advance(1);
    expect([seen.now, group.size, host.takeLog()]).toEqual([
      { value: undefined },
      0,
      ['late done', 'late left'],
    ]);
  });

  it('is over at once without routines', async () => {
    expect(await settled(new Group().wait())).toEqual({ value: undefined });
  });

  it('gives a routine, whose done is its own', async () => {
    const routine = new Group().go(waiting, 'a', 1);
    expect(await settled(routine.done)).toEqual({ value: 'a' });
    host.takeLog();
  });

  it.each(['generator', 'async'])('fails with the first error, which cancels the rest: %s', async (form) => {
    const group = new Group();
    const error = new Error('first');
    group.go(waiting, 'other');
    if (form === 'generator')
      group.go(function* () {
        yield sleep(5);
        throw error;
      });
    else
      group.go(async () => {
        await sleep(5);
        throw error;
      });
    group.go(async () => {
      await sleep(8);
      throw new Error('second');
    });
    const seen = look(group.wait());
    await host.advance(7);
    // The async one cannot be stopped, and no routine outlives its group.
    expect([seen.now, group.ctx.reason, host.takeLog()]).toEqual([waits, error, ['other left']]);
    await host.runUntilIdle();
    expect(seen.now).toEqual({ reason: error });
    expect(await settled(group.wait())).toEqual({ reason: error });
  });

  it('fails with undefined where that was thrown', async () => {
    const group = new Group();
    group.go(() => {
      throw undefined;
    });
    expect(await settled(group.wait())).toEqual({ reason: undefined });
    expect(group.ctx.aborted).toBe(true);
  });

  it('takes a routine that was cancelled alone for no failure', async () => {
    const group = new Group();
    const routine = group.go(waiting, 'cancelled');
    group.go(waiting, 'other', 20);
    const seen = look(group.wait());
    await host.advance(10);
    routine.cancel();
    await host.runUntilIdle();
    expect([seen.now, host.takeLog()]).toEqual([
      { value: undefined },
      ['cancelled left', 'other done', 'other left'],
    ]);
  });

  it('starts nothing any more once it failed', async () => {
    const group = new Group();
    group.go(() => {
      throw new Error('first');
    });
    await settled(group.wait());
    const routine = group.go(waiting, 'late');
    expect(await settled(routine.done)).toMatchObject({ reason: { message: 'first' } });
    expect(await settled(group.wait())).toMatchObject({ reason: { message: 'first' } });
    expect(group.size).toBe(0);
  });

  it('reports no error of its routines: it looks after them', async () => {
    const group = new Group();
    group.go(() => {
      throw new Error('looked after');
    });
    await host.runUntilIdle();
    expect(host.takeErrors()).toEqual([]);
  });

  it('refuses what is no function', () => {
    const group = new Group();
    expect(() => group.go(5 as unknown as () => void)).toThrow(TypeError);
    expect(group.size).toBe(0);
  });
});

describe('cancel of a Group', () => {
  it('cancels all its routines with the reason, those to come as well', async () => {
    const group = new Group();
    group.go(waiting, 'a');
    group.go(waiting, 'b');
    const seen = look(group.wait());
    await host.advance(1);
    group.cancel('enough');
    const late = look(group.go(waiting, 'late').done);
    await host.runUntilIdle();
    expect([seen.now, late.now, host.takeLog()]).toEqual([
      { reason: 'enough' },
      { reason: 'enough' },
      ['a left', 'b left'],
    ]);
  });

  it('fails the group although nothing runs', async () => {
    const group = new Group();
    group.cancel('enough');
    expect(await settled(group.wait())).toEqual({ reason: 'enough' });
  });

  it('gives an AbortError where no reason is given', async () => {
    const group = new Group();
    group.go(waiting, 'a');
    group.cancel();
    expect(await settled(group.wait())).toMatchObject({ reason: { name: 'AbortError' } });
    expect(host.takeLog()).toEqual([]);
  });

  it('waits for finally blocks', async () => {
    const group = new Group();
    group.go(function* () {
      try {
        yield new Chan().recv();
      } finally {
        yield sleep(30);
      }
    });
    const seen = look(group.wait());
    await host.advance(1);
    group.cancel('enough');
    await host.advance(29);
    expect(seen.now).toEqual(waits);
    await host.advance(1);
    expect(seen.now).toEqual({ reason: 'enough' });
  });
});

describe('the signal of a Group', () => {
  it('cancels it', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const group = new Group({ signal: ctx });
    group.go(waiting, 'a');
    const seen = look(group.wait());
    await host.advance(1);
    cancel('enough');
    await host.runUntilIdle();
    expect([seen.now, group.ctx.reason, host.takeLog()]).toEqual([
      { reason: 'enough' },
      'enough',
      ['a left'],
    ]);
  });

  it('that has aborted keeps all from beginning', async () => {
    const group = new Group({ signal: AbortSignal.abort('before') });
    group.go(waiting, 'a');
    expect(await settled(group.wait())).toEqual({ reason: 'before' });
  });

  it('gives its values and deadline to the context', async () => {
    const ctx = Context.withValue(Context.background, 'user', 7);
    const [timed] = Context.withTimeout(ctx, 50);
    const group = new Group({ signal: timed });
    expect([group.ctx.value('user'), group.ctx.timeLeftMs]).toEqual([7, 50]);
    group.go(waiting, 'a');
    expect(await settled(group.wait())).toMatchObject({ reason: { name: 'TimeoutError' } });
    expect([host.time.now(), host.takeLog()]).toEqual([50, ['a left']]);
  });

  it('is refused if it is none', () => {
    expect(() => new Group({ signal: {} as AbortSignal })).toThrow(TypeError);
    expect(() => new Group(5 as unknown as object)).toThrow(TypeError);
  });
});

describe('the limit of a Group', () => {
  it('lets so many run at the same time, the others in the order of coming', async () => {
    const group = new Group({ limit: 2 });
    let [inside, most] = [0, 0];
    for (let n = 0; n < 5; n++)
      group.go(function* () {
        most = Math.max(most, ++inside);
        host.note(`${n}`);
        yield sleep(10);
        inside--;
      });
    expect(group.size).toBe(5);
    expect(await settled(group.wait())).toEqual({ value: undefined });
    expect([most, host.time.now(), host.takeLog()]).toEqual([2, 30, ['0', '1', '2', '3', '4']]);
  });

  it('may be changed while it runs', async () => {
    const group = new Group({ limit: 1 });
    for (let n = 0; n < 6; n++) group.go(waiting, `${n}`, 10);
    await host.advance(10);
    group.setLimit(Infinity);
    await host.runUntilIdle();
    expect(host.time.now()).toBe(20);
    host.takeLog();
    group.setLimit(1);
    for (let n = 0; n < 2; n++) group.go(waiting, `${n}`, 10);
    await host.runUntilIdle();
    expect(host.time.now()).toBe(40);
    host.takeLog();
  });

  it('keeps those that wait from beginning when one fails', async () => {
    const group = new Group({ limit: 1 });
    group.go(function* () {
      yield sleep(1);
      throw new Error('first');
    });
    for (let n = 0; n < 3; n++) group.go(waiting, `${n}`);
    expect(await settled(group.wait())).toMatchObject({ reason: { message: 'first' } });
    expect([host.takeLog(), group.size]).toEqual([[], 0]);
  });

  it.each([0, -1, 1.5, NaN, '2', null])('refuses %s and shows it', (limit) => {
    for (const way of [
      () => new Group({ limit: limit as number }),
      () => new Group().setLimit(limit as number),
    ]) {
      let caught: unknown;
      try {
        way();
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: limit });
    }
  });
});

describe('the priority of a Group', () => {
  it('is that of its routines', async () => {
    const group = new Group({ priority: 'background' });
    group.go(() => host.note('background'));
    go(() => host.note('visible'));
    new Group({ priority: 'user-blocking' }).go(() => host.note('blocking'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['blocking', 'visible', 'background']);
    expect(() => new Group({ priority: 'high' as 'background' })).toThrow(TypeError);
  });
});

describe('whoever waits for a Group', () => {
  it('may give up; the group goes on', async () => {
    const group = new Group();
    group.go(waiting, 'a', 10);
    const controller = new AbortController();
    const seen = look(group.wait({ signal: controller.signal }));
    const routine = go(function* () {
      yield group.wait();
    });
    const cancelled = look(routine.done);
    await host.advance(5);
    controller.abort('enough');
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([seen.now, cancelled.now, host.takeLog()]).toEqual([
      { reason: 'enough' },
      { reason: 'enough' },
      ['a done', 'a left'],
    ]);
    expect(await settled(group.wait({ signal: AbortSignal.abort('before') }))).toEqual({ reason: 'before' });
  });
});
