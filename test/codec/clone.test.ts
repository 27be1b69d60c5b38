import { afterEach, describe, expect, it, vi } from 'vitest';
import { DOMException } from '../../src/core/dom-exception.js';
import { clone, structuredClone } from '../../src/codec/clone.js';
import { encode } from '../../src/codec/encode.js';
import { detach, provideDetach, transferSteps } from '../../src/codec/transfer.js';

const native = globalThis.structuredClone;
const hostDetach = (buffer: ArrayBuffer): ArrayBuffer => native(buffer, { transfer: [buffer] });
const call = structuredClone as (...list: unknown[]) => unknown;

afterEach(() => provideDetach(() => null));

function nameOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return (error as Error).name;
  }
}

describe('the function as Web IDL has it', () => {
  it('has the name and length of the standard and needs its argument', () => {
    expect([structuredClone.name, structuredClone.length]).toEqual(['structuredClone', 1]);
    expect(() => call()).toThrow(TypeError);
    expect(call(undefined)).toBe(undefined);
  });

  it.each<[string, unknown]>([
    ['a number', 1],
    ['a string', 'x'],
    ['a symbol', Symbol()],
    ['a transfer list that is null', { transfer: null }],
    ['a transfer list that is no object', { transfer: 'ab' }],
    ['a transfer list that cannot be iterated', { transfer: {} }],
    ['a transfer list of primitives', { transfer: [1] }],
  ])('throws a TypeError for options that are %s', (_, options) => {
    expect(nameOf(() => call(1, options))).toBe('TypeError');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an object', {}],
    ['a function', () => 0],
    ['no transfer list', { transfer: undefined }],
    ['an empty set', { transfer: new Set() }],
  ])('takes %s for options', (_, options) => {
    expect(call(1, options)).toBe(1);
  });
});

describe('transfer', () => {
  it.each<[string, () => unknown[]]>([
    ['what cannot be transferred', () => [{}]],
    ['a view', () => [new Uint8Array(1)]],
    ['shared memory', () => [new SharedArrayBuffer(1)]],
    ['the same buffer twice', () => ((b) => [b, b])(new ArrayBuffer(1))],
    ['a buffer that is detached', () => ((b) => (hostDetach(b), [b]))(new ArrayBuffer(1))],
    ['a detached platform object', () => [{ [transferSteps]: undefined }]],
  ])('refuses %s', (_, list) => {
    expect(nameOf(() => call(1, { transfer: list() }))).toBe('DataCloneError');
  });

  it('moves a buffer into the clone and leaves it detached', () => {
    provideDetach(() => hostDetach);
    const buffer = Uint8Array.of(1, 2, 3, 4).buffer;
    const value = {
      buffer,
      view: new Uint8Array(buffer, 1, 2),
      map: new Map<unknown, unknown>([[buffer, [buffer]]]),
    };
    const copy = structuredClone(value, { transfer: [buffer] });
    expect(buffer.byteLength).toBe(0);
    expect([...copy.view]).toEqual([2, 3]);
    expect(copy.view.buffer).toBe(copy.buffer);
    expect([...copy.map]).toEqual([[copy.buffer, [copy.buffer]]]);
  });

  it('moves a buffer that is not part of the value', () => {
    provideDetach(() => hostDetach);
    const buffer = new ArrayBuffer(1);
    expect(structuredClone('else', { transfer: [buffer] })).toBe('else');
    expect(buffer.byteLength).toBe(0);
  });

  it('moves nothing when the value cannot be cloned', () => {
    provideDetach(() => hostDetach);
    const buffer = new ArrayBuffer(4);
    expect(nameOf(() => structuredClone({ buffer, f() {} }, { transfer: [buffer] }))).toBe('DataCloneError');
    expect(buffer.byteLength).toBe(4);
  });

  it('finds that a getter detached a buffer of the list', () => {
    provideDetach(() => hostDetach);
    const buffer = new ArrayBuffer(4);
    const value = {
      get gone(): number {
        hostDetach(buffer);
        return 1;
      },
    };
    expect(nameOf(() => structuredClone(value, { transfer: [buffer] }))).toBe('DataCloneError');
  });

  it('puts the successor of a platform object in all its places', () => {
    const successor = { moved: true };
    const port = { [transferSteps]: () => successor };
    const copy = structuredClone(
      { port, set: new Set([port]), list: [port] },
      { transfer: [port] },
    ) as Record<string, unknown>;
    expect(copy['port']).toBe(successor);
    expect(copy['set']).toEqual(new Set([successor]));
    expect((copy['list'] as unknown[])[0]).toBe(successor);
  });

  it('copies where the engine can detach nothing', () => {
    const { buffer } = Uint8Array.of(7);
    const copy = structuredClone({ buffer }, { transfer: [buffer] });
    expect(copy.buffer).not.toBe(buffer);
    expect([...new Uint8Array(copy.buffer)]).toEqual([7]);
  });
});

describe('a clone that an app makes the global one', () => {
  it('does not ask itself to detach', async () => {
    vi.resetModules();
    vi.stubGlobal('structuredClone', undefined);
    try {
      const ours = await import('../../src/channel.js');
      vi.stubGlobal('structuredClone', ours.structuredClone);
      const { buffer } = Uint8Array.of(7);
      const copy = ours.structuredClone(buffer, { transfer: [buffer] });
      expect([...new Uint8Array(copy)]).toEqual([7]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('clone of a value that is nobody else’s', () => {
  it('has the buffers themselves, and names them', () => {
    const take = new Set<ArrayBuffer>();
    const [buffer, viewed] = [new ArrayBuffer(1), new ArrayBuffer(2)];
    const copy = clone({ buffer, view: new Uint8Array(viewed, 1) }, { take }) as {
      buffer: ArrayBuffer;
      view: Uint8Array;
    };
    expect(copy.buffer).toBe(buffer);
    expect(copy.view.buffer).toBe(viewed);
    expect([...take]).toEqual([buffer, viewed]);
  });
});

describe('clone with successors given', () => {
  it('puts each successor in the places of its object', () => {
    const [port, successor] = [{ port: 1 }, { port: 2 }];
    const copy = clone(
      { a: port, m: new Map([[port, port]]) },
      { replace: new Map([[port, successor]]) },
    ) as Record<string, unknown>;
    expect(copy['a']).toBe(successor);
    expect([...(copy['m'] as Map<unknown, unknown>)]).toEqual([[successor, successor]]);
  });
});

describe('encode with a transfer list', () => {
  it('moves the bytes, whether or not they are part of the value', () => {
    provideDetach(() => hostDetach);
    const [sent, unsent] = [Uint8Array.of(1, 2).buffer, new ArrayBuffer(3)];
    const { buffers } = encode({ view: new Uint8Array(sent, 1) }, { transfer: new Set([sent, unsent]) });
    expect([sent.byteLength, unsent.byteLength]).toEqual([0, 0]);
    expect(buffers.map((buffer) => [...new Uint8Array(buffer)])).toEqual([[1, 2]]);
  });

  it('gives a snapshot where nothing can be detached', () => {
    const bytes = Uint8Array.of(1);
    const { buffers } = encode(bytes, { transfer: new Set([bytes.buffer]) });
    bytes[0] = 2;
    expect([...new Uint8Array(buffers[0] as ArrayBuffer)]).toEqual([1]);
  });

  it('moves nothing when the value cannot be cloned', () => {
    provideDetach(() => hostDetach);
    const buffer = new ArrayBuffer(4);
    expect(() => encode([buffer, Symbol()], { transfer: new Set([buffer]) })).toThrow(DOMException);
    expect(buffer.byteLength).toBe(4);
  });
});

describe('detach', () => {
  const resizable = (): ArrayBuffer & { maxByteLength: number } =>
    new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer & { maxByteLength: number })(2, {
      maxByteLength: 5,
    });

  it('uses what the host gives', () => {
    provideDetach(() => hostDetach);
    const buffer = resizable();
    expect(detach(buffer)?.byteLength).toBe(2);
    expect(buffer.byteLength).toBe(0);
  });

  const canTransfer = 'transfer' in ArrayBuffer.prototype;

  it('empties a resizable buffer where it can do no more', () => {
    const buffer = resizable();
    new Uint8Array(buffer).set([8, 9]);
    const moved = detach(buffer) as ReturnType<typeof resizable>;
    expect([...new Uint8Array(moved)]).toEqual([8, 9]);
    expect(moved.maxByteLength).toBe(5);
    expect(buffer.byteLength).toBe(0);
  });

  it('says that a buffer of fixed length must be copied, unless the engine can transfer it', () => {
    const buffer = new ArrayBuffer(2);
    expect(detach(buffer) === null).toBe(!canTransfer);
    expect(buffer.byteLength).toBe(canTransfer ? 0 : 2);
  });
});
