import { afterEach, describe, expect, it } from 'vitest';
import { proxy } from '../../src/rpc/marks.js';
import { call, release, withOptions } from '../../src/rpc/remote.js';
import { currentCall } from '../../src/rpc/call-context.js';
import { CallStage } from './call-stage.js';

const stage = CallStage.perTest();

class Base {
  baseField = 'own of the instance';
  baseMethod(): string {
    return 'inherited';
  }
  set baseSetter(_value: unknown) {
    stage.host.note('setter of the base class');
  }
  static inheritedStatic(): string {
    return 'inherited static';
  }
}

class Service extends Base {
  private readonly list = [1, 2];
  field = 'a field';
  method(): string {
    return 'a method';
  }
  get size(): number {
    return this.list.length;
  }
  set written(value: string) {
    this.field = value;
  }
  static create(): string {
    return 'static';
  }
}

function OldService(this: { name: string }): void {
  this.name = 'old';
}
OldService.prototype.hello = function hello(this: { name: string }): string {
  return `hello ${this.name}`;
};

function createApi() {
  return {
    plain: { nested: { fn: () => 'nested' }, list: [() => 'in a list'], value: 5 },
    service: new Service(),
    Service,
    old: new (OldService as unknown as new () => object)(),
    fn: Object.assign(() => 'called', { member: () => 'of a function' }),
    map: new Map([['k', 1]]),
    date: new Date(0),
    bytes: new Uint8Array(2),
    error: new Error('x'),
    bare: Object.assign(Object.create(null) as object, { fn: () => 'bare' }),
    derived: Object.create({ inherited: () => 'inherited' }) as object,
    arrow: () => 'arrow',
    toString: 'an own member of that name',
    async later() {
      return Promise.resolve('later');
    },
  };
}

const at = (path: string): PromiseLike<unknown> => {
  const { remote } = stage.connect(createApi());
  return call(remote, path);
};

const read = (path: string): PromiseLike<unknown> => {
  const { remote } = stage.connect(createApi());
  let member: unknown = remote;
  for (const key of path.split('.')) member = (member as Record<string, unknown>)[key];
  return member as PromiseLike<unknown>;
};

describe('a member that an object has itself', () => {
  it.each([
    ['plain.nested.fn', 'nested'],
    ['plain.list.0', 'in a list'],
    ['service.method', 'a method'],
    ['Service.create', 'static'],
    ['old.hello', 'hello old'],
    ['fn', 'called'],
    ['fn.member', 'of a function'],
    ['bare.fn', 'bare'],
    ['arrow', 'arrow'],
    ['later', 'later'],
  ])('can be called: %s', async (path, result) => {
    expect(await stage.valueOf(at(path))).toBe(result);
  });

  it.each([
    ['plain.value', 5],
    ['plain.list.length', 1],
    ['service.field', 'a field'],
    ['service.size', 2],
    ['service.baseField', 'own of the instance'],
    ['toString', 'an own member of that name'],
    ['bytes.0', 0],
    ['error.message', 'x'],
  ])('can be read: %s', async (path, value) => {
    expect(await stage.valueOf(read(path))).toEqual(value);
  });
});

describe('what an object does not have itself', () => {
  const inherited = [
    'constructor',
    '__proto__',
    'prototype',
    'hasOwnProperty',
    'isPrototypeOf',
    'propertyIsEnumerable',
    'toLocaleString',
    'valueOf',
    '__defineGetter__',
    '__defineSetter__',
    '__lookupGetter__',
    '__lookupSetter__',
    'missing',
  ];
  const holders = [
    'plain',
    'plain.nested',
    'plain.list',
    'service',
    'old',
    'Service',
    'fn',
    'arrow',
    'map',
    'date',
  ];
  const ofTypes = [
    ...[
      'plain.list.push',
      'plain.list.map',
      'plain.list.concat',
      'map.get',
      'map.set',
      'map.size',
      'date.getTime',
    ],
    ...['bytes.set', 'bytes.buffer', 'error.stack.constructor', 'error.toString', 'derived.inherited'],
    ...['fn.constructor.constructor', 'fn.caller', 'fn.arguments', 'fn.toString', 'Service.prototype.method'],
    ...['service.baseMethod', 'Service.inheritedStatic', 'service.toString', 'plain.value.toFixed'],
    ...[
      'toString.length.toFixed',
      'toString.charAt',
      'bare.toString',
      'bare.__proto__',
      'fn.member.constructor',
    ],
    ...[
      '__proto__.polluted',
      'constructor.prototype',
      'constructor.assign',
      'old.constructor',
      'old.hello.constructor',
    ],
  ];
  const paths = [...holders.flatMap((holder) => inherited.map((key) => `${holder}.${key}`)), ...ofTypes];

  it.each(paths.filter((path) => path !== 'Service.valueOf'))(
    'can neither be called nor read: %s',
    async (path) => {
      const notFound = { name: 'LanesError', code: 'ERR_CALL_NOT_FOUND' };
      expect(await stage.errorOf(at(path))).toMatchObject(notFound);
      expect(await stage.errorOf(read(path))).toMatchObject(notFound);
    },
  );

  it.each(['constructor', 'plain.constructor', 'fn.constructor', 'plain.nested.fn.constructor', 'arrow'])(
    'cannot be constructed: %s',
    async (path) => {
      const Class = read(path) as unknown as new (code: string) => Promise<unknown>;
      const error = await stage.errorOf(new Class('return process'));
      expect(['ERR_CALL_NOT_FOUND', undefined]).toContain(error.code);
      expect(error.name).toMatch(/LanesError|TypeError/);
    },
  );

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'plain.__proto__',
    'plain.constructor',
    'plain.hasOwnProperty',
    'plain.nested.valueOf',
    'service.baseMethod',
    'service.baseSetter',
    'service.toString',
    'Service.create',
    'fn.member',
    'plain.list.push',
    'map.size',
    '__proto__.polluted',
    'plain.__proto__.polluted',
    'service.__proto__.method',
    'missing.member',
  ])('cannot be set: %s', async (path) => {
    const api = createApi();
    const { remote } = stage.connect(api);
    const keys = path.split('.');
    const key = keys.pop() as string;
    let holder: unknown = remote;
    for (const each of keys) holder = (holder as Record<string, unknown>)[each];
    (holder as Record<string, unknown>)[key] = { polluted: 1 };
    await stage.host.runUntilIdle();
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ code: 'ERR_CALL_NOT_FOUND' })]);
    expect(stage.host.takeLog()).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(api).toEqual({ ...createApi(), ...api });
  });

  it('is found out without running a getter of it', async () => {
    class Parent {
      get secret(): string {
        stage.host.note('getter of the base class');
        return 'secret';
      }
    }
    class Child extends Parent {
      own = 1;
    }
    const { remote } = stage.connect({ child: new Child() });
    const { secret } = remote.child as unknown as { secret: Promise<string> };
    expect((await stage.errorOf(secret)).code).toBe('ERR_CALL_NOT_FOUND');
    expect(stage.host.takeLog()).toEqual([]);
  });
});

describe('to set', () => {
  it('writes own and new members, by setters of the class as well', async () => {
    const api = createApi();
    const { remote } = stage.connect(api);
    (remote.plain as unknown as { value: number }).value = 6;
    (remote.plain as unknown as { fresh: number[] }).fresh = [1];
    (remote.service as unknown as { written: string }).written = 'by the setter';
    await stage.host.runUntilIdle();
    expect([api.plain.value, api.plain, api.service.field]).toEqual([
      6,
      expect.objectContaining({ fresh: [1] }),
      'by the setter',
    ]);
  });

  it('is refused where the object does not let it', async () => {
    const { remote } = stage.connect({ frozen: Object.freeze({ a: 1 }), service: new Service() });
    (remote.frozen as unknown as { a: number }).a = 2;
    (remote.service as unknown as { size: number }).size = 3;
    await stage.host.runUntilIdle();
    expect(stage.host.takeErrors()).toEqual([
      expect.objectContaining({ name: 'TypeError', message: '"frozen.a" is read-only' }),
      expect.objectContaining({ name: 'TypeError', message: '"service.size" is read-only' }),
    ]);
  });
});

describe('what crosses', () => {
  const hostile = (): Record<string, unknown> =>
    JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}') as Record<
      string,
      unknown
    >;

  it('stays data where it is named as prototypes are: arguments, results, items, progress, callbacks', async () => {
    const { remote } = stage.connect({
      echo: (value: unknown) => value,
      *items() {
        yield hostile();
      },
      use(callback: (value: unknown) => unknown) {
        currentCall()?.progress(hostile());
        return callback(hostile());
      },
    });
    const seen: unknown[] = [];
    const told = withOptions(remote, { onProgress: (value) => seen.push(value) });
    seen.push(await stage.valueOf(remote.echo(hostile())));
    await stage.valueOf(told.use((value) => seen.push(value)));
    const items = (await stage.valueOf(remote.items())) as AsyncIterableIterator<unknown>;
    seen.push((await stage.valueOf(items.next())).value);
    await stage.valueOf(items.return!());
    for (const value of seen) {
      expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'a']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
    expect(seen).toHaveLength(4);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('puts a callback, a remote or a stream named "__proto__" there, and nowhere else', async () => {
    const { remote } = stage.connect({
      async use(given: Record<string, (n: number) => Promise<number>>) {
        const descriptor = Object.getOwnPropertyDescriptor(given, '__proto__');
        const callback = descriptor?.value as (n: number) => Promise<number>;
        return [Object.getPrototypeOf(given) === Object.prototype, await callback(1)];
      },
      open: () =>
        Object.defineProperty({}, '__proto__', { value: proxy({ name: () => 'x' }), enumerable: true }),
    });
    const given = Object.defineProperty({}, '__proto__', { value: (n: number) => n + 1, enumerable: true });
    expect(await stage.valueOf(remote.use(given as never))).toEqual([true, 2]);
    const opened = await stage.valueOf(remote.open());
    expect(Object.getPrototypeOf(opened)).toBe(Object.prototype);
    release(Object.getOwnPropertyDescriptor(opened, '__proto__')?.value as object);
    await stage.host.runUntilIdle();
  });
});

describe('a program that adds to Object.prototype', () => {
  const names = [
    'extend',
    'marks',
    'rank',
    'tell',
    'runMs',
    'notes',
    'metadata',
    'kind',
    'fields',
    'cause',
    'body',
    'head',
  ];

  afterEach(() => {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  });

  it('changes nothing about calls', async () => {
    for (const name of names)
      Object.defineProperty(Object.prototype, name, {
        value: 'of a library',
        enumerable: true,
        configurable: true,
        writable: true,
      });
    const { remote } = stage.connect({
      echo: (value: unknown) => value,
      fail: () => {
        throw Object.assign(new RangeError('r'), { own: 1 });
      },
      metadata: () => ({ ...currentCall()?.metadata }),
      use: (options: { callback: () => unknown }) => options.callback(),
    });
    expect(await stage.valueOf(remote.echo({ a: 1 }))).toEqual({ a: 1 });
    expect(await stage.valueOf(remote.metadata())).toEqual({});
    expect(await stage.valueOf(remote.use({ callback: () => 5 }))).toBe(5);
    const urgent = withOptions(remote, { priority: 'user-blocking', metadata: { a: 'b' } });
    expect(await stage.valueOf(urgent.metadata())).toEqual({ a: 'b' });
    const error = await stage.errorOf(remote.fail());
    expect([error.name, error.message, Object.keys(error)]).toEqual(['RangeError', 'r', ['own']]);
  });
});
