import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { registerType } from '../../src/codec/registered-types.js';
import { AbortController } from '../../src/core/abort.js';
import { DOMException } from '../../src/core/dom-exception.js';
import { LanesError } from '../../src/core/errors.js';
import { WorkerLostError, WorkerStartError } from '../../src/core/worker-errors.js';
import { withOptions } from '../../src/rpc/remote.js';
import { CallStage, watched } from './call-stage.js';
import { throwRange } from './thrower.js';

const stage = CallStage.perTest();

/** What a call rejects with whose callee throws what `create` makes. */
async function thrown(create: () => unknown): Promise<unknown> {
  const { remote } = stage.connect({
    fail() {
      throw create();
    },
    failLater: () => Promise.reject(create()),
  });
  const [at, later] = [watched(remote.fail()), watched(remote.failLater())];
  await stage.host.runUntilIdle();
  expect(at.error()).toEqual(later.error());
  return at.error();
}

class NotEnough extends Error {
  override readonly name = 'NotEnough';
  constructor(readonly missing: number) {
    super(`${missing} are missing`);
  }
}

describe('an error of the callee', () => {
  it.each([[EvalError], [RangeError], [ReferenceError], [SyntaxError], [TypeError], [URIError], [Error]])(
    'keeps its class where the language has it: %o',
    async (type) => {
      const error = (await thrown(() => new type('why'))) as Error;
      expect(Object.getPrototypeOf(error)).toBe(type.prototype);
      expect(error).toMatchObject({ name: type.name, message: 'why' });
      expect(Object.keys(error)).toEqual([]);
    },
  );

  it('of a class that was registered is an instance of it, at any place in the chain of causes', async () => {
    const forget = registerType('NotEnough', {
      type: NotEnough,
      serialize: ({ missing }) => missing,
      deserialize: (missing) => new NotEnough(missing),
    });
    const error = (await thrown(() => new NotEnough(3))) as NotEnough;
    expect(error).toBeInstanceOf(NotEnough);
    expect(error.missing).toBe(3);
    expect(error.stack).toMatch(/errors\.test/);
    const outer = (await thrown(() => new Error('outer', { cause: new NotEnough(1) }))) as Error;
    expect(outer.cause).toBeInstanceOf(NotEnough);
    forget();
    expect(await thrown(() => new NotEnough(3))).not.toBeInstanceOf(NotEnough);
  });

  it.each<[what: string, description: object]>([
    ['serialize throws', { serialize: throwRange, deserialize: () => new NotEnough(0) }],
    [
      'serialize gives what cannot be cloned',
      { serialize: () => () => 1, deserialize: () => new NotEnough(0) },
    ],
    ['deserialize throws', { serialize: () => 1, deserialize: throwRange }],
    ['deserialize gives no error', { serialize: () => 1, deserialize: () => ({}) as NotEnough }],
    ['it cannot tell whether it is one', { match: throwRange, serialize: () => 1, deserialize: throwRange }],
  ])('of a registered class still arrives where %s', async (_what, description) => {
    const forget = registerType(
      'NotEnough',
      ('match' in description ? description : { type: NotEnough, ...description }) as never,
    );
    expect(await thrown(() => new NotEnough(3))).toMatchObject({
      name: 'NotEnough',
      message: '3 are missing',
      missing: 3,
    });
    forget();
  });

  it('keeps own fields that can be cloned, and leaves out those that cannot', async () => {
    const created = new Date(0);
    const error = await thrown(() =>
      Object.assign(new Error('x'), {
        code: 'E_X',
        detail: { rows: [1, 2], created },
        socket: { on: () => undefined },
        callback: () => 1,
        symbol: Symbol('s'),
        absent: undefined,
        null: null,
      }),
    );
    expect(Object.entries(error as Error)).toEqual([
      ['code', 'E_X'],
      ['detail', { rows: [1, 2], created }],
      ['absent', undefined],
      ['null', null],
    ]);
  });

  it('arrives whatever its getters do', async () => {
    const bad = { enumerable: true, get: () => throwRange() };
    const error = await thrown(() =>
      Object.defineProperties(Object.assign(new TypeError('x'), { kept: 1 }), { one: bad, cause: bad }),
    );
    expect(error).toMatchObject({ name: 'TypeError', message: 'x', kept: 1 });
    const nameless = await thrown(() => Object.defineProperties(new Error('x'), { name: bad, code: bad }));
    expect(nameless).toMatchObject({ name: 'Error', message: 'x' });
    const untold = await thrown(() =>
      Object.defineProperty(new Error('x'), 'message', { value: { toString: bad.get } }),
    );
    expect(untold).toMatchObject({ name: 'Error', message: '' });
    const trap = new Proxy(new Error('x'), { getPrototypeOf: bad.get });
    expect(await thrown(() => trap)).toMatchObject({
      message: 'an error that cannot be described was thrown',
    });
  });

  it.each([
    ['a field', () => Object.assign(new Error('x'), { source: new RegExp('a'.repeat(70_000)) })],
    ['a value', () => new RegExp('a'.repeat(70_000))],
    ['a cause', () => new Error('x', { cause: 16n ** 300_000n })],
  ])('arrives also where %s of it is above a limit of messages', async (_what, create) => {
    expect(await thrown(create)).toMatchObject({ message: 'an error that cannot be described was thrown' });
  });

  it('keeps its chain of causes, to a length', async () => {
    const chain = (length: number): Error =>
      length === 0 ? new RangeError('root') : new Error(`level ${length}`, { cause: chain(length - 1) });
    let error = (await thrown(() => chain(3))) as Error;
    expect(error.message).toBe('level 3');
    for (let level = 0; level < 3; level++) error = error.cause as Error;
    expect(error).toBeInstanceOf(RangeError);
    let length = 0;
    for (
      let each = (await thrown(() => chain(100))) as Error;
      each.cause !== undefined;
      each = each.cause as Error
    )
      length++;
    expect(length).toBe(16);
    const circle = new Error('circle');
    circle.cause = circle;
    expect(await thrown(() => circle)).toMatchObject({ message: 'circle', cause: { message: 'circle' } });
  });

  it('may have a cause that is no error', async () => {
    expect(await thrown(() => new Error('x', { cause: 'a text' }))).toMatchObject({ cause: 'a text' });
  });

  it('has a stack that leads from where it was thrown to where the call was made', async () => {
    const { remote } = stage.connect({ fail: () => throwRange() });
    const { stack = '' } = await stage.errorOf(remote.fail());
    expect(stack).toMatch(/^RangeError: out of range\n/);
    const [there = '', here = ''] = stack.split('called from another thread');
    expect(there).toMatch(/throwRange.*thrower/);
    expect(here).toMatch(/errors\.test/);
    expect(here).not.toMatch(/thrower/);
  });

  it('of the platform is one of the platform’s', async () => {
    const error = await thrown(() => new DOMException('gone', 'NotFoundError'));
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: 'NotFoundError', message: 'gone', code: 8 });
    const native = await thrown(() => new globalThis.DOMException('late', 'TimeoutError'));
    expect(native).toBeInstanceOf(DOMException);
    expect(native).toMatchObject({ name: 'TimeoutError', code: 23 });
  });

  it('of our own keeps its class, code and value', async () => {
    const lost = await thrown(() => new WorkerLostError('ERR_WORKER_LOST', 'gone', { value: 'a.js' }));
    expect(lost).toBeInstanceOf(WorkerLostError);
    expect(lost).toMatchObject({ name: 'WorkerLostError', code: 'ERR_WORKER_LOST', value: 'a.js' });
    expect(await thrown(() => new WorkerStartError('ERR_WORKER_START', 'x'))).toBeInstanceOf(
      WorkerStartError,
    );
    const plain = await thrown(
      () => new LanesError('ERR_CALL_LIMIT', 'full', { cause: new RangeError('r') }),
    );
    expect(LanesError.is(plain)).toBe(true);
    expect(plain).toMatchObject({ name: 'LanesError', code: 'ERR_CALL_LIMIT' });
    expect((plain as Error).cause).toBeInstanceOf(RangeError);
  });

  it('of another realm is an error here', async () => {
    const error = await thrown(() => runInNewContext('Object.assign(new TypeError("far"), { a: 1 })'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'far', a: 1 });
  });

  it('that is none arrives as what it is', async () => {
    for (const value of ['text', 5, null, undefined, true, { a: [1] }, [1, 2], 10n])
      expect(await thrown(() => value)).toEqual(value);
    expect(await thrown(() => () => 1)).toBe('[object Function]');
    expect(await thrown(() => Symbol('s'))).toBe('[object Symbol]');
    expect(await thrown(() => ({ a: () => 1 }))).toBe('[object Object]');
  });

  it('cannot reach what errors inherit here', async () => {
    const hostile = (): Error => {
      const error = new Error('x');
      Object.defineProperty(error, '__proto__', { value: { polluted: 1 }, enumerable: true });
      return Object.assign(error, { constructor: 1, prototype: 2, valueOf: 'text' });
    };
    const error = (await thrown(hostile)) as Error;
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(Object.keys(error)).toEqual(['valueOf']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('an error of a callback', () => {
  it('reaches the callee as an error, and by it the caller', async () => {
    const seen: unknown[] = [];
    const { remote } = stage.connect({
      async use(callback: () => unknown) {
        try {
          await callback();
        } catch (error) {
          seen.push(error);
          throw new Error('the callback failed', { cause: error });
        }
      },
    });
    const error = await stage.errorOf(remote.use(() => throwRange()));
    expect(seen).toEqual([expect.any(RangeError)]);
    expect(error.message).toBe('the callback failed');
    expect(error.cause).toBeInstanceOf(RangeError);
  });
});

describe('the reason of an abort', () => {
  it.each([
    ['an error', () => new TypeError('enough'), { name: 'TypeError', message: 'enough' }],
    ['a value', () => ({ why: 1 }), { why: 1 }],
    ['none', () => undefined, { name: 'AbortError' }],
  ])('reaches the callee: %s', async (_what, create, expected) => {
    const reasons: unknown[] = [];
    const { remote } = stage.connect({
      wait: (signal: AbortSignal) =>
        new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            resolve();
          }),
        ),
    });
    const controller = new AbortController();
    const call = watched(remote.wait(controller.signal as AbortSignal));
    await stage.host.runUntilIdle();
    controller.abort(create());
    await stage.host.runUntilIdle();
    expect(call.error()).toBe(controller.signal.reason);
    expect(reasons).toMatchObject([expected]);
  });

  it('rejects the call also where it cannot cross', async () => {
    const { remote } = stage.connect({
      wait: () => new Promise<void>((resolve) => stage.host.time.setTimer(resolve, 10)),
    });
    const controller = new AbortController();
    const call = watched(withOptions(remote, { signal: controller.signal }).wait());
    await stage.host.advance(0);
    const reason = new RegExp('a'.repeat(70_000));
    controller.abort(reason);
    await stage.host.runUntilIdle();
    expect(call.error()).toBe(reason);
  });
});

describe('what cannot be cloned', () => {
  it('is an error that says where it is: in an argument, a result, a member', async () => {
    const { remote } = stage.connect({
      echo: (value: unknown) => value,
      make: () => ({ rows: [{ onTap: () => 1 }] }),
      symbol: () => Symbol('s'),
      huge: () => 16n ** 300_000n,
      member: { a: [() => 1] },
    });
    const cases: [() => PromiseLike<unknown>, RegExp][] = [
      [() => remote.echo({ a: [{ b: () => 1 }] }), /a\[0\]\.b/],
      [() => remote.make(), /rows\[0\]\.onTap/],
      [() => remote.symbol(), /symbol/i],
      [() => remote.huge(), /maxBigIntDigits/],
      [() => remote.member as unknown as Promise<unknown>, /a\[0\]/],
    ];
    for (const [ask, where] of cases) {
      const error = await stage.errorOf(ask());
      expect(error.name).toBe('DataCloneError');
      expect(error.message).toMatch(where);
    }
  });
});
