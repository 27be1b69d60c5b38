/** What TypeScript makes of remotes; `npx tsc --noEmit -p test` checks it, and the calls are made, too. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { AbortController as OurController } from '../../src/core/abort.js';
import { proxy } from '../../src/rpc/marks.js';
import type { ProxyMarked } from '../../src/rpc/marks.js';
import { call, release, withOptions } from '../../src/rpc/remote.js';
import type { Remote } from '../../src/rpc/remote-types.js';
import { service, wrap } from '../../src/rpc/wrap.js';
import { CallStage } from './call-stage.js';

const stage = CallStage.perTest();

/** A remote of which only the type is looked at. */
declare function remoteOf<T>(): Remote<T>;

/** Never called: its body is for the compiler. */
const typesOnly = (_body: () => void): void => undefined;

interface Shape {
  readonly kind: 'circle' | 'square';
  readonly size: number;
}

class Counter {
  static readonly start: number = 1;
  readonly since = new Date(0);
  private secret = 1;
  constructor(private count: number = Counter.start) {}
  add(by: number): number {
    return (this.count += by * this.secret);
  }
  async later(): Promise<string> {
    return Promise.resolve(String(this.count));
  }
  static create(): Counter {
    return new Counter();
  }
}

describe('a function', () => {
  it('gives a promise of what it gives', () => {
    typesOnly(() => {
      expectTypeOf(remoteOf<(a: number, b?: string) => number>()).parameters.toEqualTypeOf<
        [a: number, b?: string | undefined]
      >();
      expectTypeOf(remoteOf<(a: number) => number>()(1)).toEqualTypeOf<Promise<number>>();
      expectTypeOf(remoteOf<() => Promise<Shape>>()()).toEqualTypeOf<Promise<Shape>>();
      expectTypeOf(remoteOf<() => void>()()).toEqualTypeOf<Promise<void>>();
      expectTypeOf(remoteOf<() => never>()()).toEqualTypeOf<Promise<never>>();
      expectTypeOf(remoteOf<() => string | null>()()).toEqualTypeOf<Promise<string | null>>();
      expectTypeOf(remoteOf<() => Promise<number> | string>()()).toEqualTypeOf<Promise<number | string>>();
      expectTypeOf(remoteOf<(...rest: number[]) => Shape[]>()(1, 2)).toEqualTypeOf<Promise<Shape[]>>();
      // @ts-expect-error a text is no number
      void remoteOf<(a: number) => number>()('1');
      // @ts-expect-error one argument is missing
      void remoteOf<(a: number) => number>()();
    });
  });

  it('keeps unions of what it takes and gives', () => {
    typesOnly(() => {
      type Area = (
        shape: { kind: 'a'; a: number } | { kind: 'b'; b: string },
      ) => { ok: true } | { ok: false; why: string };
      const area = remoteOf<Area>();
      void area({ kind: 'a', a: 1 });
      void area({ kind: 'b', b: 'x' });
      // @ts-expect-error of the other kind
      void area({ kind: 'a', b: 'x' });
      expectTypeOf(area({ kind: 'a', a: 1 })).toEqualTypeOf<
        Promise<{ ok: true } | { ok: false; why: string }>
      >();
    });
  });

  it('keeps its overloads', () => {
    interface Find {
      (id: number): Shape;
      (name: string): Shape[];
      (all: true, limit: number): string;
    }
    typesOnly(() => {
      const find = remoteOf<Find>();
      expectTypeOf(find(1)).toEqualTypeOf<Promise<Shape>>();
      expectTypeOf(find('x')).toEqualTypeOf<Promise<Shape[]>>();
      expectTypeOf(find(true, 5)).toEqualTypeOf<Promise<string>>();
      // @ts-expect-error no overload takes it
      void find({});
    });
  });

  it('keeps its type arguments where it gives a promise already', () => {
    typesOnly(() => {
      const echo = remoteOf<<T>(value: T) => Promise<T>>();
      expectTypeOf(echo('x')).toEqualTypeOf<Promise<string>>();
      const pick = remoteOf<<T, K extends keyof T>(object: T, key: K) => Promise<T[K]>>();
      expectTypeOf(pick({ a: 1, b: 'x' }, 'b')).toEqualTypeOf<Promise<string>>();
      // Of one that gives a value they are lost, as anywhere: nothing wrong is said.
      expectTypeOf(remoteOf<<T>(value: T) => T>()('x')).toEqualTypeOf<Promise<unknown>>();
    });
  });

  it('is safe with unknown and any', () => {
    typesOnly(() => {
      expectTypeOf(remoteOf<(value: unknown) => unknown>()(1)).toEqualTypeOf<Promise<unknown>>();
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a user may write
      const anything = remoteOf<(value: any) => any>();
      expectTypeOf<Parameters<typeof anything>[0]>().toBeAny();
      expectTypeOf(anything(1)).resolves.toBeAny();
      expectTypeOf<Remote<unknown>>().toBeUnknown();
      expectTypeOf(remoteOf<{ value: unknown }>().value).toEqualTypeOf<Promise<unknown>>();
      expectTypeOf(remoteOf<(value: { a: unknown }) => { b: unknown }>()({ a: 1 })).toEqualTypeOf<
        Promise<{ b: unknown }>
      >();
    });
  });

  it('takes any AbortSignal where it is typed with one', () => {
    interface Options {
      readonly signal?: AbortSignal;
      readonly limit: number;
    }
    typesOnly(() => {
      const ours = {} as OurController;
      const native = new globalThis.AbortController();
      const search = remoteOf<(text: string, options?: Options) => string[]>();
      void search('x', { signal: ours.signal, limit: 1 });
      void search('x', { signal: native.signal, limit: 1 });
      void search('x', { limit: 1 });
      void search('x');
      void remoteOf<(signal: AbortSignal) => void>()(ours.signal);
      // @ts-expect-error the limit is missing
      void search('x', { signal: native.signal });
      // @ts-expect-error a number is no signal
      void search('x', { signal: 5, limit: 1 });
    });
  });

  it('takes callbacks that give values or promises, where it awaits them', () => {
    typesOnly(() => {
      const each = remoteOf<(onItem: (item: string, at: number) => Promise<boolean>) => number>();
      void each((item, at) => item.length > at);
      void each(async (item) => Promise.resolve(item === ''));
      // @ts-expect-error it gives a text
      void each(() => 'x');
      const both = remoteOf<(options: { onProgress?: (part: number) => void }) => void>();
      void both({ onProgress: (part) => void expectTypeOf(part).toEqualTypeOf<number>() });
      const member = remoteOf<(options: { check: (n: number) => Promise<number> }) => void>();
      void member({ check: (n) => n + 1 });
    });
  });

  it('takes and gives streams', () => {
    typesOnly(() => {
      const sum = remoteOf<(numbers: AsyncIterable<number>) => Promise<number>>();
      void sum([1, 2]);
      void sum(
        (async function* () {
          yield await Promise.resolve(1);
        })(),
      );
      // @ts-expect-error they are texts
      void sum(['a']);
      void remoteOf<(options: { rows: AsyncIterable<number>; name: string }) => void>()({
        rows: [1],
        name: 'x',
      });
      expectTypeOf(remoteOf<() => AsyncGenerator<Shape, string>>()()).toEqualTypeOf<
        Promise<AsyncIterableIterator<Shape>>
      >();
      expectTypeOf(remoteOf<() => Generator<number>>()()).toEqualTypeOf<
        Promise<AsyncIterableIterator<number>>
      >();
      expectTypeOf(remoteOf<() => Promise<AsyncIterable<string>>>()()).toEqualTypeOf<
        Promise<AsyncIterableIterator<string>>
      >();
      expectTypeOf(remoteOf<() => { rows: Generator<number>; count: number }>()()).toEqualTypeOf<
        Promise<{ rows: AsyncIterableIterator<number>; count: number }>
      >();
      expectTypeOf(remoteOf<() => Map<string, number[]>>()()).toEqualTypeOf<Promise<Map<string, number[]>>>();
    });
  });

  it('gives remotes for what it marks with proxy', () => {
    typesOnly(() => {
      const open = remoteOf<() => Counter & ProxyMarked>();
      expectTypeOf(open()).resolves.toHaveProperty('add');
      expectTypeOf(open().then((counter) => counter.add(1))).toEqualTypeOf<Promise<number>>();
      const fn = remoteOf<() => ((n: number) => string) & ProxyMarked>();
      expectTypeOf(fn().then((callback) => callback(1))).toEqualTypeOf<Promise<string>>();
      const member = remoteOf<() => { counter: Counter & ProxyMarked; n: number }>();
      expectTypeOf(member().then(({ counter }) => counter.later())).toEqualTypeOf<Promise<string>>();
      expectTypeOf(member().then(({ n }) => n)).toEqualTypeOf<Promise<number>>();
      const maybe = remoteOf<() => (Counter & ProxyMarked) | null>();
      expectTypeOf(maybe().then((counter) => counter?.add(1))).toEqualTypeOf<Promise<number | undefined>>();
    });
  });
});

interface Api {
  readonly version: number;
  readonly settings: { readonly theme: 'light' | 'dark'; readonly deep: { readonly n: number } };
  readonly since: Date;
  readonly tags: readonly string[];
  readonly byName: Map<string, Shape>;
  readonly bytes: Uint8Array;
  readonly soon: Promise<Shape>;
  readonly rows: AsyncIterable<number>;
  readonly maybe?: (n: number) => string;
  readonly nothing: null;
  readonly either: string | Shape;
  readonly math: { readonly add: (a: number, b: number) => number; readonly name: string };
  readonly nested: { readonly inner: { fn(): Shape } };
  readonly Counter: typeof Counter;
  readonly tree: Tree;
  method(this: Api, n: number): string;
}

interface Tree {
  readonly value: number;
  readonly children: readonly Tree[];
  readonly parent: Tree | null;
}

describe('a member', () => {
  it('is a promise where it is data, and a remote where it has functions', () => {
    typesOnly(() => {
      const api = remoteOf<Api>();
      expectTypeOf(api.version).toEqualTypeOf<Promise<number>>();
      expectTypeOf(api.settings).toExtend<Promise<Api['settings']>>();
      expectTypeOf(api.settings.deep.n).toEqualTypeOf<Promise<number>>();
      expectTypeOf(api.since).toEqualTypeOf<Promise<Date>>();
      expectTypeOf(api.tags).toEqualTypeOf<Promise<readonly string[]>>();
      expectTypeOf(api.byName).toEqualTypeOf<Promise<Map<string, Shape>>>();
      expectTypeOf(api.bytes).toEqualTypeOf<Promise<Uint8Array>>();
      expectTypeOf(api.soon).toEqualTypeOf<Promise<Shape>>();
      expectTypeOf(api.rows).toEqualTypeOf<Promise<AsyncIterableIterator<number>>>();
      expectTypeOf(api.nothing).toEqualTypeOf<Promise<null>>();
      expectTypeOf(api.either).toEqualTypeOf<Promise<string | Shape>>();
      expectTypeOf(api.maybe?.(1)).toEqualTypeOf<Promise<string> | undefined>();
      expectTypeOf(api.math.add(1, 2)).toEqualTypeOf<Promise<number>>();
      expectTypeOf(api.math.name).toEqualTypeOf<Promise<string>>();
      expectTypeOf(api.nested.inner.fn()).toEqualTypeOf<Promise<Shape>>();
      expectTypeOf(api.method(1)).toEqualTypeOf<Promise<string>>();
      expectTypeOf(api.tree).toExtend<Promise<Tree>>();
      // @ts-expect-error there is none
      expectTypeOf(api.missing).toBeAny();
    });
  });

  it('is constructed where it is a class, whose instances are remotes without what is private', () => {
    typesOnly(() => {
      const api = remoteOf<Api>();
      const made = new api.Counter(5);
      expectTypeOf(made).resolves.toHaveProperty('add');
      expectTypeOf(made.then((counter) => counter.add(1))).toEqualTypeOf<Promise<number>>();
      expectTypeOf(made.then((counter) => counter.since)).toEqualTypeOf<Promise<Date>>();
      expectTypeOf(made).resolves.not.toHaveProperty('secret');
      expectTypeOf(api.Counter.start).toEqualTypeOf<Promise<number>>();
      // @ts-expect-error a text is no number
      void new api.Counter('5');
    });
  });

  it('of an index signature, of a function and of a union is one as well', () => {
    typesOnly(() => {
      const byName = remoteOf<Record<string, (n: number) => string>>();
      expectTypeOf(byName['x']!(1)).toEqualTypeOf<Promise<string>>();
      const fn = remoteOf<((n: number) => string) & { inner: () => Shape }>();
      expectTypeOf(fn(1)).toEqualTypeOf<Promise<string>>();
      expectTypeOf(fn.inner()).toEqualTypeOf<Promise<Shape>>();
    });
  });
});

describe('call(), withOptions() and release()', () => {
  const createApi = () => ({
    add: (a: number, b: number) => a + b,
    later: async (text: string) => Promise.resolve(text),
    value: 5,
    open: () => proxy({ name: (): string => 'x' }),
  });

  it('know the members of a remote', async () => {
    const { remote } = stage.connect(createApi());
    const sum = call(remote, 'add', 1, 2);
    expectTypeOf(sum).toEqualTypeOf<Promise<number>>();
    expect(await stage.valueOf(sum)).toBe(3);
    const urgent = withOptions(remote, { priority: 'user-blocking' });
    expectTypeOf(urgent).toEqualTypeOf(remote);
    expect(await stage.valueOf(urgent.later('x'))).toBe('x');
    const only = withOptions(remote.add, { timeoutMs: 1000 });
    expectTypeOf(only(1, 2)).toEqualTypeOf<Promise<number>>();
    const opened = await stage.valueOf(remote.open());
    expectTypeOf(opened.name()).toEqualTypeOf<Promise<string>>();
    expect(await stage.valueOf(opened.name())).toBe('x');
    release(opened);
    await stage.host.runUntilIdle();
    typesOnly(() => {
      // @ts-expect-error a text is no number
      void call(remote, 'add', 1, '2');
      // A path, or a name known at run time only.
      expectTypeOf(call(remote, 'a.b.c', 1)).toEqualTypeOf<Promise<unknown>>();
    });
  });

  it('wrap and service give remotes', () => {
    typesOnly(() => {
      const endpoint = {} as Parameters<typeof wrap>[0];
      expectTypeOf(wrap<Api>(endpoint)).toEqualTypeOf<Remote<Api>>();
      expectTypeOf(service<Api>('x', endpoint)).toEqualTypeOf<Remote<Api>>();
      expectTypeOf(wrap(endpoint)).toBeUnknown();
    });
  });
});
