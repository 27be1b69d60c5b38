import { afterEach, describe, expect, it } from 'vitest';
import { platformObject } from '../../src/core/brand.js';
import { LanesError } from '../../src/core/errors.js';
import { clone, structuredClone } from '../../src/codec/clone.js';
import { decode } from '../../src/codec/decode.js';
import { encode } from '../../src/codec/encode.js';
import { registerType } from '../../src/codec/registered-types.js';
import { roundTrip } from './round-trip.js';

const eachWay = Object.entries({
  encode: (value: unknown): unknown => roundTrip(value),
  structuredClone: (value: unknown): unknown => structuredClone(value),
});

class Money {
  constructor(readonly cents: unknown) {}
}

const undo: (() => void)[] = [];
const registerMoney = (): void => {
  undo.push(
    registerType<Money, unknown>('Money', {
      type: Money,
      serialize: (money) => money.cents,
      deserialize: (cents) => new Money(cents),
    }),
  );
};

afterEach(() => {
  for (const unregister of undo.splice(0)) unregister();
});

function errorOf(run: () => unknown): Error & { code?: string } {
  try {
    run();
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('nothing was thrown');
}

describe.each(eachWay)('a registered type through %s', (_, through) => {
  it('arrives as an instance, one for each that was sent', () => {
    registerMoney();
    const price = new Money(5);
    const copy = through({ price, list: [price, new Money(6)], map: new Map([[price, price]]) }) as {
      price: Money;
      list: Money[];
      map: Map<Money, Money>;
    };
    expect(copy.price).toBeInstanceOf(Money);
    expect(copy.price).not.toBe(price);
    expect(copy.list[0]).toBe(copy.price);
    expect(copy.list[1]).toEqual(new Money(6));
    expect(copy.map.get(copy.price)).toBe(copy.price);
  });

  it('is given the whole of its data, Maps and further instances included', () => {
    const seen: unknown[] = [];
    undo.push(
      registerType<Money, unknown>('Money', {
        match: (value) => value instanceof Money,
        serialize: (money) => money.cents,
        deserialize: (cents) => {
          if (cents instanceof Map) seen.push(...(cents.get('k') as Set<Money>));
          return new Money(cents);
        },
      }),
    );
    const before = new Money(1);
    through([before, new Money(new Map([['k', new Set([before, new Money([2])])]]))]);
    expect(seen).toEqual([new Money(1), new Money([2])]);
  });

  it('may be the value itself, a cell of a table, a Set member and an error of its own class', () => {
    class HttpError extends Error {
      constructor(readonly status: number) {
        super(`status ${status}`);
      }
    }
    registerMoney();
    undo.push(
      registerType<HttpError, number>('HttpError', {
        type: HttpError,
        serialize: ({ status }) => status,
        deserialize: (status) => new HttpError(status),
      }),
    );
    expect(through(new Money(1))).toEqual(new Money(1));
    const rows = Array.from({ length: 20 }, (_, id) => ({ id, price: new Money(id), more: undefined }));
    expect(through(rows)).toEqual(rows);
    expect(through(new Set([new Money(3)]))).toEqual(new Set([new Money(3)]));
    expect((through([new HttpError(404)]) as HttpError[])[0]).toMatchObject({ status: 404 });
    expect((through([new HttpError(404)]) as HttpError[])[0]).toBeInstanceOf(HttpError);
  });

  it('cannot lead back to itself, and the error says where it does', () => {
    registerMoney();
    const data: unknown[] = [];
    const money = new Money(data);
    data.push({ back: money });
    expect(errorOf(() => through({ money })).message).toBe(
      'value.money.<Money>[0].back is inside itself: an instance of a registered type, which cannot be cloned',
    );
  });

  it('may lead back to what it is in', () => {
    registerMoney();
    const account: Record<string, unknown> = {};
    account['balance'] = new Money({ account });
    const copy = through(account) as { balance: { cents: { account: unknown } } };
    expect(copy.balance.cents.account).toBe(copy);
  });

  it('nests 100 levels, and says so where it nests without end', () => {
    registerMoney();
    const nested = (levels: number): unknown => {
      let value: unknown = 'leaf';
      for (let level = 0; level < levels; level++) value = new Money(value);
      return value;
    };
    let copy = through(nested(100));
    let levels = 0;
    for (; copy instanceof Money; levels++) copy = copy.cents;
    expect(levels).toBe(100);
    expect(errorOf(() => through(nested(5000))).message).toMatch(
      /levels inside an instance of a registered type/,
    );
  });

  it('lets pass what its functions throw to the sender', () => {
    const mine = new Error('mine');
    undo.push(
      registerType<Money, unknown>('Money', {
        type: Money,
        serialize: () => {
          throw mine;
        },
        deserialize: () => new Money(0),
      }),
    );
    expect(errorOf(() => through([new Money(1)]))).toBe(mine);
  });

  it('is a plain object again when it was taken away', () => {
    registerMoney();
    for (const unregister of undo.splice(0)) unregister();
    expect(through(new Money(1))).toEqual({ cents: 1 });
  });
});

describe('plain data', () => {
  it('are never shown to a match', () => {
    undo.push(
      registerType('greedy', {
        match: () => expect.unreachable(),
        serialize: () => 0,
        deserialize: () => ({}),
      }),
    );
    const value = { list: [{ a: undefined }], bytes: new Uint8Array(2), buffer: new ArrayBuffer(1) };
    expect(roundTrip(value)).toEqual(value);
    expect(structuredClone(value)).toEqual(value);
  });
});

describe('a port that is transferred', () => {
  it('is moved though a match would take it', () => {
    undo.push(
      registerType('greedy', { match: () => true, serialize: () => 0, deserialize: () => ({ taken: 1 }) }),
    );
    const [port, successor] = [Object.create({ [platformObject]: true }) as object, { port: true }];
    const { text } = encode({ port }, { ports: new Map([[port, 0]]) });
    expect(decode(JSON.parse(text), [], { ports: [successor] })).toEqual({ port: successor });
    expect(clone({ port }, { replace: new Map([[port, successor]]) })).toEqual({ port: successor });
  });
});

describe('a receiver', () => {
  const sent = (): unknown => {
    registerMoney();
    const { text } = encode([new Money(1)]);
    for (const unregister of undo.splice(0)) unregister();
    return JSON.parse(text);
  };

  it('names the type that it does not know, and the way out', () => {
    const error = errorOf(() => decode(sent(), []));
    expect(LanesError.is(error)).toBe(true);
    expect(error.message).toMatch(/"Money".*registerType.*both ends/);
  });

  it('refuses a message whose data the type cannot take, with the error of the type as cause', () => {
    const parsed = sent();
    const mine = new TypeError('no such money');
    undo.push(
      registerType('Money', {
        type: Money,
        serialize: () => 0,
        deserialize: () => {
          throw mine;
        },
      }),
    );
    expect(errorOf(() => decode(parsed, []))).toMatchObject({ code: 'ERR_PROTOCOL', cause: mine });
  });

  it.each<[string, unknown[]]>([
    ['an instance inside itself', ['~1', ['R', 'Money', '~1']]],
    ['two instances inside each other', ['~1', ['R', 'Money', '~2'], ['R', 'Money', ['~1']]]],
    ['a name that is no string', ['~1', ['R', ['Money'], 1]]],
    ['an instance without data', ['~1', ['R', 'Money']]],
    [
      'instances that nest 100,000 levels',
      ['~1', ...Array.from({ length: 100_000 }, (_, at) => ['R', 'Money', [`~${at + 2}`]]), {}],
    ],
  ])('refuses %s', (_, table) => {
    registerMoney();
    expect(errorOf(() => decode({ '~': table }, []))).toMatchObject({ code: 'ERR_PROTOCOL' });
  });
});

describe('registerType', () => {
  const functions = { serialize: (): number => 0, deserialize: (): object => ({}) };

  it.each<[string, string, unknown, unknown]>([
    ['an empty name', 'ERR_INVALID_ARGUMENT', '', { type: Money, ...functions }],
    ['a long name', 'ERR_INVALID_ARGUMENT', 'x'.repeat(101), { type: Money, ...functions }],
    ['a name that is no string', 'ERR_INVALID_ARGUMENT', 1, { type: Money, ...functions }],
    ['no description', 'TypeError', 'x', undefined],
    ['neither type nor match', 'TypeError', 'x', functions],
    ['both type and match', 'TypeError', 'x', { type: Money, match: () => true, ...functions }],
    ['a match that is no function', 'TypeError', 'x', { match: 1, ...functions }],
    ['no way back', 'TypeError', 'x', { type: Money, serialize: () => 0 }],
  ])('refuses %s', (_, code, name, description) => {
    const error = errorOf(() => registerType(name as string, description as never));
    expect(error.code ?? error.name).toBe(code);
  });

  it('refuses a name that is taken until it is free again', () => {
    const unregister = registerType('taken', { type: Money, ...functions } as never);
    expect(errorOf(() => registerType('taken', { type: Money, ...functions } as never)).message).toMatch(
      /"taken"/,
    );
    unregister();
    unregister();
    registerType('taken', { type: Money, ...functions } as never)();
  });
});
