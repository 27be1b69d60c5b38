import { describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import { AbortController } from '../../src/core/abort.js';
import { currentCall } from '../../src/rpc/call-context.js';
import { expose } from '../../src/rpc/expose.js';
import { withOptions } from '../../src/rpc/remote.js';
import { wrap } from '../../src/rpc/wrap.js';
import { scheduler } from '../../src/scheduler/scheduler.js';
import { CallStage, watched } from './call-stage.js';

const stage = CallStage.perTest();

const sleep = (ms: number): Promise<void> => new Promise((resolve) => stage.host.time.setTimer(resolve, ms));

describe('currentCall()', () => {
  it('is null outside of a call, after an await, and in what a call starts', async () => {
    const seen: unknown[] = [];
    const look = (where: string): void => void seen.push([where, currentCall() !== null]);
    const { remote } = stage.connect({
      async run() {
        look('begin');
        stage.host.time.setTimer(() => look('timer'), 0);
        void scheduler.postTask(() => look('task'));
        await Promise.resolve();
        look('after await');
      },
      throws() {
        look('throws');
        throw new Error('x');
      },
    });
    look('outside');
    await stage.valueOf(remote.run());
    await stage.errorOf(remote.throws());
    look('outside again');
    expect(seen).toEqual([
      ['outside', false],
      ['begin', true],
      ['after await', false],
      ['task', false],
      ['timer', false],
      ['throws', true],
      ['outside again', false],
    ]);
  });

  it('is of the innermost call, also of constructors and getters', async () => {
    const { remote } = stage.connect({
      Thing: class {
        kind = currentCall()?.metadata['kind'];
      },
      get kind() {
        return currentCall()?.metadata['kind'];
      },
    });
    const told = withOptions(remote, { metadata: { kind: 'k' } });
    expect(await stage.valueOf(told.kind as unknown as Promise<string>)).toBe('k');
    const thing = await stage.valueOf(new told.Thing());
    expect(await stage.valueOf(thing.kind as unknown as Promise<string>)).toBe('k');
    (await import('../../src/rpc/remote.js')).release(thing);
    await stage.host.runUntilIdle();
  });

  it('has a signal that is one object, and may be asked for late', async () => {
    const seen: unknown[] = [];
    const { remote } = stage.connect({
      async run() {
        const call = currentCall()!;
        await sleep(20);
        seen.push(call.signal === call.signal, call.signal.aborted, call.signal.reason);
      },
    });
    const controller = new AbortController();
    const under = watched(withOptions(remote, { signal: controller.signal }).run());
    await stage.host.advance(10);
    controller.abort('enough');
    await stage.host.runUntilIdle();
    expect([under.error(), seen]).toEqual(['enough', [true, true, 'enough']]);
  });

  it('has a signal that aborts with any signal among the arguments, and not otherwise', async () => {
    const { remote } = stage.connect({
      async run(one: AbortSignal, two: AbortSignal) {
        const { signal } = currentCall()!;
        await sleep(20);
        return [one.aborted, two.aborted, signal.aborted];
      },
    });
    const [one, two] = [new AbortController(), new AbortController()];
    expect(await stage.valueOf(remote.run(one.signal as AbortSignal, two.signal as AbortSignal))).toEqual([
      false,
      false,
      false,
    ]);
    const states: unknown[] = [];
    const { remote: other } = stage.connect({
      async run(first: AbortSignal, second: AbortSignal) {
        const { signal } = currentCall()!;
        await sleep(20);
        states.push([first.aborted, second.aborted, signal.aborted]);
      },
    });
    const under = watched(other.run(one.signal as AbortSignal, two.signal as AbortSignal));
    await stage.host.advance(10);
    two.abort('enough');
    await stage.host.runUntilIdle();
    expect([under.error(), states]).toEqual(['enough', [[false, true, true]]]);
  });
});

describe('a deadline', () => {
  /** Two hops: what is called passes its signal, or a callback, on. */
  function twoHops() {
    const inner = new MessageChannel();
    expose(
      {
        async left() {
          const { timeLeftMs } = currentCall()!;
          await sleep(1);
          return timeLeftMs;
        },
        sleep: async (ms: number) => {
          const { signal } = currentCall()!;
          signal.addEventListener('abort', () =>
            stage.host.note(`inner aborted at ${stage.host.time.now()}`),
          );
          await sleep(ms);
          return 'slept';
        },
      },
      stage.watch(inner.port2),
    );
    const next = wrap<{ left(): number; sleep(ms: number): string }>(stage.watch(inner.port1));
    return stage.connect({
      async left(beforeMs: number) {
        const { signal } = currentCall()!;
        await sleep(beforeMs);
        return withOptions(next, { signal }).left();
      },
      async own(timeoutMs: number) {
        const { signal } = currentCall()!;
        return withOptions(next, { signal, timeoutMs }).left();
      },
      async sleep(ms: number) {
        const { signal } = currentCall()!;
        return withOptions(next, { signal }).sleep(ms);
      },
      timeLeft: () => currentCall()!.timeLeftMs,
      callBack: (callback: () => unknown) => callback(),
    });
  }

  it('is what is left of it to calls that are made with the signal of a call', async () => {
    const { remote } = twoHops();
    const timed = withOptions(remote, { timeoutMs: 100 });
    expect(await stage.valueOf(timed.timeLeft())).toBe(100);
    expect(await stage.valueOf(remote.timeLeft())).toBe(Infinity);
    expect(await stage.valueOf(timed.left(30))).toBe(70);
    expect(await stage.valueOf(remote.left(30))).toBe(Infinity);
    expect(await stage.valueOf(timed.own(40))).toBe(40);
    expect(await stage.valueOf(timed.own(4000))).toBe(100);
  });

  it('holds for callbacks of the call', async () => {
    const { remote } = twoHops();
    const timed = withOptions(remote, { timeoutMs: 100 });
    expect(await stage.valueOf(timed.callBack((() => currentCall()?.timeLeftMs) as never))).toBe(100);
  });

  it('ends the whole chain', async () => {
    const { remote } = twoHops();
    const timed = watched(withOptions(remote, { timeoutMs: 100 }).sleep(500));
    await stage.host.runUntilIdle();
    expect(timed.error().code).toBe('ERR_CALL_TIMEOUT');
    expect(stage.host.takeLog()).toEqual(['inner aborted at 100']);
  });

  it('that has passed rejects a call before it is made', async () => {
    const outcomes: unknown[] = [];
    const inner = stage.connect({ ping: () => stage.host.note('never') });
    const { remote } = stage.connect({
      async late() {
        const { signal } = currentCall()!;
        await sleep(200);
        outcomes.push(
          await withOptions(inner.remote, { signal })
            .ping()
            .then(String, (error: { code: string }) => error.code ?? error),
        );
      },
    });
    const timed = watched(withOptions(remote, { timeoutMs: 100 }).late());
    await stage.host.runUntilIdle();
    expect(timed.error().code).toBe('ERR_CALL_TIMEOUT');
    expect(outcomes).toEqual(['ERR_CALL_TIMEOUT']);
  });

  it('stands still while the application is frozen, though the clock does not', async () => {
    const { remote } = twoHops();
    const timed = watched(withOptions(remote, { timeoutMs: 100 }).left(50));
    await stage.host.advance(10);
    stage.host.hide();
    stage.host.suspend();
    await stage.host.advance(1_800_000);
    stage.host.resume();
    stage.host.show();
    await stage.host.advance(89);
    expect(timed.value()).toBe(Infinity);
  });
});
