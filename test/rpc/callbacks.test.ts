import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { proxy } from '../../src/rpc/marks.js';
import { release, withOptions } from '../../src/rpc/remote.js';
import { callStats } from '../../src/rpc/wrap.js';
import { CallStage, deferred, watched } from './call-stage.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const stage = CallStage.perTest();

type Callback = (...args: unknown[]) => unknown;

/** What the callee does with the callbacks that it is given. */
function createApi() {
  const kept: Callback[] = [];
  return {
    kept,
    keep: (callback: Callback) => void kept.push(callback),
    run: (callback: Callback, ...args: unknown[]) => callback(...args),
    callKept: (at: number, ...args: unknown[]) => kept[at]?.(...args),
    async callMember({ onItem }: { onItem: Callback }, items: unknown[]) {
      for (const item of items) await onItem(item);
    },
    ignore: (..._any: unknown[]) => undefined,
  };
}

describe('a callback', () => {
  it('is called across with what was cloned, and its answer comes back', async () => {
    const { remote } = stage.connect(createApi());
    const answer = remote.run((map: unknown) => [...(map as Map<string, number>)], new Map([['a', 1]]));
    expect(await stage.valueOf(answer)).toEqual([['a', 1]]);
  });

  it('may be a member of an argument, and throw', async () => {
    const { remote } = stage.connect(createApi());
    const items: unknown[] = [];
    await stage.valueOf(remote.callMember({ onItem: (item) => items.push(item) }, [1, 2]));
    expect(items).toEqual([1, 2]);
    const onItem = (): never => {
      throw new RangeError('enough');
    };
    expect(await stage.errorOf(remote.callMember({ onItem }, [1]))).toMatchObject({
      name: 'RangeError',
      message: 'enough',
    });
  });

  it('may be given callbacks itself, and answer with what it was given', async () => {
    const { remote } = stage.connect(createApi());
    const answer = remote.run(
      async (double: unknown) => [await (double as Callback)(21)],
      ((n: number) => n * 2) as Callback,
    );
    // The second is a callback of the caller's, called by way of the callee.
    expect(await stage.valueOf(answer)).toEqual([42]);
  });

  it('is held as long as its call lasts', async () => {
    const { promise, resolve } = deferred<undefined>();
    const { remote, near, far } = stage.connect({ wait: (..._callbacks: Callback[]) => promise });
    const call = watched(
      remote.wait(
        () => 1,
        () => 2,
      ),
    );
    await stage.host.runUntilIdle();
    expect([callStats(near), callStats(far)]).toMatchObject([
      { pending: 1, callbacks: 2 },
      { running: 1, callbacks: 0 },
    ]);
    resolve(undefined);
    await stage.host.runUntilIdle();
    call.value();
    expect(callStats(near)).toMatchObject({ pending: 0, callbacks: 0 });
  });

  it.each([
    ['rejects', (_controller: AbortController) => undefined],
    ['is aborted', (controller: AbortController) => controller.abort()],
  ])('is let go of when its call %s', async (_how, end) => {
    const { promise, reject } = deferred<undefined>();
    const { remote, near } = stage.connect({ wait: (_callback: Callback) => promise });
    const controller = new AbortController();
    const call = watched(withOptions(remote, { signal: controller.signal }).wait(() => 1));
    await stage.host.runUntilIdle();
    end(controller);
    reject(new Error('over'));
    await stage.host.runUntilIdle();
    call.error();
    expect(callStats(near).callbacks).toBe(0);
  });

  it('rejects when it is called after its call has ended', async () => {
    const { remote } = stage.connect(createApi());
    await stage.valueOf(remote.keep(() => 1));
    expect((await stage.errorOf(remote.callKept(0))).code).toBe('ERR_CALL_RELEASED');
  });

  it('that was under way when its call ended still answers', async () => {
    const answers: unknown[] = [];
    const { remote } = stage.connect({
      start(callback: () => Promise<string>) {
        void callback().then((answer) => answers.push(answer));
      },
    });
    await stage.valueOf(remote.start(() => Promise.resolve('late')));
    expect(answers).toEqual(['late']);
  });

  it('may be released before its call ends, which does not end the call or its other callbacks', async () => {
    const { remote, near } = stage.connect({
      async use(first: Callback, second: Callback) {
        await first(1);
        release(first);
        const late = await (first(2) as Promise<unknown>).catch(({ code }: { code: string }) => code);
        return [late, await second(3), callStats(near).callbacks];
      },
    });
    const heard: unknown[] = [];
    const hear = (value: unknown): number => heard.push(value);
    expect(await stage.valueOf(remote.use(hear, hear))).toEqual(['ERR_CALL_RELEASED', 2, 1]);
    expect(heard).toEqual([1, 3]);
  });

  it('that is released rejects what was asked of it, and aborts it', async () => {
    const reasons: unknown[] = [];
    const { remote } = stage.connect({
      async use(callback: (signal: AbortSignal) => Promise<void>) {
        const asked = callback(new AbortController().signal as AbortSignal).catch(
          ({ code }: { code: string }) => code,
        );
        await new Promise<void>((resolve) => stage.host.time.setTimer(resolve, 10));
        release(callback);
        return asked;
      },
    });
    const callback = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          reasons.push((signal.reason as { code: string }).code);
          resolve();
        }),
      );
    expect(await stage.valueOf(remote.use(callback))).toBe('ERR_CALL_RELEASED');
    expect(reasons).toEqual(['ERR_CALL_RELEASED']);
  });
});

describe('proxy()', () => {
  it('keeps a callback beyond its call, until the other side releases it', async () => {
    const api = createApi();
    const { remote, near } = stage.connect(api);
    await stage.valueOf(remote.keep(proxy((n: unknown) => `got ${String(n)}`)));
    expect(await stage.valueOf(remote.callKept(0, 1))).toBe('got 1');
    expect(callStats(near).callbacks).toBe(1);
    release(api.kept[0] as Callback);
    release(api.kept[0] as Callback);
    await stage.host.runUntilIdle();
    expect(callStats(near).callbacks).toBe(0);
    expect((await stage.errorOf(remote.callKept(0, 2))).code).toBe('ERR_CALL_RELEASED');
  });

  it('keeps an object where it is, whose members the other side calls, reads and sets', async () => {
    const { remote, far } = stage.connect({
      open: () =>
        proxy({ count: 1, add: (n: number): number => n + 1, inner: { twice: (n: number) => 2 * n } }),
    });
    const opened = await stage.valueOf(remote.open());
    expect(await stage.valueOf(opened.add(1))).toBe(2);
    expect(await stage.valueOf(opened.inner.twice(4))).toBe(8);
    (opened as { count: unknown }).count = 5;
    expect(await stage.valueOf(opened.count as Promise<number>)).toBe(5);
    expect(callStats(far).callbacks).toBe(1);
    release(opened);
    await stage.host.runUntilIdle();
  });

  it('is let go of where the call that carries it cannot be made', async () => {
    const { remote, near } = stage.connect(createApi());
    const error = await stage.errorOf(
      remote.ignore(
        proxy(() => 1),
        { deep: [() => 2] },
      ),
    );
    expect(error.name).toBe('DataCloneError');
    expect(callStats(near).callbacks).toBe(0);
  });

  it('is let go of where the call that carries it was aborted before it began', async () => {
    const { remote, near } = stage.connect(createApi());
    const controller = new AbortController();
    const call = watched(withOptions(remote, { signal: controller.signal }).keep(proxy(() => 1)));
    controller.abort('enough');
    await stage.host.runUntilIdle();
    expect(call.error()).toBe('enough');
    expect(callStats(near).callbacks).toBe(0);
  });

  it('is let go of where the call that carries it was aborted before there was a thread', async () => {
    const { remote, worker } = stage.startWorker(createApi);
    const controller = new AbortController();
    const call = watched(withOptions(remote, { signal: controller.signal }).keep(proxy(() => 1)));
    expect(callStats(worker).callbacks).toBe(1);
    controller.abort('enough');
    expect(callStats(worker).callbacks).toBe(0);
    await stage.host.runUntilIdle();
    expect(call.error()).toBe('enough');
  });

  it('is let go of where the call that carries it is refused', async () => {
    const { remote, near } = stage.connect(createApi(), { limits: { maxCalls: 0 } });
    expect((await stage.errorOf(remote.keep(proxy(() => 1)))).code).toBe('ERR_CALL_LIMIT');
    expect(callStats(near).callbacks).toBe(0);
  });

  it('is let go of where the answer that carries it comes too late', async () => {
    const { promise, resolve } = deferred<undefined>();
    const { remote, far } = stage.connect({
      open: async () => {
        await promise;
        return proxy({ a: 1 });
      },
    });
    const controller = new AbortController();
    const call = watched(withOptions(remote, { signal: controller.signal }).open());
    await stage.host.runUntilIdle();
    controller.abort('enough');
    await stage.host.runUntilIdle();
    resolve(undefined);
    await stage.host.runUntilIdle();
    expect(call.error()).toBe('enough');
    expect(callStats(far).callbacks).toBe(0);
  });

  it('is let go of when the thread that held it dies, unless a call brings it to the next one', async () => {
    const { remote, worker } = stage.startWorker((thread) => ({
      keep: (_callback: Callback) => undefined,
      use: (callback: Callback): unknown => (thread === 1 ? deferred().promise : callback(thread)),
    }));
    await stage.valueOf(remote.keep(proxy(() => 1)));
    const again = watched(
      withOptions(remote, { idempotent: true }).use(proxy((thread: unknown) => [thread])),
    );
    await stage.host.runUntilIdle();
    expect(callStats(worker).callbacks).toBe(2);
    stage.kill();
    expect(callStats(worker).callbacks).toBe(1);
    await stage.host.runUntilIdle();
    expect(again.value()).toEqual([2]);
    stage.kill();
    await stage.host.runUntilIdle();
    expect(callStats(worker).callbacks).toBe(0);
  });
});

describe('a remote that nobody holds any more', () => {
  async function collected(isDone: () => boolean): Promise<void> {
    for (let turn = 0; turn < 8 && !isDone(); turn++) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
      await stage.host.runUntilIdle();
    }
  }

  it('is released by itself, where the engine tells what it collects', async () => {
    const api = createApi();
    const { remote, near, far } = stage.connect({ ...api, open: () => proxy({ a: 1 }) });
    for (let n = 0; n < 5; n++) {
      void remote.keep(proxy(() => 1));
      void remote.open();
    }
    await stage.host.runUntilIdle();
    expect([callStats(near).callbacks, callStats(far).callbacks]).toEqual([5, 5]);
    api.kept.length = 0;
    await collected(() => callStats(near).callbacks + callStats(far).callbacks === 0);
    expect([callStats(near).callbacks, callStats(far).callbacks]).toEqual([0, 0]);
  });

  it('is not while a member of it is held, or one of its calls is under way', async () => {
    const { promise, resolve } = deferred<undefined>();
    const { remote, far } = stage.connect({
      open: () => proxy({ name: () => 'here', wait: () => promise }),
    });
    // In an object: a member of a remote is read where it is awaited.
    const hold = async () => ({ name: (await stage.valueOf(remote.open())).name });
    const start = async () => watched((await stage.valueOf(remote.open())).wait());
    const [{ name }, under] = [await hold(), await start()];
    await collected(() => false);
    expect(callStats(far).running).toBe(1);
    resolve(undefined);
    expect(await stage.valueOf(name())).toBe('here');
    under.value();
    await collected(() => callStats(far).callbacks === 1);
    expect(callStats(far).callbacks).toBe(1);
    release(name);
    await stage.host.runUntilIdle();
  });

  it('was released before, or its call has ended: nothing is said of it', async () => {
    const { remote, near } = stage.connect(createApi());
    for (let n = 0; n < 5; n++) await stage.valueOf(remote.ignore(() => 1));
    await collected(() => false);
    expect(callStats(near)).toMatchObject({ callbacks: 0, faults: 0 });
  });
});
