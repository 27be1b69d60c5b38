import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../miniprogram-demo/preview/shared/carrier.js';

const through = (message: unknown): unknown => unpack(pack(message, 'json'));

describe('the JSON carrier', () => {
  it('does to any message what JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (message) => {
        expect(through(message)).toEqual(JSON.parse(JSON.stringify(message)));
      }),
    );
  });

  it('keeps buffers that are members or one level below, and no deeper', () => {
    const buffer = new Uint8Array([1, 2]).buffer;
    expect(through({ buffer, list: [buffer], in: { side: { buffer } } })).toEqual({
      buffer,
      list: [buffer],
      in: { side: { buffer: {} } },
    });
  });

  it('loses what JSON loses', () => {
    expect(through({ a: undefined, n: NaN, m: new Map([[1, 2]]), t: new Uint8Array([5]) })).toEqual({
      n: null,
      m: {},
      t: { 0: 5 },
    });
  });

  it('refuses a circle as a device does', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => pack(circle, 'json')).toThrow(TypeError);
  });
});

describe('the clone carrier', () => {
  it('hands the message over as it is', () => {
    const message = { map: new Map([[1, 2]]) };
    expect(unpack(pack(message, 'clone'))).toBe(message);
  });
});
