import type * as exposeModule from '../../src/rpc/expose.js';
import type * as remoteModule from '../../src/rpc/remote.js';
import type * as wrapModule from '../../src/rpc/wrap.js';
import type { VirtualHost } from '../../src/testing.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { proxy } from '../../src/rpc/marks.js';
import { call, release, withOptions } from '../../src/rpc/remote.js';
import { wrap } from '../../src/rpc/wrap.js';
import { CallStage, watched } from './call-stage.js';

const stage = CallStage.perTest();

function createApi() {
  return {
    add: (a: number, b: number) => a + b,
    filters: {
      apply: (image: string, strength = 1) => `applied to ${image}, ${strength}`,
      call: (number: string) => `called ${number}`,
      bind: (key: string) => `bound to ${key}`,
    },
    deep: { er: { name: () => 'deeper', value: [1] } },
    'with.dot': () => 'dotted',
    '': () => 'empty',
    note: (text: string) => stage.host.note(text),
  };
}

describe('a remote', () => {
  it('is not a promise, nor JSON, nor anything with symbols', async () => {
    const { remote } = stage.connect(createApi());
    expect(await Promise.resolve(remote)).toBe(remote);
    expect(JSON.stringify({ remote })).toBe('{}');
    expect((remote as unknown as Record<symbol, unknown>)[Symbol.iterator]).toBeUndefined();
    expect(() => ((remote as unknown as Record<symbol, unknown>)[Symbol('s')] = 1)).toThrow(TypeError);
    expect(typeof remote).toBe('function');
  });

  it('gives the same member each time, which can be kept and called', async () => {
    const { remote } = stage.connect(createApi());
    expect(remote.deep.er.name).toBe(remote.deep.er.name);
    const { add } = remote;
    expect(await stage.valueOf(Promise.all([add(1, 2), add(3, 4)]))).toEqual([3, 7]);
    expect(await stage.valueOf(remote.deep.er.value as unknown as Promise<number[]>)).toEqual([1]);
    expect(
      await stage.valueOf((remote as unknown as Record<string, () => Promise<string>>)['with.dot']!()),
    ).toBe('dotted');
    expect(await stage.valueOf((remote as unknown as Record<string, () => Promise<string>>)['']!())).toBe(
      'empty',
    );
  });

  it('knows call, apply and bind of functions, and methods of these names', async () => {
    const { remote } = stage.connect(createApi());
    const { add, filters } = remote;
    expect(await stage.valueOf(add.call(null as never, 1, 2))).toBe(3);
    expect(await stage.valueOf(add.call(remote as never, 1, 3))).toBe(4);
    expect(await stage.valueOf(add.apply(undefined as never, [2, 3]))).toBe(5);
    expect(await stage.valueOf((add.bind(null as never) as typeof add)(2, 4))).toBe(6);
    expect(await stage.valueOf(filters.apply('cat.png', 2))).toBe('applied to cat.png, 2');
    expect(await stage.valueOf(filters.apply('dog.png'))).toBe('applied to dog.png, 1');
    expect(await stage.valueOf(filters.call('112'))).toBe('called 112');
    expect(await stage.valueOf(filters.bind('key'))).toBe('bound to key');
  });

  it('tells what a set came to where it fails, without being asked', async () => {
    const { remote } = stage.connect({ frozen: Object.freeze({ a: 1 }) });
    (remote.frozen as unknown as { a: number }).a = 2;
    await stage.host.runUntilIdle();
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ name: 'TypeError' })]);
  });

  it('rejects what is called after its release, and what was under way', async () => {
    const { remote, near } = stage.connect({
      never: () =>
        new Promise<never>((_, reject) => stage.host.time.setTimer(() => reject(new Error('late')), 20)),
    });
    const other = wrap<{ never(): void }>(near);
    const [under, others] = [watched(remote.never()), watched(other.never())];
    await stage.host.advance(1);
    release(remote);
    release(remote);
    await stage.host.advance(1);
    expect(under.error().code).toBe('ERR_CALL_RELEASED');
    expect(others.state).toBe('pending');
    expect((await stage.errorOf(remote.never())).code).toBe('ERR_CALL_RELEASED');
    await stage.host.runUntilIdle();
    expect(others.error().message).toBe('late');
  });

  it('is released by any of its members, and by one with options', async () => {
    const { remote } = stage.connect({ open: () => proxy({ inner: { name: () => 'x' } }) });
    for (const part of [
      (r: object) => r,
      (r: object) => withOptions(r, {}),
      (r: object) => (r as { inner: object }).inner,
    ]) {
      const opened = await stage.valueOf(remote.open());
      release(part(opened));
      expect((await stage.errorOf(opened.inner.name())).code).toBe('ERR_CALL_RELEASED');
    }
  });

  it('is what release, withOptions and call take, and nothing else', () => {
    for (const other of [{}, null, undefined, 5, () => 1]) {
      expect(() => release(other as object)).toThrow(TypeError);
      expect(() => withOptions(other as object, {})).toThrow(TypeError);
      expect(() => call(other as object, 'x')).toThrow(TypeError);
    }
  });
});

describe('call()', () => {
  it('calls by name, with dots between members', async () => {
    const { remote } = stage.connect(createApi());
    expect(await stage.valueOf(call(remote, 'add', 1, 2))).toBe(3);
    expect(await stage.valueOf(call(remote, 'deep.er.name'))).toBe('deeper');
    expect(await stage.valueOf(call(remote.deep as object, 'er.name'))).toBe('deeper');
    expect(await stage.valueOf(call(remote, 'filters.apply', null))).toBe('applied to null, 1');
    for (const name of ['', 5, undefined])
      expect(() => call(remote, name as string)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
      );
  });
});

describe('where an engine has no Proxy', () => {
  let fresh: {
    remote: typeof remoteModule;
    wrap: typeof wrapModule;
    expose: typeof exposeModule;
  };
  let close: () => void;
  let host: VirtualHost;

  beforeEach(async () => {
    vi.stubGlobal('Proxy', undefined);
    vi.resetModules();
    const testing = await import('../../src/testing.js');
    host = testing.createVirtualHost();
    close = host.install();
    fresh = {
      remote: await import('../../src/rpc/remote.js'),
      wrap: await import('../../src/rpc/wrap.js'),
      expose: await import('../../src/rpc/expose.js'),
    };
    vi.unstubAllGlobals();
  });

  afterEach(() => {
    host.assertClean();
    close();
    vi.resetModules();
  });

  async function connected(api: object): Promise<object> {
    const { MessageChannel } = await import('../../src/channel/message-port.js');
    const { port1, port2 } = new MessageChannel();
    fresh.expose.expose(api, port2);
    return fresh.wrap.wrap(port1) as object;
  }

  async function valueOf(promise: Promise<unknown>): Promise<unknown> {
    const outcome = watched(promise);
    await host.runUntilIdle();
    return outcome.value();
  }

  it('call() calls, also with options, and an exposed function is called as one', async () => {
    const remote = await connected({ add: (a: number, b: number) => a + b, deep: { name: () => 'deep' } });
    expect(await valueOf(fresh.remote.call(remote, 'add', 1, 2))).toBe(3);
    expect(await valueOf(fresh.remote.call(remote, 'deep.name'))).toBe('deep');
    const urgent = fresh.remote.withOptions(remote, { priority: 'user-blocking' });
    expect(await valueOf(fresh.remote.call(urgent, 'add', 2, 2))).toBe(4);
    const fn = (await connected((n: number) => 2 * n)) as (n: number) => Promise<number>;
    expect(await valueOf(fn(4))).toBe(8);
    fresh.remote.release(remote);
    const late = watched(fresh.remote.call(remote, 'add', 1, 1));
    await host.runUntilIdle();
    expect(late.error().code).toBe('ERR_CALL_RELEASED');
  });

  it('callbacks are called as ever', async () => {
    const remote = await connected({
      each: async (items: number[], f: (n: number) => Promise<number>) => f(items[0]!),
    });
    expect(await valueOf(fresh.remote.call(remote, 'each', [20], (n: number) => n + 1))).toBe(21);
  });
});
