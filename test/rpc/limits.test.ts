import { describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import { AbortController } from '../../src/core/abort.js';
import { expose, provide } from '../../src/rpc/expose.js';
import { proxy } from '../../src/rpc/marks.js';
import { release, withOptions } from '../../src/rpc/remote.js';
import { callStats, service, wrap } from '../../src/rpc/wrap.js';
import type { CallLimits } from '../../src/rpc/call-options.js';
import { CallStage, collect, deferred, watched } from './call-stage.js';

const stage = CallStage.perTest();

/** A callee with some limits, a caller with others. */
function connect(callee: Partial<CallLimits>, caller: Partial<CallLimits> = {}) {
  const { promise, resolve } = deferred<string>();
  const api = {
    wait: (..._given: unknown[]) => promise,
    read: (...streams: AsyncIterable<number>[]) => Promise.all(streams.map(collect)),
    open: () => proxy({ a: 1 }),
    openTwo: () => ({ a: proxy({}), b: proxy({}) }),
    count: (end: number) => numbers(end),
    countTwice: (end: number) => ({ a: numbers(end), b: numbers(end) }),
    ping: () => 'pong',
  };
  const { port1, port2 } = new MessageChannel();
  stage.watch(port1);
  stage.watch(port2);
  expose(api, port2, { limits: callee });
  return { remote: wrap<typeof api>(port1, { limits: caller }), near: port1, far: port2, resolve };
}

async function* numbers(end: number): AsyncGenerator<number> {
  for (let n = 0; n < end; n++) yield Promise.resolve(n);
}

const limitOf = (value: number) => ({ name: 'LanesError', code: 'ERR_CALL_LIMIT', value });

describe('maxCalls', () => {
  it.each<[string, Partial<CallLimits>, Partial<CallLimits>]>([
    ['the caller', {}, { maxCalls: 3 }],
    ['the callee', { maxCalls: 3 }, {}],
  ])(
    'of %s lets as many be under way, and one more rejects, which harms no other',
    async (_who, callee, caller) => {
      const { remote, resolve } = connect(callee, caller);
      const calls = [1, 2, 3].map(() => watched(remote.wait()));
      await stage.host.runUntilIdle();
      expect(await stage.errorOf(remote.wait())).toMatchObject(limitOf(3));
      resolve('done');
      await stage.host.runUntilIdle();
      expect(calls.map((each) => each.value())).toEqual(['done', 'done', 'done']);
      expect(await stage.valueOf(remote.ping())).toBe('pong');
    },
  );

  it('counts calls that wait for a service, and forgets those that were aborted', async () => {
    const { near, far } = connect({ maxCalls: 2 });
    const controller = new AbortController();
    const late = service<{ ping(): string }>('late', near);
    const [aborted, kept] = [
      watched(withOptions(late, { signal: controller.signal }).ping()),
      watched(late.ping()),
    ];
    await stage.host.advance(1);
    const refused = watched(late.ping());
    await stage.host.advance(1);
    expect(refused.error()).toMatchObject(limitOf(2));
    controller.abort('enough');
    const third = watched(late.ping());
    await stage.host.advance(1);
    provide('late', { ping: () => 'late pong' }, far);
    await stage.host.runUntilIdle();
    expect([aborted.error(), kept.value(), third.value()]).toEqual(['enough', 'late pong', 'late pong']);
  });

  it('may be 0', async () => {
    const { remote } = connect({}, { maxCalls: 0 });
    expect(await stage.errorOf(remote.ping())).toMatchObject(limitOf(0));
  });
});

describe('maxCallbacks', () => {
  const fn = (): number => 1;

  it('of the caller lets as many be held, of functions and proxies, and a call with one more rejects', async () => {
    const { remote, near, resolve } = connect({}, { maxCallbacks: 3 });
    const held = watched(remote.wait(fn, { fn }, proxy({})));
    await stage.host.runUntilIdle();
    expect(callStats(near).callbacks).toBe(3);
    expect(await stage.errorOf(remote.wait(fn))).toMatchObject(limitOf(3));
    expect(await stage.errorOf(remote.wait(proxy({}), fn))).toMatchObject(limitOf(3));
    expect(callStats(near)).toMatchObject({ callbacks: 3, pending: 1 });
    resolve('done');
    await stage.host.runUntilIdle();
    held.value();
    // The proxy is held on: nobody released it.
    expect(callStats(near).callbacks).toBe(1);
    near.close();
  });

  it('of the callee lets as many results be held, and rejects the call of one more', async () => {
    const { remote, far } = connect({ maxCallbacks: 2 });
    const [one, two] = [await stage.valueOf(remote.open()), await stage.valueOf(remote.open())];
    expect(await stage.errorOf(remote.open())).toMatchObject(limitOf(2));
    expect(callStats(far).callbacks).toBe(2);
    release(one);
    await stage.host.runUntilIdle();
    expect(await stage.errorOf(remote.openTwo())).toMatchObject(limitOf(2));
    expect(callStats(far).callbacks).toBe(1);
    const three = await stage.valueOf(remote.open());
    release(two);
    release(three);
    await stage.host.runUntilIdle();
  });
});

describe('maxStreams', () => {
  it('of the caller lets as many be written, and a call with one more rejects', async () => {
    const { remote, near } = connect({}, { maxStreams: 2 });
    expect(await stage.valueOf(remote.read(numbers(3), numbers(2)))).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
    expect(await stage.errorOf(remote.read(numbers(1), numbers(1), numbers(1)))).toMatchObject(limitOf(2));
    expect(callStats(near)).toMatchObject({ streams: 0, pending: 0 });
  });

  it('of the callee lets as many be read, and rejects a call with one more', async () => {
    const { remote, near, far } = connect({ maxStreams: 2 });
    expect(await stage.valueOf(remote.read(numbers(1), numbers(1)))).toEqual([[0], [0]]);
    expect(await stage.errorOf(remote.read(numbers(1), numbers(1), numbers(1)))).toMatchObject(limitOf(2));
    expect([callStats(near).streams, callStats(far).streams]).toEqual([0, 0]);
  });

  it.each<[string, Partial<CallLimits>, Partial<CallLimits>]>([
    ['the caller', {}, { maxStreams: 1 }],
    ['the callee', { maxStreams: 1 }, {}],
  ])(
    'of %s lets as many results be streams, and rejects the call of one more',
    async (_who, callee, caller) => {
      const { remote, near, far } = connect(callee, caller);
      const first = (await stage.valueOf(remote.count(5))) as AsyncGenerator<number>;
      expect(await stage.errorOf(remote.count(5))).toMatchObject(limitOf(1));
      expect([callStats(near).streams, callStats(far).streams]).toEqual([1, 1]);
      expect(await stage.valueOf(collect(first))).toEqual([0, 1, 2, 3, 4]);
      expect(await stage.errorOf(remote.countTwice(5))).toMatchObject(limitOf(1));
      expect([callStats(near).streams, callStats(far).streams]).toEqual([0, 0]);
      const again = (await stage.valueOf(remote.count(1))) as AsyncGenerator<number>;
      expect(await stage.valueOf(collect(again))).toEqual([0]);
    },
  );
});

describe('limits', () => {
  it('are 65,536 calls and callbacks, and 1,024 streams, unless they are given', async () => {
    const { remote, near } = connect({});
    const streams: AsyncGenerator<number>[] = [];
    for (let n = 0; n < 1024; n++)
      streams.push((await stage.valueOf(remote.count(1))) as AsyncGenerator<number>);
    expect(await stage.errorOf(remote.count(1))).toMatchObject(limitOf(1024));
    for (const stream of streams) void stream.return(undefined);
    await stage.host.runUntilIdle();
    const { port1 } = new MessageChannel();
    const nobody = wrap<{ x(f?: () => void): void }>(port1);
    const calls = Array.from({ length: 65_536 }, () => watched(nobody.x()));
    expect(await stage.errorOf(nobody.x())).toMatchObject(limitOf(65_536));
    port1.close();
    await stage.host.runUntilIdle();
    expect(calls.every(({ state }) => state === 'rejected')).toBe(true);
    expect(callStats(near).pending).toBe(0);
  });

  it('are those of an endpoint, whoever named them last', async () => {
    const { near } = connect({});
    wrap(near, { limits: { maxCalls: 1 } });
    const remote = wrap<{ ping(): string }>(near);
    const calls = [watched(remote.ping()), watched(remote.ping())];
    await stage.host.runUntilIdle();
    expect([calls[0]!.value(), calls[1]!.error().code]).toEqual(['pong', 'ERR_CALL_LIMIT']);
  });

  it.each([[{ maxCalls: -1 }], [{ maxCallbacks: '5' }], [{ maxStreams: Number.NaN }], [5]])(
    'must be counts: %j',
    (limits) => {
      const { port1 } = new MessageChannel();
      for (const use of [
        () => wrap(port1, { limits } as never),
        () => expose({}, port1, { limits } as never),
        () => provide('x', {}, port1, { limits } as never),
        () => service('x', port1, { limits } as never),
      ])
        expect(use).toThrow();
      port1.close();
    },
  );
});
