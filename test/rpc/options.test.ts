import { describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { currentCall } from '../../src/rpc/call-context.js';
import type { CallOptions } from '../../src/rpc/call-options.js';
import { expose, provide } from '../../src/rpc/expose.js';
import { call, withOptions } from '../../src/rpc/remote.js';
import { callStats, service, wrap } from '../../src/rpc/wrap.js';
import { runUrgently } from '../../src/scheduler/urgency.js';
import { CallStage, watched } from './call-stage.js';

const stage = CallStage.perTest();

const sleep = (ms: number): Promise<void> => new Promise((resolve) => stage.host.time.setTimer(resolve, ms));

/** A callee that says what it does. */
function createApi() {
  return {
    run(name: string, costMs = 0) {
      stage.host.note(name);
      stage.host.costMs(costMs);
      return name;
    },
    async work(ms: number) {
      const { signal } = currentCall()!;
      signal.addEventListener('abort', () => stage.host.note(`aborted: ${String(signal.reason)}`));
      await sleep(ms);
      return 'done';
    },
  };
}

describe('signal', () => {
  it('rejects the call at once, also before anything was sent, and aborts that of the callee', async () => {
    const { remote } = stage.connect(createApi());
    const controller = new AbortController();
    const options = withOptions(remote, { signal: controller.signal });
    const under = watched(options.work(50));
    await stage.host.advance(10);
    const waiting = watched(options.run('never'));
    controller.abort('enough');
    await Promise.resolve();
    expect([under.error(), waiting.error()]).toEqual(['enough', 'enough']);
    await stage.host.runUntilIdle();
    expect(stage.host.takeLog()).toEqual(['aborted: enough']);
    expect(await stage.errorOf(options.run('late'))).toBe('enough');
  });

  it('touches no other call', async () => {
    const { remote } = stage.connect(createApi());
    const [one, two] = [new AbortController(), new AbortController()];
    const calls = [one, two].map(({ signal }) => watched(withOptions(remote, { signal }).work(50)));
    await stage.host.advance(10);
    one.abort('enough');
    await stage.host.runUntilIdle();
    expect([calls[0]!.error(), calls[1]!.value()]).toEqual(['enough', 'done']);
    expect(stage.host.takeLog()).toEqual(['aborted: enough']);
  });

  it('has no effect on a call that was answered', async () => {
    const { remote } = stage.connect(createApi());
    const controller = new AbortController();
    const done = watched(withOptions(remote, { signal: controller.signal }).run('x'));
    await stage.host.runUntilIdle();
    controller.abort();
    await stage.host.runUntilIdle();
    expect([done.value(), stage.host.takeLog()]).toEqual(['x', ['x']]);
  });

  it('may be that of the platform', async () => {
    const { remote } = stage.connect(createApi());
    const controller = new globalThis.AbortController();
    const under = watched(withOptions(remote, { signal: controller.signal }).work(10));
    await stage.host.advance(1);
    controller.abort();
    await stage.host.advance(1);
    expect(under.error()).toMatchObject({ name: 'AbortError' });
    expect(stage.host.takeLog()).toEqual([expect.stringContaining('aborted: AbortError')]);
  });
});

describe('timeoutMs', () => {
  it('counts from when the call begins, not from when it was made', async () => {
    const { remote } = stage.startWorker(createApi);
    const first = watched(remote.run('first', 500));
    const timed = watched(withOptions(remote, { timeoutMs: 100 }).work(80));
    await stage.host.runUntilIdle();
    expect([first.value(), timed.value()]).toEqual(['first', 'done']);
    stage.host.takeLog();
  });

  it('rejects with an error that says so, and aborts the callee', async () => {
    const { remote } = stage.startWorker(createApi);
    const timed = watched(withOptions(remote, { timeoutMs: 100 }).work(101));
    await stage.host.advance(99);
    expect(timed.state).toBe('pending');
    await stage.host.advance(2);
    expect(timed.error()).toMatchObject({
      name: 'LanesError',
      code: 'ERR_CALL_TIMEOUT',
      value: 100,
      message: 'the call of "work" did not end within 100 ms',
    });
    expect(stage.host.takeLog()).toEqual([expect.stringContaining('did not end within 100 ms')]);
    await stage.host.runUntilIdle();
  });

  it('does not count what the application was in the background for', async () => {
    const { remote } = stage.startWorker(() => ({ ...createApi(), wait: () => sleep(10_000_000) }));
    const timed = watched(withOptions(remote, { timeoutMs: 100 }).wait());
    await stage.host.advance(60);
    stage.host.hide();
    await stage.host.advance(1_800_000);
    stage.host.show();
    await stage.host.advance(39);
    expect(timed.state).toBe('pending');
    await stage.host.advance(2);
    expect(timed.error().code).toBe('ERR_CALL_TIMEOUT');
    await stage.host.runUntilIdle();
  });

  it('has one outcome where the answer comes as late as it may', async () => {
    for (const ms of [99, 100, 101]) {
      const { remote } = stage.connect(createApi());
      let settled = 0;
      const timed = withOptions(remote, { timeoutMs: 100 }).work(ms);
      timed.then(
        () => settled++,
        () => settled++,
      );
      await stage.host.runUntilIdle();
      expect(settled).toBe(1);
    }
    stage.host.takeLog();
  });
});

describe('waitTimeoutMs', () => {
  it('rejects a call that does not begin in time, which never runs', async () => {
    const { near, far } = stage.connect(createApi());
    const late = withOptions(service<ReturnType<typeof createApi>>('late', near), { waitTimeoutMs: 100 });
    const waiting = watched(late.run('waits'));
    await stage.host.advance(99);
    expect(waiting.state).toBe('pending');
    await stage.host.advance(1);
    expect(waiting.error()).toMatchObject({
      code: 'ERR_CALL_TIMEOUT',
      value: 100,
      message: 'the call of "run" did not begin within 100 ms',
    });
    provide('late', createApi(), far);
    expect(await stage.valueOf(late.run('in time'))).toBe('in time');
    expect(stage.host.takeLog()).toEqual(['in time']);
  });

  it('counts while there is no thread, in the foreground', async () => {
    const { remote, worker } = stage.startWorker(createApi, { start: 'lazy' });
    stage.host.failStarts(100);
    const waiting = watched(withOptions(remote, { waitTimeoutMs: 50 }).run('x'));
    await stage.host.advance(100);
    expect(worker.state).toBe('failed');
    expect(waiting.error().code).toBe('ERR_WORKER_START');
    const { near } = stage.connect(createApi());
    const { port1 } = new (await import('../../src/channel/message-port.js')).MessageChannel();
    const nobody = watched(withOptions(wrap<{ x(): void }>(port1), { waitTimeoutMs: 50 }).x());
    await stage.host.advance(30);
    stage.host.hide();
    await stage.host.advance(1000);
    stage.host.show();
    await stage.host.advance(19);
    expect(nobody.state).toBe('pending');
    await stage.host.advance(1);
    expect(nobody.error().code).toBe('ERR_CALL_TIMEOUT');
    expect(callStats(near).pending).toBe(0);
    port1.close();
  });

  it('ends when the call begins', async () => {
    const { remote } = stage.startWorker(createApi);
    const both = withOptions(remote, { waitTimeoutMs: 10, timeoutMs: 500 });
    expect(await stage.valueOf(both.work(400))).toBe('done');
  });
});

describe('priority', () => {
  it('orders what waits at a busy callee, first in, first out within one', async () => {
    const { remote } = stage.startWorker(createApi);
    await stage.host.runUntilIdle();
    const priorities = ['background', 'user-visible', 'user-blocking'] as const;
    const calls = [
      watched(remote.run('busy', 50)),
      ...priorities.flatMap((priority) =>
        [1, 2].map((n) => watched(withOptions(remote, { priority }).run(`${priority} ${n}`))),
      ),
    ];
    await stage.host.runUntilIdle();
    for (const each of calls) each.value();
    expect(stage.host.takeLog()).toEqual([
      'busy',
      'user-blocking 1',
      'user-blocking 2',
      'user-visible 1',
      'user-visible 2',
      'background 1',
      'background 2',
    ]);
  });

  it('orders the answers that wait at a busy caller', async () => {
    const { remote } = stage.startWorker(() => ({ echo: (text: string) => text }), { delayMs: 5 });
    await stage.host.runUntilIdle();
    for (const priority of ['background', 'user-visible', 'user-blocking'] as const)
      void withOptions(remote, { priority })
        .echo(priority)
        .then((text) => stage.host.note(text));
    await stage.host.runUntilIdle();
    expect(stage.host.takeLog()).toEqual(['user-blocking', 'user-visible', 'background']);
  });

  it('is user-blocking in a handler that answers the user, unless it is given', async () => {
    const { remote } = stage.startWorker(() => ({ priority: () => currentCall()!.priority }));
    const found = await stage.valueOf(
      Promise.all(
        runUrgently(() => [remote.priority(), withOptions(remote, { priority: 'background' }).priority()]),
      ),
    );
    expect(found).toEqual(['user-blocking', 'background']);
    expect(await stage.valueOf(remote.priority())).toBe('user-visible');
  });
});

describe('idempotent', () => {
  it('runs a call again in the next thread, up to three times', async () => {
    let runs = 0;
    const { remote } = stage.startWorker(
      (thread) => ({
        work(dies: number) {
          runs++;
          if (thread <= dies) stage.kill();
          return `thread ${thread}`;
        },
      }),
      { restart: { budget: 10 } },
    );
    const options = withOptions(remote, { idempotent: true });
    expect(await stage.valueOf(options.work(3))).toBe('thread 4');
    expect(runs).toBe(4);
    expect((await stage.errorOf(options.work(100))).code).toBe('ERR_WORKER_LOST');
    expect(runs).toBe(8);
    expect((await stage.errorOf(remote.work(100))).code).toBe('ERR_WORKER_LOST');
    expect(runs).toBe(9);
  });

  it('keeps a copy of what moves, which the next thread gets', async () => {
    const { remote } = stage.startWorker((thread) => ({
      size(buffer: ArrayBuffer) {
        if (thread === 1) stage.kill();
        return new Uint8Array(buffer)[1];
      },
    }));
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    const { transfer } = await import('../../src/rpc/marks.js');
    const size = withOptions(remote, { idempotent: true }).size(transfer(buffer, [buffer]));
    await stage.host.advance(0);
    expect(buffer.byteLength).toBe(0);
    expect(await stage.valueOf(size)).toBe(2);
  });

  it('counts timeoutMs anew for each run, and ends with its signal between two', async () => {
    const { remote } = stage.startWorker((thread) => ({
      async work() {
        await sleep(80);
        if (thread === 1) stage.kill();
        return thread;
      },
    }));
    const timed = withOptions(remote, { idempotent: true, timeoutMs: 100 });
    expect(await stage.valueOf(timed.work())).toBe(2);
    const controller = new AbortController();
    const aborted = watched(withOptions(timed, { signal: controller.signal }).work());
    await stage.host.advance(10);
    stage.kill();
    controller.abort('enough');
    await stage.host.runUntilIdle();
    expect(aborted.error()).toBe('enough');
  });

  it('does not save a call that brings a stream or a port, of which there is one', async () => {
    const { remote } = stage.startWorker(() => ({
      async read(stream: AsyncIterable<number>) {
        for await (const _ of stream) stage.kill();
      },
    }));
    async function* one(): AsyncGenerator<number> {
      yield 1;
    }
    const call = withOptions(remote, { idempotent: true }).read(one());
    expect((await stage.errorOf(call)).code).toBe('ERR_WORKER_LOST');
  });
});

describe('metadata', () => {
  it('reaches the callee beside the arguments, frozen where there is none', async () => {
    const { remote } = stage.startWorker(() => ({
      metadata: (..._args: unknown[]) => ({ ...currentCall()!.metadata }),
      isFrozen: () => Object.isFrozen(currentCall()!.metadata),
    }));
    const traced = withOptions(remote, { metadata: { trace: '00-ab', __proto__x: 'y' } });
    expect(await stage.valueOf(traced.metadata(1, 2))).toEqual({ trace: '00-ab', __proto__x: 'y' });
    expect(await stage.valueOf(remote.metadata())).toEqual({});
    expect(await stage.valueOf(remote.isFrozen())).toBe(true);
  });
});

describe('onProgress', () => {
  const progressing = () => ({
    async work(steps: number, each: number) {
      const { progress } = currentCall()!;
      for (let at = 1; at <= steps; at++) {
        progress(at);
        if (at % each === 0) await sleep(1);
      }
      return 'done';
    },
    escape() {
      const { progress } = currentCall()!;
      stage.host.time.setTimer(() => progress('late'), 50);
      return 'done';
    },
    bad() {
      currentCall()!.progress(() => 1);
      return 'done';
    },
  });

  it('hears of several in one slice the last, in order, and before the answer', async () => {
    for (const start of [
      () => stage.startWorker(progressing).remote,
      () => stage.connect(progressing()).remote,
    ]) {
      const remote = start();
      const heard: unknown[] = [];
      const work = withOptions(remote, { onProgress: (value) => heard.push(value) }).work(6, 2);
      void work.then((value) => heard.push(value));
      await stage.host.runUntilIdle();
      expect(heard).toEqual([2, 4, 6, 'done']);
    }
  });

  it('hears what was said last also where the answer comes with it', async () => {
    for (const start of [
      () => stage.startWorker(progressing).remote,
      () => stage.connect(progressing()).remote,
    ]) {
      const remote = start();
      const heard: unknown[] = [];
      const work = withOptions(remote, { onProgress: (value) => heard.push(value) }).work(3, 100);
      void work.then((value) => heard.push(value));
      await stage.host.runUntilIdle();
      expect(heard).toEqual([3, 'done']);
    }
  });

  it('hears nothing after the call is over: answered, or aborted', async () => {
    const { remote } = stage.startWorker(progressing);
    const heard: unknown[] = [];
    const onProgress = (value: unknown): void => void heard.push(value);
    expect(await stage.valueOf(withOptions(remote, { onProgress }).escape())).toBe('done');
    const controller = new AbortController();
    const aborted = watched(withOptions(remote, { onProgress, signal: controller.signal }).work(100, 1));
    await stage.host.advance(3);
    const before = heard.length;
    controller.abort('enough');
    await stage.host.runUntilIdle();
    expect([aborted.error(), heard.length]).toEqual(['enough', before]);
  });

  it('that throws is told to the host, and the call goes on', async () => {
    const { remote } = stage.startWorker(progressing);
    const onProgress = (): never => {
      throw new Error('in onProgress');
    };
    expect(await stage.valueOf(withOptions(remote, { onProgress }).work(1, 1))).toBe('done');
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ message: 'in onProgress' })]);
  });

  it('does not hear what cannot be cloned, of which the callee’s host is told', async () => {
    const { remote } = stage.startWorker(progressing);
    const heard: unknown[] = [];
    expect(await stage.valueOf(withOptions(remote, { onProgress: (v) => heard.push(v) }).bad())).toBe('done');
    expect(heard).toEqual([]);
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ name: 'DataCloneError' })]);
  });

  it('costs nothing where nobody listens', async () => {
    const { remote } = stage.startWorker(progressing);
    expect(await stage.valueOf(remote.work(3, 1))).toBe('done');
    expect(await stage.valueOf(remote.bad())).toBe('done');
  });
});

describe('withOptions', () => {
  it('adds up, the newer one winning, and changes neither the remote nor its other members', async () => {
    const { remote } = stage.connect({
      show: () => {
        const { priority, metadata } = currentCall()!;
        return [priority, { ...metadata }];
      },
      inner: { show: () => currentCall()!.priority },
    });
    const urgent = withOptions(remote, { priority: 'user-blocking', metadata: { a: '1' } });
    const both = withOptions(urgent, { metadata: { b: '2' } });
    expect(await stage.valueOf(both.show())).toEqual(['user-blocking', { b: '2' }]);
    expect(await stage.valueOf(urgent.show())).toEqual(['user-blocking', { a: '1' }]);
    expect(await stage.valueOf(remote.show())).toEqual(['user-visible', {}]);
    expect(await stage.valueOf(urgent.inner.show())).toBe('user-blocking');
    expect(await stage.valueOf(withOptions(remote.inner, { priority: 'background' }).show())).toBe(
      'background',
    );
    expect(await stage.valueOf(withOptions(remote.inner.show, { priority: 'background' })())).toBe(
      'background',
    );
    expect(await stage.valueOf(call(urgent, 'inner.show'))).toBe('user-blocking');
  });

  it('holds for properties and classes as well', async () => {
    const controller = new AbortController();
    controller.abort('enough');
    const { remote } = stage.connect({
      value: 1,
      Thing: class {
        n = 1;
      },
    });
    const options = withOptions(remote, { signal: controller.signal });
    expect(await stage.errorOf(options.value as unknown as Promise<number>)).toBe('enough');
    expect(await stage.errorOf(new options.Thing())).toBe('enough');
  });

  it.each<[string, unknown, object]>([
    ['a signal', { signal: {} }, { name: 'TypeError' }],
    ['a priority', { priority: 'urgent' }, { name: 'TypeError', code: 'ERR_UNKNOWN_PRIORITY' }],
    ['a function', { onProgress: 5 }, { name: 'TypeError' }],
    ['a time-out', { timeoutMs: 0 }, { code: 'ERR_INVALID_ARGUMENT', value: 0 }],
    ['a time-out', { timeoutMs: Number.NaN }, { code: 'ERR_INVALID_ARGUMENT' }],
    ['a time-out', { timeoutMs: '5' }, { code: 'ERR_INVALID_ARGUMENT', value: '5' }],
    ['a time-out', { waitTimeoutMs: -1 }, { code: 'ERR_INVALID_ARGUMENT', value: -1 }],
    ['metadata', { metadata: { a: 1 } }, { code: 'ERR_INVALID_ARGUMENT' }],
    ['metadata', { metadata: 'text' }, { code: 'ERR_INVALID_ARGUMENT' }],
    ['metadata', { metadata: { a: 'x'.repeat(1025) } }, { code: 'ERR_INVALID_ARGUMENT' }],
    [
      'metadata',
      { metadata: Object.fromEntries([...Array(65).keys()].map((n) => [n, ''])) },
      { code: 'ERR_INVALID_ARGUMENT' },
    ],
    ['options', 5, { name: 'TypeError' }],
  ])('refuses what is not %s: %j', (_what, options, expected) => {
    const { remote } = stage.connect(createApi());
    expect(() => withOptions(remote, options as CallOptions)).toThrow(
      expect.objectContaining(expected) as Error,
    );
  });

  it('refuses what is no remote', () => {
    for (const other of [{}, null, undefined, 5, () => 1])
      expect(() => withOptions(other as object, {})).toThrow(TypeError);
  });

  it('takes what is as large as it may be', async () => {
    const { remote } = stage.connect({ count: () => Object.keys(currentCall()!.metadata).length });
    const metadata = Object.fromEntries([...Array(64).keys()].map((n) => [n, 'x'.repeat(1024)]));
    expect(await stage.valueOf(withOptions(remote, { metadata, timeoutMs: Infinity }).count())).toBe(64);
  });
});

it('the options of a call hold on both sides of an endpoint', async () => {
  const { near, far } = stage.connect(createApi());
  expose({ priority: () => currentCall()!.priority }, near);
  const back = withOptions(wrap<{ priority(): string }>(far), { priority: 'background' });
  expect(await stage.valueOf(back.priority())).toBe('background');
});
