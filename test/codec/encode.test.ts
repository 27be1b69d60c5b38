import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { platformObject } from '../../src/core/brand.js';
import { DOMException } from '../../src/core/dom-exception.js';
import { structuredClone } from '../../src/codec/clone.js';
import { decode } from '../../src/codec/decode.js';
import { encode } from '../../src/codec/encode.js';
import { differenceOf } from './isomorphism.js';
import { roundTrip } from './round-trip.js';

const native = globalThis.structuredClone;
/** Both ways through which a value may go. */
const ways = { encode: roundTrip, structuredClone: (value: unknown): unknown => structuredClone(value) };
const eachWay = Object.entries(ways);

function messageOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const resizable = (byteLength: number, maxByteLength: number): ArrayBuffer =>
  new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(byteLength, { maxByteLength });

/** The one child of a container. */
function insideOf(container: object): unknown {
  if (container instanceof Error) return container.cause;
  if (container instanceof Set) return [...(container as Set<unknown>)][0];
  if (!(container instanceof Map)) return Object.values(container)[0];
  const [key, value] = [...(container as Map<unknown, unknown>)][0] as [unknown, unknown];
  return key === 'k' ? value : key;
}

function toArguments(..._: number[]): IArguments {
  // eslint-disable-next-line prefer-rest-params -- the object itself is what is tested
  return arguments;
}

/** One value of each kind. */
const values: [string, () => unknown][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['-0', () => -0],
  ['NaN', () => NaN],
  ['Infinity', () => Infinity],
  ['-Infinity', () => -Infinity],
  ['a large number', () => 1.7976931348623157e308],
  ['a small number', () => 5e-324],
  ['a BigInt', () => 2n ** 200n],
  ['a negative BigInt', () => -255n],
  ['the BigInt 0', () => 0n],
  ['a string with half a surrogate pair', () => 'a\ud800b\udc00'],
  ['a string with control characters', () => '\0\u2028\u2029"\\'],
  ['a string that looks like a tag', () => ['~', '~u', '~~', '~0', '~d5', '~h', '~b0']],
  ['an object that looks like a side table', () => ({ '~': [1, { a: '~1' }] })],
  ['an array that looks like an entry', () => [['M', 1, 2], ['A', []], [['A', 1]]]],
  ['shared arrays that look like entries', () => ((x) => ['A', x, x, ['M', x]])(['S', {}])],
  ['a shared array below one that looks like an entry', () => ((x) => ['A', { x }, x])([1])],
  ['Boolean objects', () => [Object(true), Object(false)]],
  [
    'Number objects',
    () => [1.5, -0, NaN, Infinity, -Infinity, 1e300, 1e-300, 123456789012345680000].map(Object),
  ],
  ['String objects', () => [Object(''), Object('~u'), Object('\ud800')]],
  ['a BigInt object', () => Object(-12n) as unknown],
  ['Dates', () => [new Date(0), new Date(-8.64e15), new Date(8.64e15), new Date(NaN)]],
  ['regular expressions', () => [/a/, /[/]\/\n/gimsuy, new RegExp(''), new RegExp('a\nb', 'd')]],
  [
    'a Map',
    () =>
      new Map<unknown, unknown>([
        [{}, new Map()],
        ['a', undefined],
        [NaN, -0],
      ]),
  ],
  ['a Set', () => new Set<unknown>([1, 'a', new Set([null]), undefined])],
  ['an array with holes', () => [, 1, , undefined, ,]],
  ['an array with properties of its own', () => Object.assign([1, 2], { index: 0, '-1': 1, input: ['x'] })],
  ['an array with as many properties as elements', () => [Object.assign([, '~'], { x: 1 }), undefined]],
  ['a long array of holes', () => Object.assign(new Array(1e6), { 5: 1, 999999: 2 })],
  ['an object with integer keys', () => ({ b: 1, 2: 1, a: 1, 1: 1 })],
  [
    'an object with an own __proto__',
    () => JSON.parse('{"a":{"__proto__":{"x":"~"}},"__proto__":1}') as unknown,
  ],
  ['an object with a key called toJSON', () => ({ toJSON: 'data', a: { toJSON: null } })],
  [
    'a class instance',
    () =>
      new (class Point {
        x = 1;
        get y(): number {
          return 2;
        }
      })(),
  ],
  ['an object without a prototype', () => Object.assign(Object.create(null) as object, { a: 1 })],
  ['an object with a false tag', () => ({ [Symbol.toStringTag]: 'Map', a: 1 })],
  [
    'members that are symbols, hidden or inherited',
    () => Object.create({ inherited: 1 }, { hidden: { value: 1 } }) as unknown,
  ],
  [
    'errors',
    () => [new Error('e'), new TypeError(), new RangeError('~u'), new URIError(''), new EvalError('x')],
  ],
  ['a buffer', () => Uint8Array.of(1, 2, 255).buffer],
  ['an empty buffer', () => new ArrayBuffer(0)],
  ['a resizable buffer', () => resizable(3, 9)],
  [
    'typed arrays',
    () => [Int8Array.of(-1), Uint8ClampedArray.of(300), Float32Array.of(0.1), BigInt64Array.of(-5n)],
  ],
  ['a Node Buffer', () => Buffer.from('text')],
  [
    'views on one buffer',
    () =>
      ((b) => ({ b, u: new Uint16Array(b, 2, 1), d: new DataView(b, 1), e: new Uint8Array(b, 8) }))(
        new ArrayBuffer(8),
      ),
  ],
  ['a view before its buffer', () => ((b) => [new Uint8Array(b), b, new DataView(b)])(new ArrayBuffer(4))],
  ['shared leaves', () => ((d, r) => [d, r, d, r])(new Date(1), /a/)],
  [
    'a cycle through every container',
    () => {
      const [object, map, set, array] = [
        {} as Record<string, unknown>,
        new Map(),
        new Set(),
        [] as unknown[],
      ];
      Object.assign(object, { map, set, array, object });
      map.set(object, map).set('set', set);
      set.add(array).add(set);
      array.push(map, array, object);
      return object;
    },
  ],
];

describe.each(eachWay)('%s', (_, through) => {
  it.each(values)('makes of %s what native structuredClone makes', (_, make) => {
    const value = make();
    expect(differenceOf(through(value), native(value))).toBeNull();
  });

  it.each(values)('keeps %s inside a Map, a shared object and an array', (_, make) => {
    const value = make();
    const around = { once: { value }, map: new Map([['key', value]]), set: new Set([value]), list: [value] };
    expect(differenceOf(through(around), native(around))).toBeNull();
  });

  it.each([
    ['Map', 'new Map([[1, new Date(5)]])'],
    ['Set', 'new Set([[]])'],
    ['Error', 'new RangeError("far")'],
    ['RegExp', '/a/g'],
    ['boxed primitives', '[Object(1), Object("s"), Object(false), Object(1n)]'],
    ['buffers and views', '(b => [b, new Uint8Array(b, 1), new DataView(b)])(new ArrayBuffer(4))'],
    ['plain data', '({ a: [1, { b: 2 }] })'],
  ])('knows a %s of another realm by its slots', (_, source) => {
    const value = vm.runInNewContext(source) as unknown;
    expect(differenceOf(through(value), native(value))).toBeNull();
  });

  it('believes slots and not tags', () => {
    class Hidden extends Map<string, number> {
      override get [Symbol.toStringTag](): string {
        return 'Nothing';
      }
    }
    const errorLike = { [Symbol.toStringTag]: 'Error', name: 'x' };
    const throwing = Object.defineProperty(new Set([1]), Symbol.toStringTag, {
      get: () => expect.unreachable.call(null),
    });
    expect(through(new Hidden([['a', 1]]))).toEqual(new Map([['a', 1]]));
    expect(through(errorLike)).toEqual({ name: 'x' });
    expect(through(Object.assign(new Date(3), { [Symbol.toStringTag]: 'Map' }))).toEqual(new Date(3));
    expect(through(throwing)).toEqual(new Set([1]));
    expect(through(Object.create(Map.prototype))).toEqual({});
    expect(through(RegExp.prototype)).toEqual({});
  });

  it('clones name, message, stack and cause of an Error, and no more', () => {
    const cause = new TypeError('inner');
    const error = Object.assign(new RangeError('outer'), { cause, extra: 1 });
    const copy = through([error, cause]) as [RangeError & { extra?: number }, TypeError];
    expect(copy[0]).toBeInstanceOf(RangeError);
    expect(copy[0].message).toBe('outer');
    expect(copy[0].stack).toBe(error.stack);
    expect(copy[0].cause).toBe(copy[1]);
    expect(copy[0].extra).toBeUndefined();
    expect(Object.keys(copy[0])).toEqual([]);
  });

  it('makes an Error of any error whose name is not one of the standard', () => {
    class CustomError extends TypeError {
      override name = 'CustomError';
    }
    const copy = through(new CustomError('m')) as Error;
    expect(Object.getPrototypeOf(copy)).toBe(Error.prototype);
    expect(copy.message).toBe('m');
  });

  it('closes a cycle through the cause of an Error', () => {
    const error = new Error('round');
    error.cause = { error };
    const copy = through(error) as Error & { cause: { error: Error } };
    expect(copy.cause.error).toBe(copy);
  });

  it('clones a DOMException as one', () => {
    for (const exception of [
      new DOMException('gone', 'AbortError'),
      new globalThis.DOMException('gone', 'AbortError'),
    ]) {
      const copy = through({ exception, again: exception }) as Record<string, DOMException>;
      expect(copy['exception']).toBeInstanceOf(DOMException);
      expect([copy['exception']?.name, copy['exception']?.message, copy['exception']?.code]).toEqual([
        'AbortError',
        'gone',
        20,
      ]);
      expect(copy['again']).toBe(copy['exception']);
    }
  });

  it('keeps a view that follows its buffer following it', () => {
    const cases: [number, number, number][] = [
      [4, 16, 0],
      [4, 16, 2],
      [16, 16, 0],
      [16, 16, 15],
      [0, 16, 0],
    ];
    for (const [byteLength, max, offset] of cases) {
      const buffer = resizable(byteLength, max);
      const [free, fixed] = through([
        new Uint8Array(buffer, offset),
        new Uint8Array(buffer, offset, byteLength - offset),
      ]) as [Uint8Array, Uint8Array];
      (free.buffer as unknown as { resize(n: number): void }).resize(offset);
      (free.buffer as unknown as { resize(n: number): void }).resize(16);
      expect([free.length, fixed.length]).toEqual([16 - offset, byteLength - offset]);
      expect(buffer.byteLength).toBe(byteLength);
    }
  });

  it('leaves the bytes of a buffer as they were when it looks whether a view follows it', () => {
    const buffer = resizable(4, 4);
    new Uint8Array(buffer).set([1, 2, 3, 4]);
    through(new Uint8Array(buffer));
    expect([...new Uint8Array(buffer)]).toEqual([1, 2, 3, 4]);
  });

  it('reads each getter once, depth first in the order of keys', () => {
    const log: string[] = [];
    const getter = (name: string, value: unknown = name): PropertyDescriptor => ({
      enumerable: true,
      get: () => (log.push(name), value),
    });
    const inner = Object.defineProperties({}, { b: getter('a.b'), c: getter('a.c') });
    const list = Object.defineProperties([], { 0: getter('l.0'), 1: getter('l.1', inner), x: getter('l.x') });
    const value = Object.defineProperties(
      {},
      { a: getter('a', inner), l: getter('l', list), z: getter('z', new Map([[list, 1]])) },
    );
    expect(through(value)).toEqual({
      a: { b: 'a.b', c: 'a.c' },
      l: Object.assign(['l.0', { b: 'a.b', c: 'a.c' }], { x: 'l.x' }),
      z: new Map([[Object.assign(['l.0', { b: 'a.b', c: 'a.c' }], { x: 'l.x' }), 1]]),
    });
    expect(log).toEqual(['a', 'a.b', 'a.c', 'l', 'l.0', 'l.1', 'l.x', 'z']);
  });

  it('reads no getter again where something turns up late that JSON has no word for', () => {
    for (const late of [new Date(1), undefined, [, 1], '~x', NaN, Object.assign([1], { x: 1 })]) {
      let calls = 0;
      const value = {
        a: {
          get x(): object {
            return { call: ++calls };
          },
        },
        list: [1, [2], { late }],
      };
      const copy = through(value) as typeof value;
      expect(copy).toEqual({ a: { x: { call: 1 } }, list: [1, [2], { late }] });
      expect(calls).toBe(1);
    }
  });

  it('leaves out what a getter deleted before its turn', () => {
    const value = {
      get a(): number {
        delete (this as { b?: number }).b;
        return 1;
      },
      b: 2,
      constructor: 3,
    };
    expect(through(value)).toEqual({ a: 1, constructor: 3 });
    const list: unknown[] = [
      {
        get x(): number {
          delete list[1];
          return 1;
        },
      },
      2,
      3,
    ];
    expect(Object.keys(through(list) as object)).toEqual(['0', '2']);
  });

  it('sends a Map as it was when its turn came', () => {
    const map = new Map<unknown, unknown>();
    map
      .set('first', {
        get x(): number {
          map.set('late', 1);
          map.delete('second');
          return 1;
        },
      })
      .set('second', 2);
    expect(through(map)).toEqual(
      new Map<unknown, unknown>([
        ['first', { x: 1 }],
        ['second', 2],
      ]),
    );
  });

  it('lets pass what a getter throws', () => {
    const mine = new Error('mine');
    expect(() =>
      through({
        get a(): never {
          throw mine;
        },
      }),
    ).toThrow(mine);
  });

  it('calls no toJSON', () => {
    class Money {
      constructor(readonly cents: number) {}
    }
    (Money.prototype as { toJSON?: unknown }).toJSON = expect.unreachable;
    expect(through([new Date(5), new Money(3)])).toEqual([new Date(5), { cents: 3 }]);
  });

  it.each<[string, (leaf: unknown) => unknown]>([
    ['arrays', (leaf) => [leaf]],
    ['objects', (leaf) => ({ leaf })],
    ['Maps', (leaf) => new Map([['k', leaf]])],
    ['Map keys', (leaf) => new Map([[leaf, 'v']])],
    ['Sets', (leaf) => new Set([leaf])],
    ['causes of errors', (leaf) => new Error('e', { cause: leaf })],
    ['sparse arrays', (leaf) => [, leaf]],
    [
      'all of them in turn',
      (
        (turn) => (leaf: unknown) =>
          [[leaf], { leaf }, new Map([['k', leaf]]), new Set([leaf])][turn++ % 4]
      )(0),
    ],
  ])(
    'does not overflow on 100,000 levels of %s',
    (_, wrap) => {
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      let value: unknown = 'leaf';
      for (let level = 0; level < 100_000; level++) value = wrap(value);
      let copy = through(value);
      Error.stackTraceLimit = stackTraceLimit;
      let levels = 0;
      for (; copy !== 'leaf'; levels++) copy = insideOf(copy as object);
      expect(levels).toBe(100_000);
    },
    60_000,
  );

  it.each<[string, unknown, string]>([
    ['a function', () => 0, 'value is a function'],
    ['a symbol', Symbol('s'), 'value is a symbol'],
    ['a boxed symbol', Object(Symbol('s')), 'value is a Symbol'],
    ['in arrays and objects', { rows: [0, 1, 2, { onTap() {} }] }, 'value.rows[3].onTap is a function'],
    ['under a key that is no identifier', { 'a b': { '': Symbol() } }, 'value["a b"][""] is a symbol'],
    ['under an integer key', { 7: () => 0 }, 'value[7] is a function'],
    ['in a Map', { m: new Map<unknown, unknown>([['k', { f() {} }]]) }, 'value.m.get("k").f is a function'],
    [
      'as a Map key',
      new Map<unknown, unknown>([
        [1, 1],
        [() => 0, 1],
      ]),
      'value.keys()[1] is a function',
    ],
    ['in a Set', [new Set([1, { f: Symbol() }])], 'value[0].values()[1].f is a symbol'],
    [
      'in the cause of an error',
      { e: new Error('e', { cause: { f() {} } }) },
      'value.e.cause.f is a function',
    ],
    ['in a sparse array', [, { f() {} }], 'value[1].f is a function'],
    ['as a property of an array', Object.assign([1], { on() {} }), 'value.on is a function'],
    ['after siblings were visited', [{ a: [1] }, { b: {} }, { c: () => 0 }], 'value[2].c is a function'],
    ['a WeakMap', { w: new WeakMap() }, 'value.w is a WeakMap'],
    ['a WeakSet', { w: new WeakSet() }, 'value.w is a WeakSet'],
    ['a WeakRef', { w: new WeakRef({}) }, 'value.w is a WeakRef'],
    ['an arguments object', ((...list: number[]) => toArguments(...list))(1), 'value is an Arguments'],
    ['a Promise', Promise.resolve(), 'value is a Promise'],
    ['a generator', (function* () {})(), 'value is a Generator'],
    ['an iterator', [][Symbol.iterator](), 'value is an Array Iterator'],
    ['a formatter', new Intl.NumberFormat(), 'value is an Intl.NumberFormat'],
    ['a SharedArrayBuffer', { s: new SharedArrayBuffer(1) }, 'value.s is a SharedArrayBuffer'],
    [
      'a view on shared memory',
      [new Uint8Array(new SharedArrayBuffer(1))],
      'value[0] is a SharedArrayBuffer',
    ],
    [
      'a detached buffer',
      ((b) => (native(b, { transfer: [b] }), { b }))(new ArrayBuffer(1)),
      'value.b is a detached ArrayBuffer',
    ],
    [
      'a view on a detached buffer',
      ((b) => [new Uint8Array(b), native(b, { transfer: [b] })][0])(new ArrayBuffer(1)),
      'value is a detached ArrayBuffer',
    ],
    [
      'a view outside its buffer',
      ((b) => [new Uint8Array(b, 2), b.resize(1)][0])(
        resizable(4, 4) as never as { resize(n: number): void } & ArrayBuffer,
      ),
      'value is a view outside its buffer',
    ],
    [
      'a DataView outside its buffer',
      ((b) => [new DataView(b, 2), b.resize(1)][0])(
        resizable(4, 4) as never as { resize(n: number): void } & ArrayBuffer,
      ),
      'value is a view outside its buffer',
    ],
    ['an object of the host', { signal: new AbortController().signal }, 'value.signal is an AbortSignal'],
    [
      'a branded object',
      { port: Object.create({ [platformObject]: true }) as object },
      'value.port is a platform object',
    ],
    [
      'a revoked proxy',
      ((p) => (p.revoke(), [p.proxy]))(Proxy.revocable({}, {})),
      'value[0] is a proxy that cannot be read',
    ],
  ])('says where it found what cannot be cloned: %s', (_, value, message) => {
    expect(messageOf(() => through(value))).toBe(`DataCloneError: ${message}, which cannot be cloned`);
  });

  it('throws a DOMException with the code of DataCloneError', () => {
    try {
      through(Symbol());
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(DOMException);
      expect((error as DOMException).code).toBe(25);
    }
  });

  it('shortens the path to something 100,000 levels down', () => {
    let value: unknown = () => 0;
    for (let level = 0; level < 100_000; level++) value = { a: value };
    expect(messageOf(() => through(value))).toMatch(
      /^DataCloneError: value(\.a){12}…\(99976 more\)…(\.a){12} is a function, which cannot be cloned$/,
    );
  });
});

describe('polluted and frozen prototypes', () => {
  const trap = (): never => expect.unreachable();
  const pollution: [object, PropertyKey, PropertyDescriptor][] = [
    [Object.prototype, 'toJSON', { value: trap }],
    [Object.prototype, 'a', { get: trap, set: trap }],
    ...['0', '1', '2', '3'].map((key): [object, PropertyKey, PropertyDescriptor] => [
      Object.prototype,
      key,
      { value: 'polluted', writable: true },
    ]),
  ];

  /** Runs with polluted prototypes, under which nothing but `run` may do anything. */
  function polluted(run: () => unknown): unknown {
    for (const [holder, key, descriptor] of pollution) {
      Object.defineProperty(holder, key, { ...descriptor, configurable: true });
    }
    try {
      return run();
    } finally {
      for (const [holder, key] of pollution) Reflect.deleteProperty(holder, key);
    }
  }

  it.each(eachWay)('change nothing in %s', (_, through) => {
    const value = {
      a: [1, [2, 'x'], [, 4]],
      b: { a: NaN, m: new Map([[1, { a: [] }]]), s: new Set(['~']) },
      s: '"',
    };
    const before = through(value);
    expect(
      differenceOf(
        polluted(() => through(value)),
        before,
      ),
    ).toBeNull();
  });

  it('change nothing in a value whose keys are those of a frozen Object.prototype', () => {
    const code = `Object.freeze(Object.prototype); Object.freeze(Array.prototype); ({ toString: 1, constructor: { valueOf: undefined } })`;
    const value = vm.runInNewContext(code) as unknown;
    for (const [, through] of eachWay)
      expect(through(value)).toEqual({ toString: 1, constructor: { valueOf: undefined } });
  });
});

describe('the text', () => {
  it('is plain JSON where JSON can say the value', () => {
    const value = { id: 1, rows: [['a', null, true], { x: 1.5, '~': '-' }], é: 'ü' };
    expect(encode(value)).toEqual({ text: JSON.stringify(value), buffers: [] });
  });

  it('names a side table where it cannot', () => {
    expect(encode({ when: new Date(5), not: undefined }).text).toBe('{"~":[{"when":"~d5","not":"~u"}]}');
  });

  it('is valid UTF-8 whatever the strings are', () => {
    expect(encode(['\ud800', { '\udfff': 1 }]).text).toBe('["\\ud800",{"\\udfff":1}]');
  });

  it('is plain up to the default depth, and has a side table below it', () => {
    const nested = (levels: number): unknown =>
      JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
    expect(encode(nested(200)).text.startsWith('[[')).toBe(true);
    expect(encode(nested(201)).text.startsWith('{"~":')).toBe(true);
  });

  it('never nests deeper than its limit and a few levels', () => {
    let value: unknown = 1;
    for (let level = 0; level < 5000; level++) value = level % 2 === 0 ? [value] : { value };
    let depth = 0;
    let deepest = 0;
    for (const character of encode(value, { limits: { maxDepth: 50 } }).text) {
      if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
      if (character === ']' || character === '}') depth--;
    }
    expect(deepest).toBeLessThanOrEqual(53);
  });
});

describe('buffers', () => {
  it('are copied at once, so that later writes are not sent', () => {
    const bytes = Uint8Array.of(1, 2);
    const { buffers } = encode({ bytes });
    bytes[0] = 9;
    expect([...new Uint8Array(buffers[0] as ArrayBuffer)]).toEqual([1, 2]);
  });

  it('are listed once however often they are met', () => {
    const buffer = new ArrayBuffer(4);
    expect(encode([buffer, new Uint8Array(buffer), new DataView(buffer), buffer]).buffers).toHaveLength(1);
  });
});

describe('ports', () => {
  it('become references to the objects that arrive with the message', () => {
    const [here, there] = [Object.create({ [platformObject]: true }) as object, { port: true }];
    const { text, buffers } = encode({ port: here, again: [here] }, { ports: new Map([[here, 0]]) });
    const copy = decode(JSON.parse(text), buffers, { ports: [there] }) as { port: object; again: object[] };
    expect(copy.port).toBe(there);
    expect(copy.again[0]).toBe(there);
  });
});

describe('limits at the sender', () => {
  it.each<[string, object, (size: number) => unknown, number, string]>([
    ['maxArrayLength', { maxArrayLength: 9 }, (size) => ({ a: new Array(size) }), 9, 'value.a takes 10'],
    ['maxBigIntDigits', { maxBigIntDigits: 3 }, (size) => [16n ** BigInt(size - 1)], 3, 'value[0] takes 4'],
    [
      'maxBigIntDigits',
      { maxBigIntDigits: 3 },
      (size) => [Object(16n ** BigInt(size - 1))],
      3,
      'value[0] takes 4',
    ],
    [
      'maxRegExpLength',
      { maxRegExpLength: 5 },
      (size) => new RegExp('a'.repeat(size - 1)),
      5,
      'value takes 6',
    ],
    ['maxByteLength', { maxByteLength: 8 }, (size) => new ArrayBuffer(size), 8, 'value takes 9'],
    ['maxByteLength', { maxByteLength: 8 }, (size) => resizable(1, size), 8, 'value takes 9'],
  ])('say where %s is exceeded, and let its own value pass', (name, limits, make, limit, where) => {
    expect(messageOf(() => encode(make(limit), { limits }))).toBe('nothing was thrown');
    const text = `DataCloneError: ${where}, which is above ${name} (${limit})`;
    expect(messageOf(() => encode(make(limit + 1), { limits }))).toBe(text);
  });
});
