import { afterEach, describe, expect, it } from 'vitest';
import { LanesError } from '../../src/core/errors.js';
import { decode, encode } from '../../src/codec/carrier.js';
import { provideDetach, transferSteps } from '../../src/codec/transfer.js';

const native = globalThis.structuredClone;
const encodeAny = encode as (...given: unknown[]) => ReturnType<typeof encode>;
const decodeAny = decode as (...given: unknown[]) => unknown;

afterEach(() => provideDetach(() => null));

function nameOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return LanesError.is(error) ? error.code : (error as Error).name;
  }
}

describe('encode and decode for carriers of a program', () => {
  it('give back what was given, text and buffers apart', () => {
    const value = { map: new Map([['a', 1n]]), when: new Date(5), bytes: Uint8Array.of(1, 2) };
    const { text, buffers } = encode(value);
    expect([typeof text, buffers.length]).toEqual(['string', 1]);
    expect(decode(text, buffers)).toEqual(value);
    expect(decode(encode({ plain: [1, 'a'] }).text)).toEqual({ plain: [1, 'a'] });
    expect(decode(encode(undefined).text)).toBe(undefined);
  });

  it('move the buffers of a transfer list', () => {
    provideDetach(() => (buffer) => native(buffer, { transfer: [buffer] }));
    const { buffer } = Uint8Array.of(7);
    const { text, buffers } = encode({ buffer }, { transfer: [buffer] });
    expect(buffer.byteLength).toBe(0);
    expect((decode(text, buffers) as { buffer: ArrayBuffer }).buffer.byteLength).toBe(1);
  });

  it.each<[string, string, () => unknown]>([
    ['no value', 'TypeError', () => encodeAny()],
    ['options that are a number', 'TypeError', () => encodeAny(1, 2)],
    ['a transfer list of numbers', 'TypeError', () => encodeAny(1, { transfer: [1] })],
    ['an unknown limit', 'TypeError', () => encodeAny(1, { limits: { maxFun: 1 } })],
    ['a limit that is a fraction', 'TypeError', () => encodeAny(1, { limits: { maxNodes: 1.5 } })],
    ['a depth that the stack may not bear', 'TypeError', () => encodeAny(1, { limits: { maxDepth: 1001 } })],
    ['a depth of nothing', 'TypeError', () => decodeAny('1', [], { limits: { maxDepth: 2 } })],
    [
      'an object of a port kind in the list',
      'DataCloneError',
      () => encodeAny(1, { transfer: [{ [transferSteps]: () => ({}) }] }),
    ],
    ['an object in the list', 'DataCloneError', () => encodeAny(1, { transfer: [{}] })],
    ['a function', 'DataCloneError', () => encodeAny(() => 0)],
    ['a text that is none', 'TypeError', () => decodeAny({})],
    ['buffers that are no list', 'TypeError', () => decodeAny('1', {})],
    ['a text that is no JSON', 'ERR_PROTOCOL', () => decodeAny('{')],
    ['a malformed tag', 'ERR_PROTOCOL', () => decodeAny('{"~":["~?"]}')],
    ['a buffer that is missing', 'ERR_PROTOCOL', () => decodeAny(encode(new ArrayBuffer(1)).text)],
  ])('refuse %s by a %s', (_, name, run) => {
    expect(nameOf(run)).toBe(name);
  });

  it('take the longest text that is allowed and no longer one, before it is parsed', () => {
    const limits = { maxTextLength: 8 };
    expect(encode('abcdef', { limits }).text).toBe('"abcdef"');
    expect(() => encode('abcdefg', { limits })).toThrow(
      /^value takes 9, which is above maxTextLength \(8\)$/,
    );
    expect(decode('"abcdef"', [], { limits })).toBe('abcdef');
    expect(nameOf(() => decode('"abcdefg"', [], { limits }))).toBe('ERR_PROTOCOL');
    expect(() => decode('no JSON at all', [], { limits })).toThrow(/maxTextLength/);
  });

  it('take as many objects as are allowed and no more', () => {
    const limits = { maxNodes: 3 };
    const [fits, exceeds] = [
      [{}, { a: undefined }],
      [{}, {}, { a: undefined }],
    ];
    const { text } = encode(fits, { limits });
    expect(decode(text, [], { limits })).toEqual(fits);
    expect(() => encode(exceeds, { limits })).toThrow(/^value\[2\] takes 4, which is above maxNodes \(3\)$/);
    expect(nameOf(() => decode(encode(exceeds).text, [], { limits }))).toBe('ERR_PROTOCOL');
  });
});
