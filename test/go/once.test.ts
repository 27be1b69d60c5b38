import { describe, expect, it } from 'vitest';
import { Once, SingleFlight, go, sleep } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('Once', () => {
  it.each(['generator', 'async', 'plain'])(
    'runs its function once, and all get what it came to: %s',
    async (form) => {
      let runs = 0;
      const fns = {
        *generator() {
          runs++;
          yield sleep(10);
          return 'value';
        },
        async async() {
          runs++;
          await sleep(10);
          return 'value';
        },
        plain() {
          runs++;
          return 'value';
        },
      };
      const once = new Once<string>(fns[form as 'plain']);
      expect([once.begun, runs]).toEqual([false, 0]);
      const seen = [look(once.do()), look(once.do())];
      expect(once.begun).toBe(true);
      await host.runUntilIdle();
      seen.push(look(once.do()));
      await host.runUntilIdle();
      expect([runs, ...seen.map(({ now }) => now)]).toEqual([
        1,
        ...Array<object>(3).fill({ value: 'value' }),
      ]);
    },
  );

  it('fails all with what its function threw, for ever', async () => {
    let runs = 0;
    const error = new Error('thrown');
    const once = new Once(() => {
      runs++;
      throw error;
    });
    const seen = [look(once.do()), look(once.do())];
    await host.runUntilIdle();
    seen.push(look(once.do()));
    await host.runUntilIdle();
    expect([runs, ...seen.map(({ now }) => now)]).toEqual([1, ...Array<object>(3).fill({ reason: error })]);
  });

  it('goes on for the others when one is aborted or cancelled', async () => {
    const once = new Once(function* () {
      yield sleep(10);
      return 'value';
    });
    const controller = new AbortController();
    const aborted = look(once.do({ signal: controller.signal }));
    const routine = go(function* () {
      yield once.do();
    });
    const cancelled = look(routine.done);
    const other = look(once.do());
    await host.advance(5);
    controller.abort('enough');
    routine.cancel('enough');
    await host.advance(0);
    expect([aborted.now, cancelled.now, other.now]).toEqual([
      { reason: 'enough' },
      { reason: 'enough' },
      waits,
    ]);
    await host.runUntilIdle();
    expect(other.now).toEqual({ value: 'value' });
  });

  it('does not begin for whom has been aborted before', async () => {
    const once = new Once(() => host.note('ran'));
    expect(await settled(once.do({ signal: AbortSignal.abort('before') }))).toEqual({ reason: 'before' });
    expect(once.begun).toBe(false);
  });

  it('reports an error that nobody waits for any more', async () => {
    const once = new Once(async () => {
      await sleep(10);
      throw new Error('unheard');
    });
    const controller = new AbortController();
    const seen = look(once.do({ signal: controller.signal }));
    await host.advance(5);
    controller.abort();
    await host.runUntilIdle();
    expect([seen.now, host.takeErrors()]).toMatchObject([
      { reason: { name: 'AbortError' } },
      [{ code: 'ERR_ROUTINE_FAILED', cause: { message: 'unheard' } }],
    ]);
  });

  it('refuses what is no function', () => {
    expect(() => new Once(5 as unknown as () => void)).toThrow(TypeError);
  });
});

describe('SingleFlight', () => {
  it('does the work once for all who want a key at the same time', async () => {
    const loads = new SingleFlight<string, string>();
    let runs = 0;
    const load = (key: string) =>
      loads.do(key, function* () {
        runs++;
        yield sleep(10);
        return `${key}${runs}`;
      });
    const seen = [look(load('a')), look(load('b')), look(load('a'))];
    expect(loads.size).toBe(2);
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([{ value: 'a2' }, { value: 'b2' }, { value: 'a2' }]);
    expect([runs, loads.size]).toEqual([2, 0]);
    expect(await settled(load('a'))).toEqual({ value: 'a3' });
  });

  it('fails all who waited, and the next runs anew', async () => {
    const loads = new SingleFlight<number, number>();
    const error = new Error('thrown');
    const failing = async (): Promise<number> => {
      await sleep(1);
      throw error;
    };
    const seen = [look(loads.do(1, failing)), look(loads.do(1, failing))];
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([{ reason: error }, { reason: error }]);
    expect(await settled(loads.do(1, () => 7))).toEqual({ value: 7 });
  });

  it('runs anew for a key that was forgotten, while the first run goes on for its own', async () => {
    const loads = new SingleFlight<string, number>();
    let runs = 0;
    const load = () =>
      loads.do('k', function* () {
        const mine = ++runs;
        yield sleep(10);
        return mine;
      });
    const first = look(load());
    await host.advance(5);
    loads.forget('k');
    const second = look(load());
    await host.advance(5);
    expect([first.now, second.now, loads.size]).toEqual([{ value: 1 }, waits, 1]);
    const third = look(load());
    await host.runUntilIdle();
    expect([second.now, third.now, loads.size]).toEqual([{ value: 2 }, { value: 2 }, 0]);
  });

  it('goes on when whoever began is aborted', async () => {
    const loads = new SingleFlight<string, string>();
    const controller = new AbortController();
    const load = async (): Promise<string> => {
      await sleep(10);
      return 'value';
    };
    const first = look(loads.do('k', load, { signal: controller.signal }));
    const second = look(loads.do('k', load));
    await host.advance(5);
    controller.abort('enough');
    await host.runUntilIdle();
    expect([first.now, second.now]).toEqual([{ reason: 'enough' }, { value: 'value' }]);
  });

  it('does not begin for whom has been aborted before, nor without a function', async () => {
    const loads = new SingleFlight<string, void>();
    const signal = AbortSignal.abort('before');
    expect(await settled(loads.do('k', () => host.note('ran'), { signal }))).toEqual({ reason: 'before' });
    expect(loads.size).toBe(0);
    expect(() => loads.do('k', null as unknown as () => void)).toThrow(TypeError);
  });

  it('takes keys by identity', async () => {
    const loads = new SingleFlight<unknown, number>();
    let runs = 0;
    const [a, b] = [{}, {}];
    const seen = [a, b, a, NaN, NaN].map((key) => look(loads.do(key, () => ++runs)));
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([1, 2, 1, 3, 3].map((value) => ({ value })));
  });
});
