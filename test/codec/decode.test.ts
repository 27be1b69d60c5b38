import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LanesError } from '../../src/core/errors.js';
import { decode } from '../../src/codec/decode.js';
import { encode } from '../../src/codec/encode.js';
import { registerType } from '../../src/codec/registered-types.js';
import { graphs } from './graphs.js';

/** The reliability bar is a million: `CODEC_MUTATIONS=1000000 npx vitest run test/codec/decode.test.ts`. */
const mutations = Number(process.env['CODEC_MUTATIONS'] ?? 20_000);

const tagged = (...table: unknown[]): unknown => JSON.parse(JSON.stringify({ '~': table }));

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return LanesError.is(error) ? error.code : `untyped: ${String(error)}`;
  }
}

const prototypes: object[] = [
  Object,
  Array,
  Map,
  Set,
  Date,
  RegExp,
  Error,
  String,
  Number,
  ArrayBuffer,
  Uint8Array,
].map((constructor) => constructor.prototype as object);
const prototypesBefore = prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join());

afterEach(() => {
  expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join())).toEqual(
    prototypesBefore,
  );
});

describe('a frame that encode does not write', () => {
  const buffer = (): ArrayBuffer => new ArrayBuffer(8);

  it.each<[string, unknown]>([
    ['a side table that is no array', { '~': 1 }],
    ['an empty side table', { '~': [] }],
    ['members beside the side table', { '~': [1], more: 1 }],
    ['an unknown tag', tagged('~?')],
    ['a bare mark', tagged('~')],
    ['a constant with a tail', tagged('~ux')],
    ['the name of an inherited member as a constant', tagged('~constructor')],
    ['a reference beyond the table', tagged(['~1'])],
    ['a reference to a value that is no object', tagged('~0')],
    ['a reference with a leading zero', tagged(['~00'])],
    ['a reference that is no integer', tagged(['~0.5'])],
    ['a reference of many digits', tagged(['~99999999999999999999'])],
    ['an entry that is a number', tagged(1, 2)],
    ['an entry that is null', tagged(1, null)],
    ['an entry that is a string of the user', tagged(1, 'text')],
    ['an entry that is an escaped string', tagged(1, '~~text')],
    ['an entry that is a reference', tagged(1, '~2', {})],
    ['an entry that is a primitive', tagged(1, '~u')],
    ['an entry of unknown kind', tagged(1, ['?'])],
    ['an entry whose kind is an array', tagged(1, [['M']])],
    ['a Map with half an entry', tagged(1, ['M', 1])],
    ['an array entry that holds none', tagged(1, ['A', {}])],
    ['a sparse array without a length', tagged(1, ['a', '3', {}])],
    ['a sparse array with a fraction for length', tagged(1, ['a', 1.5, {}])],
    ['a sparse array with a negative length', tagged(1, ['a', -1, {}])],
    ['a sparse array beyond 2^32 - 1', tagged(1, ['a', 2 ** 32, {}])],
    ['a sparse array whose length is an array', tagged(1, ['a', [3], {}])],
    ['a sparse array with an element outside', tagged(1, ['a', 1, { 1: 1 }])],
    ['a sparse array that sets its length', tagged(1, ['a', 1, { length: 1 }])],
    ['a sparse array of an array', tagged(1, ['a', 1, [1]])],
    ['an Error of another name', tagged(1, ['E', 'Object', null, null])],
    ['an Error whose message is an object', tagged(1, ['E', 'Error', {}, null])],
    ['an Error without a stack field', tagged(1, ['E', 'Error', null])],
    ['an Error with too many fields', tagged(1, ['E', 'Error', null, null, 1, 2])],
    ['a DOMException whose name is an array', tagged(1, ['X', ['AbortError'], '', null])],
    ['a table without keys', tagged('~1', ['T', []])],
    ['a table without columns', tagged('~1', ['T', ['a']])],
    ['a table with a column too many', tagged('~1', ['T', ['a'], [1], [1]])],
    ['a table whose columns differ in length', tagged('~1', ['T', ['a', 'b'], [1], [1, 2]])],
    ['a table whose column is an object', tagged('~1', ['T', ['a'], { 0: 1, length: 1 }])],
    ['a table whose keys are no list', tagged('~1', ['T', 'a', [1]])],
    ['a table with a key that is a number', tagged('~1', ['T', [1], [1]])],
    ['a table with a key twice', tagged('~1', ['T', ['a', 'a'], [1], [1]])],
    ['a row that is another object and has cells', tagged([{}, '~1'], ['T', ['a', 'b'], ['~@0'], [1]])],
    ['a row that is no object', tagged('~1', ['T', ['a'], ['~@9']])],
    ['a row that is itself', tagged('~1', ['T', ['a'], ['~@1.0']])],
    ['a row in the second column', tagged([], ['T', ['a', 'b'], [1], ['~@0']])],
    ['a row beyond the table', tagged(['~1.1'], ['T', ['a'], [1]])],
    ['a row of no table', tagged(['~1.0'], ['A', [{}]])],
    ['a row of a row', tagged(['~1.0.0'], ['T', ['a'], [1]])],
    ['a Date that is no number', tagged('~dx')],
    ['a Date beyond its range', tagged('~d8640000000000001')],
    ['a Date with a fraction', tagged('~d1.5')],
    ['a regular expression without flags', tagged('~rabc')],
    ['a regular expression that does not compile', tagged('~rg/(')],
    ['a regular expression with unknown flags', tagged('~rgz/a')],
    ['a Boolean object with a tail', tagged('~T1')],
    ['a Number object that is none', tagged('~N0x10')],
    ['a Number object without digits', tagged('~N')],
    ['a BigInt that is none', tagged('~gxyz')],
    ['a BigInt without digits', tagged('~g')],
    ['a port that did not come', tagged('~p0')],
    ['a buffer that did not come', tagged('~b1')],
    ['a buffer that is used twice', tagged(['~b0', '~b0'])],
    ['a buffer with a comma and no maximum', tagged('~b0,')],
    ['a buffer above its own maximum', tagged('~b0,7')],
    ['a buffer with two maxima', tagged('~b0,9,9')],
    ['a view of a made-up kind', tagged('~vFoo,1,0,1', '~b0')],
    ['a view of an inherited kind', tagged('~vconstructor,1,0,1', '~b0')],
    ['a view on what is no buffer', tagged('~vUint8Array,1,0,1', {})],
    ['a view on a view', tagged('~vUint8Array,1,0,1', '~vUint8Array,1,0,1')],
    ['a view on the value itself', tagged('~vUint8Array,0,0,1')],
    ['a view outside its buffer', tagged('~vUint8Array,1,4,5', '~b0')],
    ['a view that is not aligned', tagged('~vUint16Array,1,1,1', '~b0')],
    ['a view that claims 2^53 elements', tagged('~vFloat64Array,1,0,9007199254740992', '~b0')],
    ['a view without an offset', tagged('~vUint8Array,1', '~b0')],
    ['a view with a tail', tagged('~vUint8Array,1,0,1,1', '~b0')],
  ])('is refused by its code: %s', (_, parsed) => {
    expect(codeOf(() => decode(parsed, [buffer()]))).toBe('ERR_PROTOCOL');
  });

  it('is refused when what stands for a buffer is none', () => {
    expect(codeOf(() => decode(tagged('~b0'), [{ byteLength: 8 } as ArrayBuffer]))).toBe('ERR_PROTOCOL');
  });

  it('is refused before an array or object is turned into text', () => {
    const trap = { toString: () => expect.unreachable(), valueOf: () => expect.unreachable() };
    expect(codeOf(() => decode({ '~': [1, [trap]] }, []))).toBe('ERR_PROTOCOL');
    expect(codeOf(() => decode({ '~': [1, ['a', trap, {}]] }, []))).toBe('ERR_PROTOCOL');
    expect(codeOf(() => decode({ '~': [1, ['E', trap, null, null]] }, []))).toBe('ERR_PROTOCOL');
  });
});

describe('own __proto__ keys', () => {
  it('stay data in plain and in tagged messages', () => {
    for (const text of [
      '{"__proto__":{"polluted":1}}',
      '{"~":[{"__proto__":{"polluted":"~u"},"x":"~1"},{"__proto__":"~n"}]}',
    ]) {
      const value = decode(JSON.parse(text), []) as Record<string, unknown>;
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.keys(value)).toContain('__proto__');
      expect('polluted' in value).toBe(false);
    }
  });

  it('stay data on sparse arrays', () => {
    const value = decode(
      JSON.parse('{"~":["~1",["a",2,{"1":0,"__proto__":{"polluted":1}}]]}'),
      [],
    ) as unknown[];
    expect(Object.getPrototypeOf(value)).toBe(Array.prototype);
    expect(Object.keys(value)).toEqual(['1', '__proto__']);
  });
});

describe('each limit', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each<[string, object, (size: number) => unknown, number, ArrayBuffer[]?]>([
    ['maxDepth', { maxDepth: 5 }, (size) => JSON.parse(`{"~":[${nested(size)}]}`), 5],
    ['maxEntries', { maxEntries: 3 }, (size) => tagged(1, ...Array.from({ length: size }, () => ({}))), 3],
    [
      'maxNodes',
      { maxNodes: 30 },
      (size) => tagged(['~1'], ['T', ['a'], Array.from({ length: size - 2 }, () => 1)]),
      30,
    ],
    ['maxNodes', { maxNodes: 6 }, (size) => tagged(Array.from({ length: size - 1 }, () => ({}))), 6],
    ['maxArrayLength', { maxArrayLength: 50 }, (size) => tagged('~1', ['a', size, {}]), 50],
    ['maxBigIntDigits', { maxBigIntDigits: 10 }, (size) => tagged(`~g${'f'.repeat(size)}`), 10],
    ['maxRegExpLength', { maxRegExpLength: 20 }, (size) => tagged(`~r/${'a'.repeat(size - 1)}`), 20],
    ['maxByteLength', { maxByteLength: 64 }, (size) => tagged(`~b0,${size}`), 64, [new ArrayBuffer(8)]],
  ])('%s lets its own value pass and refuses one more', (_, limits, parsed, limit, buffers = []) => {
    expect(codeOf(() => decode(parsed(limit), buffers, { limits }))).toBe('nothing was thrown');
    expect(codeOf(() => decode(parsed(limit + 1), buffers, { limits }))).toBe('ERR_PROTOCOL');
  });

  it('counts the bytes of a buffer that came', () => {
    const limits = { maxByteLength: 8 };
    expect(codeOf(() => decode(tagged('~b0'), [new ArrayBuffer(8)], { limits }))).toBe('nothing was thrown');
    expect(codeOf(() => decode(tagged('~b0'), [new ArrayBuffer(9)], { limits }))).toBe('ERR_PROTOCOL');
  });

  it('has a default that a small frame with a large claim meets before anything is allocated', () => {
    const claims = [['~1', ['a', 2 ** 32 - 1, {}]], ['~b0,1099511627776'], [`~g${'f'.repeat(2 ** 18 + 1)}`]];
    for (const claim of claims)
      expect(codeOf(() => decode(tagged(...claim), [new ArrayBuffer(1)]))).toBe('ERR_PROTOCOL');
  });
});

/** Pieces that a frame may be made worse with. */
const fragments = fc.oneof(
  fc.constantFrom<unknown>(
    '~',
    '~0',
    '~1',
    '~2',
    '~u',
    '~h',
    '~b0',
    '~b1',
    '~p0',
    '~b0,99',
    '~vUint8Array,1,0',
    '~1.0',
    '~2.16',
    '~@1.1',
    '~@0',
    '~vFoo,1,0,1',
  ),
  fc.constantFrom<unknown>(null, -1, 1e308, 4294967295, 'length', '__proto__', [], {}, [[[[]]]], {
    '~': [1],
  }),
  fc.constantFrom<unknown>(
    ['a', 16777216, {}],
    ['M', '~0', '~0'],
    ['S', '~1'],
    ['A', []],
    ['T', ['a', '__proto__'], [1, '~@1'], [2, '~h']],
    ['R', 'Boxed', '~1'],
    ['R', 'Boxed', ['~2', '~1']],
    ['R', 'Unknown', 1],
    ['E', 'Error', null, null, '~0'],
  ),
  fc.string({ maxLength: 6 }).map((text) => `~${text}`),
  fc.jsonValue({ maxDepth: 2 }),
);

type Container = Record<string, unknown>;

/** Changes one place of a parsed frame; `at` chooses which. */
function mutate(frame: unknown, at: number, fragment: unknown, how: number): unknown {
  const places: [Container, string][] = [];
  const holder: Container = { frame };
  const queue: Container[] = [holder];
  for (let container = queue.pop(); container !== undefined; container = queue.pop()) {
    for (const key of Object.keys(container)) {
      places.push([container, key]);
      const child = container[key];
      if (typeof child === 'object' && child !== null) queue.push(child as Container);
    }
  }
  const [container, key] = places[at % places.length] as [Container, string];
  if (how === 0) delete container[key];
  else if (how === 1 && typeof container[key] === 'string') {
    const text = container[key];
    container[key] =
      text.slice(0, at % (text.length + 1)) +
      (JSON.stringify(fragment) ?? '') +
      text.slice(at % (text.length + 1));
  } else if (how === 2 && Array.isArray(container)) container.splice(Number(key), 1, fragment, fragment);
  else container[key] = fragment;
  return holder['frame'];
}

class Boxed {
  constructor(readonly inside: unknown) {}
}

describe('a mutated frame', () => {
  let unregister = (): void => undefined;
  beforeAll(() => {
    unregister = registerType<Boxed, unknown>('Boxed', {
      type: Boxed,
      serialize: ({ inside }) => inside,
      deserialize: (inside) => new Boxed(inside),
    });
  });
  afterAll(() => unregister());

  it(
    'becomes some value or an error with a code, and nothing else happens',
    () => {
      let refused = 0;
      const steps = fc.array(fc.tuple(fc.nat(), fragments, fc.nat({ max: 3 })), {
        minLength: 1,
        maxLength: 4,
      });
      fc.assert(
        fc.property(graphs, steps, (make, changes) => {
          const value = make();
          const { text, buffers } = encode(changes.length > 2 ? [new Boxed(value), value] : value);
          let frame = JSON.parse(text) as unknown;
          for (const [at, fragment, how] of changes)
            frame = mutate(frame, at, JSON.parse(JSON.stringify(fragment)), how);
          const code = codeOf(() => decode(JSON.parse(JSON.stringify(frame) ?? 'null'), buffers));
          if (code === 'ERR_PROTOCOL') refused++;
          else expect(code).toBe('nothing was thrown');
        }),
        { numRuns: mutations },
      );
      // A fuzzer whose frames all pass, or all fail at the first check, would prove nothing.
      expect(refused).toBeGreaterThan(mutations / 10);
      expect(refused).toBeLessThan(mutations);
    },
    60_000 + mutations * 2,
  );
});
