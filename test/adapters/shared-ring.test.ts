import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BY_MESSAGE,
  BY_NOTIFY,
  RingReader,
  RingWriter,
  createRingMemory,
  isRingMemory,
} from '../../src/adapters/shared-ring.js';
import type { RingRecord } from '../../src/adapters/shared-ring.js';

const tailWord = 0;
const headWord = 16;
const firstRecordWord = 48;

const protocolError = expect.objectContaining({ code: 'ERR_PROTOCOL' }) as Error;

/** Both ends of a ring whose counters stand at `start`, as after so many bytes. */
function createRing(capacity: number, start = 0) {
  const memory = createRingMemory(capacity);
  const words = new Int32Array(memory);
  words[tailWord] = words[headWord] = start | 0;
  const writer = new RingWriter(memory);
  const reader = new RingReader(memory);
  Object.assign(writer, { tail: start, seenHead: start } as object);
  Object.assign(reader, { head: start, seenTail: start, toldHead: start } as object);
  return { writer, reader, words };
}

const recordBytes = (text: string | null): number =>
  8 + Math.ceil(new TextEncoder().encode(text ?? '').length / 8) * 8;

const texts = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.nat(200).map((length) => 'x'.repeat(length)),
);
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ text: texts, value: fc.nat(0xffffffff) }) },
    { weight: 1, arbitrary: fc.record({ text: fc.constant(null), value: fc.nat(0xffffffff) }) },
    { weight: 4, arbitrary: fc.constant('read' as const) },
  ),
  { maxLength: 120 },
);

describe('a shared ring', () => {
  it('is a bounded queue, whatever the sizes, at any place and over the end of its counters', () => {
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom(64, 128, 256, 1024),
        fc.constantFrom(0, 40, 2 ** 31 - 64, 2 ** 32 - 200).map((start) => start & -8),
        (script, capacity, start) => {
          const { writer, reader } = createRing(capacity, start >>> 0);
          const model: RingRecord[] = [];
          let isEmpty = true;
          for (const step of script) {
            if (step === 'read') {
              isEmpty = model.length === 0;
              expect(reader.read()).toEqual(model.shift() ?? null);
              continue;
            }
            const { text, value } = step;
            const wrote = text === null ? writer.writeBare(value) : writer.write(text, value);
            if (wrote) model.push(step);
            // In an empty ring one of the two pieces has room for a record of half the ring.
            else expect(!isEmpty || recordBytes(text) > capacity / 2).toBe(true);
            isEmpty = false;
          }
          for (const record of model) expect(reader.read()).toEqual(record);
          expect(reader.read()).toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes a text that fills it to the last byte, and none that is longer', () => {
    const { writer, reader } = createRing(64);
    expect(writer.write('x'.repeat(57), 1)).toBe(false);
    expect(writer.write('x'.repeat(56), 1)).toBe(true);
    expect(writer.writeBare(2)).toBe(false);
    expect(reader.read()).toEqual({ text: 'x'.repeat(56), value: 1 });
    expect(writer.writeBare(2)).toBe(true);
  });

  it('keeps a byte order mark and pairs of surrogates, and refuses half a pair', () => {
    const { writer, reader } = createRing(256);
    expect(writer.write('\ufeff𝄞', 1)).toBe(true);
    expect(writer.write('\ud834', 1)).toBe(false);
    expect(writer.write('a\udd1eb', 1)).toBe(false);
    expect(reader.read()).toEqual({ text: '\ufeff𝄞', value: 1 });
    expect(reader.read()).toBeNull();
  });

  it('lets a reader sleep only while there is nothing, and tells its writer once', () => {
    const { writer, reader } = createRing(256);
    for (const how of [BY_NOTIFY, BY_MESSAGE]) {
      expect(reader.sleep(how)).toBe(true);
      writer.write('a', 1);
      expect(writer.takeSleeper()).toBe(how);
      expect(writer.takeSleeper()).toBe(0);
      expect(reader.sleep(how)).toBe(false);
      expect(writer.takeSleeper()).toBe(0);
      reader.read();
    }
  });

  it('is not made of memory of another size, or of no shared memory', () => {
    expect(isRingMemory(createRingMemory(64))).toBe(true);
    for (const bytes of [0, 192, 192 + 32, 192 + 100])
      expect(isRingMemory(new SharedArrayBuffer(bytes))).toBe(false);
    for (const value of [new ArrayBuffer(256), { byteLength: 256 }, null])
      expect(isRingMemory(value)).toBe(false);
  });
});

describe('a shared ring whose other end writes anything', () => {
  it('ends in a typed error or in records, never in more of them than there can be', () => {
    const place = fc.oneof(
      fc.constantFrom(tailWord, headWord),
      fc.nat(31).map((at) => firstRecordWord + at),
    );
    const small = fc.nat(300).map((value) => value * 4);
    const damage = fc.array(fc.tuple(place, fc.oneof(small, fc.integer())), { maxLength: 40 });
    fc.assert(
      fc.property(damage, fc.array(texts, { maxLength: 4 }), (writes, before) => {
        const { writer, reader, words } = createRing(128);
        for (const text of before) writer.write(text, 7);
        for (const [at, value] of writes) words[at] = value;
        try {
          let records = 0;
          while (reader.read() !== null) expect(++records).toBeLessThanOrEqual(16);
          for (let n = 0; n < 16; n++) writer.write('text', n);
        } catch (error) {
          expect(error).toEqual(protocolError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['beyond what can be there', 136],
    ['between two records', 12],
    ['behind us', -8],
  ])('refuses a writer %s', (_where, tail) => {
    const { reader, words } = createRing(128);
    words[tailWord] = tail;
    expect(() => reader.read()).toThrow(protocolError);
    expect(() => reader.sleep(BY_NOTIFY)).toThrow(protocolError);
  });

  it.each([
    ['ahead of us', 72],
    ['between two records', 12],
    ['that went back', -8],
  ])('refuses a reader %s', (_where, head) => {
    const { writer, words } = createRing(64);
    writer.write('x'.repeat(56), 1);
    words[headWord] = head;
    expect(() => writer.write('more', 1)).toThrow(protocolError);
  });

  it.each([
    ['of no kind', 0],
    ['of an unknown kind', 7],
    ['longer than what was written', (9 << 3) | 1],
    ['with a length that no ring has', -1],
    ['that skips all of the ring', (120 << 3) | 3],
    ['that skips to nowhere', (0 << 3) | 3],
  ])('refuses a record %s', (_what, head) => {
    const { reader, words } = createRing(128);
    words[firstRecordWord] = head;
    words[tailWord] = head >>> 3 === 120 ? 128 : 16;
    expect(() => reader.read()).toThrow(protocolError);
  });
});
