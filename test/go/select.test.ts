import { describe, expect, it } from 'vitest';
import { Chan, Context, after, done, from, go, select, sleep, tick, to } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, run, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('a select with a case that is ready', () => {
  it('receives', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    expect(await settled(select({ job: from(chan) }))).toEqual({
      value: { case: 'job', value: 1, ok: true },
    });
    expect(chan.len).toBe(0);
  });

  it('receives from a Chan that is given without from', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    expect(await settled(select({ job: chan }))).toEqual({ value: { case: 'job', value: 1, ok: true } });
  });

  it('receives the end of a closed channel', async () => {
    const chan = new Chan<number>();
    chan.close();
    expect(await settled(select({ job: chan }))).toEqual({
      value: { case: 'job', value: undefined, ok: false },
    });
  });

  it('sends', async () => {
    const chan = new Chan<number>(1);
    expect(await settled(select({ out: to(chan, 7) }))).toEqual({ value: { case: 'out' } });
    expect(chan.tryRecv()).toEqual({ value: 7, ok: true });
  });

  it('takes from a sender and gives to a receiver that wait', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    const sent = look(a.send(1));
    expect(await settled(select({ a: from(a), b: from(b) }))).toEqual({
      value: { case: 'a', value: 1, ok: true },
    });
    const received = look(b.recv());
    expect(await settled(select({ a: from(a), b: to(b, 2) }))).toEqual({ value: { case: 'b' } });
    expect([sent.now, received.now]).toEqual([{ value: undefined }, { value: { value: 2, ok: true } }]);
  });

  it('tells that a context is done, and why', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    cancel('enough');
    expect(await settled(select({ stop: done(ctx), job: new Chan() }))).toEqual({
      value: { case: 'stop', reason: 'enough' },
    });
  });

  it('takes any signal for done', async () => {
    expect(await settled(select({ stop: done(AbortSignal.abort('native')) }))).toEqual({
      value: { case: 'stop', reason: 'native' },
    });
  });

  it('takes a time that has come', async () => {
    const late = after(10);
    await host.advance(20);
    expect(await settled(select({ late }))).toEqual({ value: { case: 'late', value: 10, ok: true } });
  });

  it('does one case and leaves the others alone', async () => {
    const chans = [new Chan<number>(1), new Chan<number>(1)] as const;
    for (const chan of chans) chan.trySend(1);
    await settled(select({ a: chans[0], b: chans[1] }));
    expect(chans[0].len + chans[1].len).toBe(1);
  });
});

describe('a select that has to wait', () => {
  it('is decided by the first case that can happen, and leaves the others', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    const chosen = look(select({ a: from(a), b: from(b) }));
    await host.runUntilIdle();
    expect(chosen.now).toEqual(waits);
    expect([b.trySend(2), a.trySend(1), b.trySend(3)]).toEqual([true, false, false]);
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'b', value: 2, ok: true } });
  });

  it('sends to whoever comes to receive', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    const chosen = look(select({ a: to(a, 1), b: to(b, 2) }));
    expect([b.tryRecv(), b.tryRecv(), a.tryRecv()]).toEqual([{ value: 2, ok: true }, undefined, undefined]);
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'b' } });
  });

  it('moves its value into a buffer that gets room', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    const chosen = look(select({ out: to(chan, 2) }));
    expect([chan.tryRecv(), chan.tryRecv()]).toEqual([
      { value: 1, ok: true },
      { value: 2, ok: true },
    ]);
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'out' } });
  });

  it('wakes when a channel is closed', async () => {
    const chan = new Chan<number>();
    const chosen = look(select({ a: from(chan), b: from(new Chan<number>()) }));
    chan.close();
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'a', value: undefined, ok: false } });
  });

  it('fails when the channel of a send is closed', async () => {
    const chan = new Chan<number>();
    const other = new Chan<number>();
    const chosen = look(select({ a: to(chan, 1), b: from(other) }));
    chan.close();
    await host.runUntilIdle();
    expect(chosen.now).toMatchObject({ reason: { code: 'ERR_CHAN_CLOSED' } });
    expect(other.trySend(1)).toBe(false);
  });

  it('wakes when a context is done', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const chan = new Chan<number>();
    const chosen = look(select({ job: chan, stop: done(ctx) }));
    cancel('enough');
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'stop', reason: 'enough' } });
    expect(chan.trySend(1)).toBe(false);
  });

  it('wakes when a time has come, and disarms the timer when it does not', async () => {
    const chan = new Chan<number>();
    const late = look(select({ job: chan, late: after(30) }));
    await host.advance(30);
    expect(late.now).toEqual({ value: { case: 'late', value: 30, ok: true } });
    const early = look(select({ job: chan, late: after(30) }));
    chan.trySend(1);
    await host.advance(0);
    expect(early.now).toEqual({ value: { case: 'job', value: 1, ok: true } });
    expect(host.armed().timer).toBe(0);
  });

  it('waits in the order of coming, among plain operations', async () => {
    const chan = new Chan<number>();
    const first = look(chan.recv());
    const second = look(select({ a: chan }));
    const third = look(chan.recv());
    for (const n of [1, 2, 3]) chan.trySend(n);
    await host.runUntilIdle();
    expect([first.now, second.now, third.now]).toEqual([
      { value: { value: 1, ok: true } },
      { value: { case: 'a', value: 2, ok: true } },
      { value: { value: 3, ok: true } },
    ]);
  });
});

describe('a case that never happens', () => {
  it('is a receive from null or undefined, and a send to them', async () => {
    const chan = new Chan<number>(1);
    const chosen = look(
      select({ a: from(null), b: from(undefined), c: to(null, 1), d: to(undefined, 1), e: from(chan) }),
    );
    await host.runUntilIdle();
    expect(chosen.now).toEqual(waits);
    chan.trySend(1);
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'e', value: 1, ok: true } });
  });

  it('makes a select without any other wait until it is aborted', async () => {
    const controller = new AbortController();
    const never = look(select({ a: from(null) }, { signal: controller.signal }));
    const empty = look(select({}, { signal: controller.signal }));
    await host.runUntilIdle();
    expect([never.now, empty.now]).toEqual([waits, waits]);
    controller.abort('enough');
    await host.runUntilIdle();
    expect([never.now, empty.now]).toEqual([{ reason: 'enough' }, { reason: 'enough' }]);
  });

  it('lets default happen', async () => {
    expect(await settled(select({ a: from(null) }, { default: true }))).toEqual({
      value: { case: 'default' },
    });
    expect(await settled(select({}, { default: true }))).toEqual({ value: { case: 'default' } });
  });
});

describe('default', () => {
  it('happens where no case is ready, and nothing is left waiting', async () => {
    const chan = new Chan<number>();
    expect(await settled(select({ a: from(chan), b: to(chan, 1) }, { default: true }))).toEqual({
      value: { case: 'default' },
    });
    expect([chan.trySend(1), chan.tryRecv()]).toEqual([false, undefined]);
  });

  it('does not happen where a case is ready', async () => {
    const chan = new Chan<number>(1);
    expect(await settled(select({ a: to(chan, 1) }, { default: true }))).toEqual({ value: { case: 'a' } });
  });

  it('is off unless it is true', async () => {
    const chosen = look(select({ a: from(new Chan()) }, { default: false }));
    await host.runUntilIdle();
    expect(chosen.now).toEqual(waits);
  });
});

describe('the signal of a select', () => {
  it('ends it while it waits: no case happens', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    const controller = new AbortController();
    const chosen = look(select({ a: from(a), b: to(b, 1) }, { signal: controller.signal }));
    controller.abort('enough');
    expect([a.trySend(1), b.tryRecv()]).toEqual([false, undefined]);
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ reason: 'enough' });
  });

  it('changes nothing once a case has happened', async () => {
    const chan = new Chan<number>();
    const controller = new AbortController();
    const chosen = look(select({ a: from(chan) }, { signal: controller.signal }));
    chan.trySend(1);
    controller.abort('enough');
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'a', value: 1, ok: true } });
  });

  it('keeps it from beginning, also where a case is ready or default is set', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    const signal = AbortSignal.abort('before');
    expect(await settled(select({ a: from(chan) }, { signal }))).toEqual({ reason: 'before' });
    expect(await settled(select({ a: from(chan) }, { signal, default: true }))).toEqual({ reason: 'before' });
    expect(chan.len).toBe(1);
  });

  it('may be the signal of a case as well: the case happens', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const chosen = look(select({ a: from(new Chan()), stop: done(ctx) }, { signal: ctx }));
    cancel('enough');
    await host.runUntilIdle();
    expect(chosen.now).toEqual({ value: { case: 'stop', reason: 'enough' } });
  });
});

describe('what is no case', () => {
  it.each([null, undefined, 5, {}, { recv: () => undefined }, 'chan'])(
    'is refused with its name: %s',
    (given) => {
      let caught: unknown;
      try {
        void select({ good: from(null), bad: given as unknown as Chan<number> });
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: given });
      expect((caught as Error).message).toContain('"bad"');
    },
  );

  it('is refused as cases or as a signal', () => {
    expect(() => select(5 as unknown as Record<string, never>)).toThrow(TypeError);
    expect(() => done({} as AbortSignal)).toThrow(TypeError);
  });

  it('is nothing that a program adds to Object.prototype', async () => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    Object.defineProperty(Object.prototype, 'added', {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      expect(await settled(select({ a: from(chan) }))).toMatchObject({ value: { case: 'a' } });
    } finally {
      delete (Object.prototype as { added?: unknown }).added;
    }
  });

  it('is refused in a routine as a thrown error', async () => {
    const code = await run(function* () {
      yield;
      return codeOf(() => select({ a: 1 as unknown as Chan<number> }));
    });
    expect(code).toBe('ERR_INVALID_ARGUMENT');
  });
});

describe('one channel in several cases', () => {
  it('may be received from twice', async () => {
    const chan = new Chan<number>();
    const chosen = look(select({ a: from(chan), b: chan }));
    expect([chan.trySend(1), chan.trySend(2)]).toEqual([true, false]);
    await host.runUntilIdle();
    expect(chosen.now).toEqual({
      value: { case: expect.stringMatching(/^[ab]$/) as string, value: 1, ok: true },
    });
  });

  it('may be sent to and received from: a select does not meet itself', async () => {
    const chan = new Chan<number>();
    const chosen = look(select({ out: to(chan, 1), in: from(chan) }));
    await host.runUntilIdle();
    expect(chosen.now).toEqual(waits);
    const other = await settled(select({ out: to(chan, 2), in: from(chan) }));
    const pair = JSON.stringify([other, chosen.now]);
    expect([
      '[{"value":{"case":"out"}},{"value":{"case":"in","value":2,"ok":true}}]',
      '[{"value":{"case":"in","value":1,"ok":true}},{"value":{"case":"out"}}]',
    ]).toContain(pair);
    expect([chan.trySend(3), chan.tryRecv()]).toEqual([false, undefined]);
  });
});

describe('a case that is kept', () => {
  it('may be given to select again and again, under other names', async () => {
    const chan = new Chan<number>(2);
    const job = from(chan);
    chan.trySend(1);
    chan.trySend(2);
    expect(await settled(select({ a: job }))).toEqual({ value: { case: 'a', value: 1, ok: true } });
    expect(await settled(select({ b: job }))).toEqual({ value: { case: 'b', value: 2, ok: true } });
  });

  it('may wait in two selects at once', async () => {
    const chan = new Chan<number>();
    const [job, out] = [from(chan), to(new Chan<number>(), 1)];
    const first = look(select({ a: job, out }));
    const second = look(select({ b: job, out }));
    for (const n of [1, 2]) chan.trySend(n);
    await host.runUntilIdle();
    expect([first.now, second.now]).toEqual([
      { value: { case: 'a', value: 1, ok: true } },
      { value: { case: 'b', value: 2, ok: true } },
    ]);
  });

  it('may be frozen with others, and keeps its name there', async () => {
    const chan = new Chan<number>();
    const job = from(chan);
    const cases = Object.freeze({ a: job, b: new Chan<number>() });
    for (let round = 0; round < 3; round++) {
      const seen = [look(select(cases)), look(select({ c: job })), look(select(cases))];
      for (let n = 0; n < 3; n++) chan.trySend(n);
      await host.runUntilIdle();
      expect(seen.map(({ now }) => now)).toEqual(
        ['a', 'c', 'a'].map((name, value) => ({ value: { case: name, value, ok: true } })),
      );
    }
  });

  it('may stand in one select twice', async () => {
    const chan = new Chan<number>();
    const job = from(chan);
    const names = new Set<unknown>();
    for (let n = 0; n < 50; n++) {
      const chosen = look(select({ a: job, b: job }));
      chan.trySend(1);
      expect(chan.trySend(2)).toBe(false);
      await host.runUntilIdle();
      names.add((chosen.now as { value: { case: string } }).value.case);
    }
    expect([...names].sort()).toEqual(['a', 'b']);
  });

  it.each(['done', 'tick'])('may be %s', async (kind) => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const kept = kind === 'done' ? done(ctx) : tick(10);
    const first = look(select({ a: kept }));
    const second = look(select({ b: kept }));
    if (kind === 'done') cancel(1);
    await host.advance(10);
    await host.advance(10);
    expect(first.now).toMatchObject({ value: { case: 'a' } });
    expect(second.now).toMatchObject({ value: { case: 'b' } });
    cancel();
  });
});

describe('select in a generator', () => {
  it('keeps its types with yield*', async () => {
    const jobs = new Chan<string>();
    const [ctx, cancel] = Context.withCancel(Context.background);
    go(function* () {
      yield jobs.send('a');
      yield jobs.send('b');
      yield sleep(18);
      cancel('stopped');
    });
    const log = await run(function* () {
      const lines: string[] = [];
      for (;;) {
        const got = yield* select({ job: from(jobs), late: after(5), stop: done(ctx) });
        if (got.case === 'stop') return [...lines, String(got.reason)];
        if (got.case === 'late') lines.push('late');
        else if (got.ok) lines.push(got.value);
      }
    });
    expect(log).toEqual(['a', 'b', 'late', 'late', 'late', 'stopped']);
  });

  it('is left by a routine that is cancelled', async () => {
    const [a, b] = [new Chan<number>(), new Chan<number>()];
    const routine = go(function* () {
      yield select({ a: from(a), b: to(b, 1), late: after(10) });
    });
    await host.advance(0);
    routine.cancel();
    expect([a.trySend(1), b.tryRecv(), host.armed().timer]).toEqual([false, undefined, 0]);
    await host.runUntilIdle();
  });

  it('goes on with the case that happened before it was cancelled', async () => {
    const chan = new Chan<number>();
    let got: unknown;
    const routine = go(function* () {
      got = yield* select({ a: from(chan) });
      yield;
      got = 'too far';
    });
    await host.runUntilIdle();
    chan.trySend(1);
    routine.cancel();
    await host.runUntilIdle();
    expect(got).toEqual({ case: 'a', value: 1, ok: true });
  });
});
