import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LanesError } from '../../src/core/errors.js';
import { buffersToText, textToBuffers } from '../../src/codec/base64.js';

const bytesOf = (buffer: ArrayBuffer | undefined): number[] => [
  ...new Uint8Array(buffer ?? new ArrayBuffer(0)),
];

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return LanesError.is(error) ? error.code : String(error);
  }
}

describe('buffers as text', () => {
  it('are the base64 that Node writes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 })), (list) => {
        const texts = buffersToText(list.map((bytes) => bytes.slice().buffer));
        expect(texts).toEqual(list.map((bytes) => Buffer.from(bytes).toString('base64')));
        expect(textToBuffers(JSON.parse(JSON.stringify(texts))).map(bytesOf)).toEqual(
          list.map((bytes) => [...bytes]),
        );
      }),
    );
  });

  it('cost at most 1.5 bytes a byte beyond a few', () => {
    for (const byteLength of [100, 1000, 100_000]) {
      expect((buffersToText([new ArrayBuffer(byteLength)])[0] as string).length).toBeLessThanOrEqual(
        byteLength * 1.5,
      );
    }
  });

  it('pass as they are where the pipe carried them as buffers', () => {
    const buffer = new ArrayBuffer(3);
    expect(textToBuffers([buffer, 'AA=='])[0]).toBe(buffer);
  });

  it.each<[string, unknown]>([
    ['no list', 'AAAA'],
    ['an object', {}],
    ['a number in the list', [1]],
    ['an object that says it is a buffer', [{ byteLength: 4 }]],
    ['an array that would become a text', [['AAAA']]],
    ['a length that is no multiple of four', ['AAA']],
    ['a character outside the alphabet', ['AA*A']],
    ['a character beyond ASCII', ['AAA\u0441']],
    ['padding in the middle', ['A=AA']],
    ['padding before a digit', ['AA=A']],
    ['padding that is all', ['====']],
    ['padding before the last group', ['AA==AAAA']],
  ])('are refused by their code: %s', (_, texts) => {
    expect(codeOf(() => textToBuffers(texts))).toBe('ERR_PROTOCOL');
  });

  it('are refused above the limit of all together, and not at it', () => {
    const texts = buffersToText([new ArrayBuffer(10), new ArrayBuffer(6)]);
    expect(codeOf(() => textToBuffers(texts, 16))).toBe('nothing was thrown');
    expect(codeOf(() => textToBuffers(texts, 15))).toBe('ERR_PROTOCOL');
  });
});
