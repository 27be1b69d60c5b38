import { describe, expect, it } from 'vitest';
import { WaitGroup, go, sleep } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('a WaitGroup', () => {
  it('lets all go on that wait when its count is zero', async () => {
    const group = new WaitGroup();
    group.add(2);
    const seen = [look(group.wait()), look(group.wait())];
    group.done();
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([waits, waits]);
    group.done();
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([{ value: undefined }, { value: undefined }]);
  });

  it('is over at once while nothing is counted, and may be used again', async () => {
    const group = new WaitGroup();
    expect(await settled(group.wait())).toEqual({ value: undefined });
    for (let round = 0; round < 3; round++) {
      group.add(1);
      const seen = look(group.wait());
      await host.runUntilIdle();
      expect(seen.now).toEqual(waits);
      group.add(-1);
      await host.runUntilIdle();
      expect(seen.now).toEqual({ value: undefined });
    }
  });

  it('counts the routines that it starts until they end, however they end', async () => {
    const group = new WaitGroup();
    const routine = group.go(function* () {
      yield sleep(1_000);
    });
    group.go(async (ms: number) => sleep(ms), 10);
    const failing = group.go(() => {
      throw new Error('looked after');
    });
    const failed = look(failing.done);
    const seen = look(group.wait());
    await host.advance(10);
    expect([seen.now, failed.now]).toMatchObject([waits, { reason: { message: 'looked after' } }]);
    routine.cancel();
    await host.advance(0);
    expect(seen.now).toEqual({ value: undefined });
    await host.runUntilIdle();
  });

  it('does not look after the errors of its routines', async () => {
    const group = new WaitGroup();
    group.go(function failing() {
      throw new Error('unheard');
    });
    await settled(group.wait());
    const [error] = host.takeErrors() as Error[];
    expect(error).toMatchObject({ code: 'ERR_ROUTINE_FAILED', routine: 'failing' });
    expect(error?.message).toMatch(/started\n\s+at .*wait-group\.test\.ts/);
  });

  it.each([-1, 0.5, NaN, Infinity, '1', null, undefined])(
    'refuses to count %s more, and counts nothing',
    async (delta) => {
      const group = new WaitGroup();
      let caught: unknown;
      try {
        group.add(delta as number);
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: delta });
      expect(await settled(group.wait())).toEqual({ value: undefined });
    },
  );

  it('reports a routine that ends after somebody counted it down', async () => {
    const group = new WaitGroup();
    for (const fn of [
      function* () {
        yield sleep(1);
      },
      async () => sleep(1),
    ]) {
      const routine = group.go(fn as () => Promise<void>);
      group.done();
      expect(await settled(routine.done)).toEqual({ value: undefined });
      expect(host.takeErrors()).toMatchObject([{ code: 'ERR_INVALID_ARGUMENT', value: -1 }]);
    }
  });

  it('is left by whoever is aborted or cancelled', async () => {
    const group = new WaitGroup();
    group.add(1);
    const controller = new AbortController();
    const aborted = look(group.wait({ signal: controller.signal }));
    const routine = go(function* () {
      yield group.wait();
    });
    const cancelled = look(routine.done);
    await host.runUntilIdle();
    controller.abort('enough');
    routine.cancel('enough');
    await host.runUntilIdle();
    expect([aborted.now, cancelled.now]).toEqual([{ reason: 'enough' }, { reason: 'enough' }]);
    group.done();
    expect(await settled(group.wait({ signal: AbortSignal.abort('before') }))).toEqual({ reason: 'before' });
  });

  it('refuses what is no function, and counts nothing', async () => {
    const group = new WaitGroup();
    expect(() => group.go(5 as unknown as () => void)).toThrow(TypeError);
    expect(await settled(group.wait())).toEqual({ value: undefined });
  });
});
