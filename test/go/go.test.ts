import { describe, expect, it } from 'vitest';
import { Chan, Context, go, sleep } from '../../src/go.js';
import { scheduler } from '../../src/scheduler.js';
import { host, look, settled, useVirtualHost } from './stage.js';

useVirtualHost();

const note = (line: string) => () => host.note(line);

describe('go', () => {
  it('begins soon, never at once, in the order of starting', async () => {
    go(note('1'));
    go(function* () {
      host.note('2');
      yield;
    });
    go(async () => host.note('3'));
    expect(host.takeLog()).toEqual([]);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['1', '2', '3']);
  });

  it('begins no routine within another', async () => {
    go(function* () {
      go(note('inner'));
      host.note('outer');
      yield;
    });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['outer', 'inner']);
  });

  it('passes arguments, in both forms and with options', async () => {
    const seen = [
      go(
        function* (a: number, b: string) {
          yield;
          return [a, b];
        },
        1,
        'x',
      ),
      go(async (...all: number[]) => all, 1, 2, 3),
      go({}, (a: number, b?: number) => [a, b], 4),
    ].map(({ done }) => look(done as Promise<unknown>));
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([
      { value: [1, 'x'] },
      { value: [1, 2, 3] },
      { value: [4, undefined] },
    ]);
  });

  it('refuses what is no function, at once', () => {
    for (const bad of [5, {}, null, undefined]) {
      expect(() => go(bad as unknown as () => void)).toThrow(TypeError);
      expect(() => go({}, bad as unknown as () => void)).toThrow(TypeError);
    }
  });

  it('fails a routine whose function cannot be called so', async () => {
    const routine = go(
      function* (options: { n: number }, n: number = options.n) {
        yield;
        return n;
      },
      undefined as unknown as { n: number },
    );
    expect(await settled(routine.done)).toMatchObject({ reason: { name: 'TypeError' } });
  });
});

describe('the name of a routine', () => {
  it('is that of the option, or of the function', async () => {
    function* worker(): Generator<unknown, void, unknown> {
      yield;
    }
    const names = [
      go(worker),
      go({ name: 'loader' }, worker),
      go(() => undefined),
      go({}, async () => undefined),
    ];
    expect(names.map(({ name }) => name)).toEqual(['worker', 'loader', 'anonymous', 'anonymous']);
    await host.runUntilIdle();
  });
});

describe('the priority of a routine', () => {
  it('decides whose turn it is, for its steps as well as for its begin', async () => {
    for (const priority of ['background', 'user-visible', 'user-blocking'] as const)
      go({ priority }, function* () {
        host.note(`${priority} 1`);
        yield;
        host.note(`${priority} 2`);
      });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(
      ['user-blocking', 'user-visible', 'background'].flatMap((each) => [`${each} 1`, `${each} 2`]),
    );
  });

  it('is user-visible where none is given', async () => {
    go({ priority: 'background' }, note('background'));
    scheduler.postTask(note('task'));
    go(note('routine'));
    go({ priority: 'user-blocking' }, note('blocking'));
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['blocking', 'task', 'routine', 'background']);
  });

  it('is refused if it is none', () => {
    expect(() => go({ priority: 'high' as 'background' }, () => undefined)).toThrow(TypeError);
  });
});

describe('the signal of a routine', () => {
  it('cancels it with the reason', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    const routine = go({ signal: ctx }, function* () {
      try {
        yield new Chan().recv();
      } finally {
        host.note('finally');
      }
    });
    const seen = look(routine.done);
    await host.runUntilIdle();
    cancel('enough');
    await host.runUntilIdle();
    expect([seen.now, host.takeLog()]).toEqual([{ reason: 'enough' }, ['finally']]);
  });

  it('that has aborted keeps it from beginning', async () => {
    const routine = go({ signal: AbortSignal.abort('before') }, note('ran'));
    expect(await settled(routine.done)).toEqual({ reason: 'before' });
  });

  it('comes before an operation of the routine with the same signal: its catch does not run', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    go({ signal: ctx }, function* () {
      try {
        yield new Chan().recv({ signal: ctx });
      } catch {
        host.note('caught');
      } finally {
        host.note('finally');
      }
    });
    await host.runUntilIdle();
    cancel();
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['finally']);
  });

  it('is not kept by a routine that is over', async () => {
    const [ctx, cancel] = Context.withCancel(Context.background);
    let added = 0;
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: () => added++,
      removeEventListener: () => undefined,
    };
    for (let n = 0; n < 10; n++) go({ signal }, () => n);
    const routine = go({ signal: ctx }, () => 'over');
    await host.runUntilIdle();
    cancel('late');
    expect([await settled(routine.done), added]).toEqual([{ value: 'over' }, 1]);
  });

  it('is refused if it is none', () => {
    expect(() => go({ signal: {} as AbortSignal }, () => undefined)).toThrow(TypeError);
    expect(() => go({ signal: null as unknown as AbortSignal }, () => undefined)).toThrow(TypeError);
  });

  it('may time out', async () => {
    const [ctx] = Context.withTimeout(Context.background, 20);
    const routine = go({ signal: ctx }, function* () {
      yield sleep(1_000);
    });
    const seen = look(routine.done);
    await host.advance(20);
    expect(seen.now).toMatchObject({ reason: { name: 'TimeoutError' } });
    await host.runUntilIdle();
  });
});
