import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { AbortController, AbortSignal } from '../../src/core/abort.js';
import { DOMException } from '../../src/core/dom-exception.js';
import { LanesError } from '../../src/core/errors.js';
import { expose } from '../../src/rpc/expose.js';
import { proxy, transfer } from '../../src/rpc/marks.js';
import type { ProxyMarked } from '../../src/rpc/marks.js';
import { release } from '../../src/rpc/remote.js';
import { wrap } from '../../src/rpc/wrap.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  host.assertClean();
  uninstall();
});

class Counter {
  constructor(private count = 0) {}
  add(n: number): number {
    return (this.count += n);
  }
}

class TeapotError extends Error {
  readonly code = 'E_TEAPOT';
  readonly temperature = 90;
  override readonly name = 'TeapotError';
}

function createApi() {
  return {
    version: 3,
    settings: { theme: 'light' },
    math: { add: (a: number, b: number) => a + b, deep: { twice: (n: number) => n * 2 } },
    Counter,
    counter: new Counter(10),
    echo: <T>(value: T): T => value,
    later: async (value: string) => {
      await Promise.resolve();
      return value;
    },
    fail() {
      throw new TeapotError('short and stout', { cause: new RangeError('handle') });
    },

    throwValue: () => {
      throw { plain: true };
    },
    reject: () => Promise.reject(new DOMException('no such thing', 'NotFoundError')),
    notCloneable: () => ({ rows: [{ onTap: () => 1 }] }),
    async each(items: string[], onItem: (item: string, at: number) => Promise<string> | string) {
      const answers: string[] = [];
      for (const [at, item] of items.entries()) answers.push(await onItem(item, at));
      return answers;
    },
    kept: null as ((n: number) => Promise<string>) | null,
    keep(callback: (n: number) => Promise<string>) {
      this.kept = callback;
    },
    useKept(n: number) {
      return this.kept?.(n);
    },
    wait: ({ signal }: { signal: AbortSignal }) =>
      new Promise<void>((_, reject) => {
        host.note('waiting');
        signal.addEventListener('abort', () => {
          host.note(`callee: ${String(signal.reason)}`);
          reject(signal.reason as Error);
        });
      }),
    live: () => proxy({ ping: () => 'pong' }) as { ping(): string } & ProxyMarked,
    size: (buffer: ArrayBuffer) => buffer.byteLength,
    makeBuffer() {
      const buffer = new Uint8Array([1, 2, 3]).buffer;
      return transfer(buffer, [buffer]);
    },
    talk(port: MessagePort) {
      port.postMessage('hello');
    },
  };
}

type Api = ReturnType<typeof createApi>;

function connect() {
  const { port1, port2 } = new MessageChannel();
  const api = createApi();
  const stop = expose(api, port2);
  return { api, remote: wrap<Api>(port1), port1, port2, stop };
}

function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** What a promise comes to, in virtual time. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  const settled = outcomeOf(promise);
  await host.runUntilIdle();
  return Promise.race([settled, Promise.resolve('pending')]);
}

async function valueOf(promise: Promise<unknown>): Promise<unknown> {
  const got = (await outcome(promise)) as { value: unknown };
  expect(got).toHaveProperty('value');
  return got.value;
}

async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: unknown }> {
  const got = (await outcome(promise)) as { error: Error };
  expect(got).toHaveProperty('error');
  return got.error;
}

describe('a remote', () => {
  it('calls functions at any depth, with what was cloned', async () => {
    const { remote } = connect();
    expect(await valueOf(remote.math.add(1, 2))).toBe(3);
    expect(await valueOf(remote.math.deep.twice(4))).toBe(8);
    expect(await valueOf(remote.later('x'))).toBe('x');
    expect(await valueOf(remote.echo(new Map([['a', new Date(0)]])))).toEqual(new Map([['a', new Date(0)]]));
    expect(await valueOf(remote.echo(undefined))).toBe(undefined);
  });

  it('reads and sets properties, and constructs classes', async () => {
    const { api, remote } = connect();
    expect(await valueOf(Promise.resolve(remote.version))).toBe(3);
    expect(await valueOf(Promise.resolve(remote.settings))).toEqual({ theme: 'light' });
    (remote.settings as unknown as { theme: string }).theme = 'dark';
    await host.runUntilIdle();
    expect(api.settings.theme).toBe('dark');
    const counter = (await valueOf(new remote.Counter(5))) as { add(n: number): Promise<number> };
    expect(await valueOf(counter.add(2))).toBe(7);
    expect(await valueOf(remote.counter.add(1))).toBe(11);
  });

  it('can be awaited and passed through promises as itself', async () => {
    const { remote } = connect();
    const same = await Promise.resolve(remote);
    expect(await valueOf(same.math.add(1, 1))).toBe(2);
  });

  it('knows call, apply and bind', async () => {
    const { remote } = connect();
    expect(await valueOf(remote.math.add.call(null, 1, 2) as never)).toBe(3);
    expect(await valueOf(remote.math.add.apply(null, [1, 3]) as never)).toBe(4);
    expect(await valueOf((remote.math.add.bind(null) as typeof remote.math.add)(2, 3))).toBe(5);
  });

  it('reaches own members and those of classes, and nothing else', async () => {
    const { remote } = connect();
    const paths = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'missing'];
    for (const path of paths) {
      const call = (remote as unknown as Record<string, () => Promise<unknown>>)[
        path
      ] as () => Promise<unknown>;
      expect((await errorOf(call())).code, path).toBe('ERR_CALL_NOT_FOUND');
    }
    const nested = remote as unknown as { echo: { constructor(code: string): Promise<unknown> } };
    expect((await errorOf(nested.echo.constructor('return 1'))).code).toBe('ERR_CALL_NOT_FOUND');
    expect((await errorOf((remote as unknown as { version(): Promise<unknown> }).version())).code).toBe(
      'ERR_CALL_NOT_FOUND',
    );
  });
});

describe('errors', () => {
  it('keep name, message, code, own fields, stack and cause', async () => {
    const { remote } = connect();
    const error = await errorOf(remote.fail());
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'TeapotError',
      message: 'short and stout',
      code: 'E_TEAPOT',
      temperature: 90,
    });
    expect(error.stack).toMatch(/calls\.test/);
    expect(error.cause).toBeInstanceOf(RangeError);
    expect((error.cause as Error).message).toBe('handle');
  });

  it('keep what was thrown and is no error, and DOMExceptions as such', async () => {
    const { remote } = connect();
    expect(await errorOf(remote.throwValue() as never)).toEqual({ plain: true });
    const error = await errorOf(remote.reject() as never);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: 'NotFoundError', code: 8 });
  });

  it('say where an argument or a result cannot be cloned', async () => {
    const { remote } = connect();
    expect(await errorOf(remote.echo({ a: [{ b: () => 1 }] }))).toMatchObject({ name: 'DataCloneError' });
    const result = await errorOf(remote.notCloneable() as never);
    expect(result.name).toBe('DataCloneError');
    expect(result.message).toMatch(/rows\[0\]\.onTap/);
  });
});

describe('callbacks', () => {
  it('are called across, and answer', async () => {
    const { remote } = connect();
    const answers = await valueOf(remote.each(['a', 'b'], (item, at) => `${item}${at}`));
    expect(answers).toEqual(['a0', 'b1']);
  });

  it('end with the call', async () => {
    const { api, remote } = connect();
    await valueOf(remote.keep((n) => Promise.resolve(`got ${n}`)) as never);
    expect((await errorOf(remote.useKept(1) as never)).code).toBe('ERR_CALL_RELEASED');
    expect(api.kept).not.toBeNull();
  });

  it('live on where proxy() says so, until they are released', async () => {
    const { api, remote } = connect();
    await valueOf(remote.keep(proxy((n: number) => Promise.resolve(`got ${n}`))) as never);
    expect(await valueOf(remote.useKept(1) as never)).toBe('got 1');
    release(api.kept as object);
    expect((await errorOf(remote.useKept(2) as never)).code).toBe('ERR_CALL_RELEASED');
  });
});

describe('cancelling', () => {
  it('rejects the caller at once and aborts the signal of the callee', async () => {
    const { remote } = connect();
    const controller = new AbortController();
    const call = errorOf(remote.wait({ signal: controller.signal }));
    await host.runUntilIdle();
    controller.abort();
    const error = await call;
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(host.takeLog()).toEqual(['waiting', expect.stringContaining('callee: AbortError')]);
  });

  it('never touches another call, and sends nothing where the signal was aborted before', async () => {
    const { remote } = connect();
    const controller = new AbortController();
    const cancelled = errorOf(remote.wait({ signal: controller.signal }));
    const other = remote.later('fine');
    controller.abort('enough');
    expect(await cancelled).toBe('enough');
    expect(await valueOf(other)).toBe('fine');
    host.takeLog();
    expect(await errorOf(remote.wait({ signal: AbortSignal.abort('before') }))).toBe('before');
    expect(host.takeLog()).toEqual([]);
  });

  it('accepts native signals', async () => {
    const { remote } = connect();
    const controller = new globalThis.AbortController();
    const call = errorOf(remote.wait({ signal: controller.signal as unknown as AbortSignal }));
    await host.runUntilIdle();
    controller.abort(new Error('native'));
    expect(await call).toMatchObject({ message: 'native' });
    host.takeLog();
  });
});

describe('objects that stay', () => {
  it('are remotes at the other side', async () => {
    const { remote } = connect();
    const live = (await valueOf(remote.live())) as { ping(): Promise<string> };
    expect(await valueOf(live.ping())).toBe('pong');
    release(live);
    expect((await errorOf(live.ping())).code).toBe('ERR_CALL_RELEASED');
  });

  it('buffers and ports move with transfer()', async () => {
    const { remote } = connect();
    const buffer = new ArrayBuffer(8);
    expect(await valueOf(remote.size(transfer(buffer, [buffer])))).toBe(8);
    expect(await valueOf(remote.makeBuffer())).toEqual(new Uint8Array([1, 2, 3]).buffer);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => host.note(String(event.data));
    await valueOf(remote.talk(transfer(port2, [port2])));
    expect(host.takeLog()).toEqual(['hello']);
  });
});

describe('the end', () => {
  it('rejects what is pending when the other end closes, and what comes after', async () => {
    const { remote, port2 } = connect();
    const pending = errorOf(remote.wait({ signal: new AbortController().signal }));
    await host.runUntilIdle();
    port2.close();
    expect(await pending).toMatchObject({ code: 'ERR_PORT_CLOSED' });
    expect(await errorOf(remote.math.add(1, 2))).toMatchObject({ code: 'ERR_PORT_CLOSED' });
    host.takeLog();
  });

  it('comes by release(): pending calls reject, and the callee hears of it', async () => {
    const { remote } = connect();
    const pending = errorOf(remote.wait({ signal: new AbortController().signal }));
    await host.runUntilIdle();
    release(remote);
    release(remote);
    expect(await pending).toMatchObject({ code: 'ERR_CALL_RELEASED' });
    expect(await errorOf(remote.math.add(1, 2))).toMatchObject({ code: 'ERR_CALL_RELEASED' });
    expect(host.takeLog()).toEqual(['waiting', expect.stringContaining('callee:')]);
    expect(() => release({})).toThrow(TypeError);
  });

  it('comes by stopping what was exposed', async () => {
    const { remote, stop } = connect();
    const pending = errorOf(remote.wait({ signal: new AbortController().signal }));
    await host.runUntilIdle();
    stop();
    expect(await pending).toMatchObject({ code: 'ERR_CALL_RELEASED' });
    host.takeLog();
  });
});

describe('an endpoint', () => {
  it('may be shared by other messages and other sessions', async () => {
    const { port1, port2 } = new MessageChannel();
    expose({ name: () => 'here' }, port1);
    expose({ name: () => 'there' }, port2);
    const [there, here] = [wrap<{ name(): string }>(port1), wrap<{ name(): string }>(port2)];
    port2.addEventListener('message', () => host.note('heard'));
    port1.postMessage({ unrelated: true });
    port1.postMessage({ mpLanesCall: 'nonsense' });
    port1.postMessage({ mpLanesCall: ['unknown', 'done', 1, [1], []] });
    port1.postMessage({ mpLanesCall: ['unknown', 'call', 1, 99, ['x'], [], []] });
    expect(await valueOf(there.name())).toBe('there');
    expect(await valueOf(here.name())).toBe('here');
    expect(host.takeLog().length).toBeGreaterThan(3);
  });

  it('must be one', () => {
    expect(() => wrap({} as never)).toThrow(TypeError);
    expect(() => expose(5 as never, new MessageChannel().port1)).toThrow(TypeError);
    expect(() => expose({}, null as never)).toThrow(TypeError);
  });

  it('may be a native MessagePort', async () => {
    const { port1, port2 } = new globalThis.MessageChannel();
    expose({ add: (a: number, b: number) => a + b }, port1 as never);
    const remote = wrap<{ add(a: number, b: number): number }>(port2 as never);
    // Messages of a native port come in real turns; what they start is tasks of the host in force.
    const settled = async (promise: Promise<unknown>): Promise<unknown> => {
      let over = false;
      const got = outcomeOf(promise).finally(() => (over = true));
      while (!over) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        await host.runUntilIdle();
      }
      return got;
    };
    expect(await settled(remote.add(2, 2))).toEqual({ value: 4 });
    const missing = (remote as unknown as { nope(): Promise<unknown> }).nope();
    expect(await settled(missing)).toEqual({ error: expect.any(LanesError) as unknown });
    port1.close();
    await host.runUntilIdle();
  });
});
