import { describe, expect, it } from 'vitest';
import { after, go, select, tick } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, run, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('after', () => {
  it('gives its time once, when that has come', async () => {
    const late = after(10);
    const seen = look(late.recv());
    await host.advance(9);
    expect([seen.now, late.tryRecv()]).toEqual([waits, undefined]);
    await host.advance(1);
    expect(seen.now).toEqual({ value: { value: 10, ok: true } });
    expect(late.tryRecv()).toBeUndefined();
  });

  it('counts from the call, whoever asks when', async () => {
    const late = after(10);
    await host.advance(25);
    expect(late.tryRecv()).toEqual({ value: 10, ok: true });
  });

  it('gives to the first of those who wait; the others wait on', async () => {
    const late = after(10);
    const controller = new AbortController();
    const [first, second] = [look(late.recv()), look(late.recv({ signal: controller.signal }))];
    await host.advance(50);
    expect([first.now, second.now]).toEqual([{ value: { value: 10, ok: true } }, waits]);
    controller.abort('enough');
    await host.advance(0);
    expect(second.now).toEqual({ reason: 'enough' });
  });

  it('has a timer only while somebody waits', async () => {
    const late = after(10);
    expect(host.armed().timer).toBe(0);
    const controller = new AbortController();
    const seen = [
      look(late.recv({ signal: controller.signal })),
      look(late.recv({ signal: controller.signal })),
    ];
    expect(host.armed().timer).toBe(1);
    controller.abort('enough');
    expect(host.armed().timer).toBe(0);
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([{ reason: 'enough' }, { reason: 'enough' }]);
  });

  it('takes less than zero for now, and Infinity for never', async () => {
    expect(after(-1).tryRecv()).toEqual({ value: 0, ok: true });
    expect(after(0).tryRecv()).toEqual({ value: 0, ok: true });
    const never = after(Infinity);
    await host.advance(1e9);
    expect(never.tryRecv()).toBeUndefined();
  });

  it.each([NaN, '5', null, undefined])('refuses %s', (value) => {
    expect(codeOf(() => after(value as number))).toBe('ERR_INVALID_ARGUMENT');
  });

  it('does not begin where the signal has aborted', async () => {
    expect(await settled(after(0).recv({ signal: AbortSignal.abort('before') }))).toEqual({
      reason: 'before',
    });
  });
});

describe('tick', () => {
  it('gives a time each period', async () => {
    const clock = tick(10);
    const times = await run(function* () {
      const all: (number | undefined)[] = [];
      for (let n = 0; n < 4; n++) all.push((yield* clock.recv()).value);
      return all;
    });
    expect([times, host.time.now()]).toEqual([[10, 20, 30, 40], 40]);
  });

  it('keeps one of those that were missed, and stays in step', async () => {
    const clock = tick(10);
    await host.advance(35);
    expect([clock.tryRecv(), clock.tryRecv()]).toEqual([{ value: 10, ok: true }, undefined]);
    const next = look(clock.recv());
    await host.advance(4);
    expect(next.now).toEqual(waits);
    await host.advance(1);
    expect(next.now).toEqual({ value: { value: 40, ok: true } });
  });

  it('serves those who wait in the order of coming, one each period', async () => {
    const clock = tick(10);
    const seen = [1, 2, 3].map(() => look(clock.recv()));
    await host.advance(20);
    expect(seen.map(({ now }) => now)).toEqual([
      { value: { value: 10, ok: true } },
      { value: { value: 20, ok: true } },
      waits,
    ]);
    await host.runUntilIdle();
    expect(host.time.now()).toBe(30);
  });

  it('gives each time to one of two selects', async () => {
    const clock = tick(10);
    const seen = [look(select({ a: clock })), look(select({ b: clock }))];
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([
      { value: { case: 'a', value: 10, ok: true } },
      { value: { case: 'b', value: 20, ok: true } },
    ]);
  });

  it('needs no stopping: a loop that is left leaves no timer', async () => {
    const times: number[] = [];
    go(async () => {
      for await (const at of tick(5)) {
        times.push(at);
        if (times.length === 3) break;
      }
    });
    await host.runUntilIdle();
    expect([times, host.time.now()]).toEqual([[5, 10, 15], 15]);
  });

  it('takes a period that is no whole number', async () => {
    const clock = tick(2.5);
    const got = await run(function* () {
      for (let n = 0; n < 9; n++) yield clock.recv();
      return (yield* clock.recv()).value;
    });
    expect(got).toBeGreaterThanOrEqual(25);
    expect(got).toBeLessThanOrEqual(26);
  });

  it.each([0, -1, NaN, '5'])('refuses %s and shows it', (value) => {
    let caught: unknown;
    try {
      tick(value as number);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value });
  });
});
