/**
 * Buffers as text, for a pipe that carries no ArrayBuffer: base64 of RFC 4648, 4 characters for 3 bytes, without the
 * globals `btoa` and `TextDecoder`, which the logic layer does not promise.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
import { isArrayBuffer } from './buffers.js';
import { protocolError } from './limits.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** 12 bits at a time: two characters for each number from 0 to 4095. Made at the first use. */
let pairs: string[] | undefined;
/** 6 bits by character code; 255 for what is no digit. */
let digits: Uint8Array | undefined;

function pairTable(): string[] {
  if (pairs === undefined) {
    pairs = [];
    for (const high of alphabet) for (const low of alphabet) pairs.push(high + low);
  }
  return pairs;
}

function digitTable(): Uint8Array {
  if (digits === undefined) {
    digits = new Uint8Array(128).fill(255);
    for (let value = 0; value < 64; value++) digits[alphabet.charCodeAt(value)] = value;
  }
  return digits;
}

/** The text of each buffer. */
export function buffersToText(buffers: readonly ArrayBuffer[]): string[] {
  return buffers.map(toBase64);
}

function toBase64(buffer: ArrayBuffer): string {
  const table = pairTable();
  const bytes = new Uint8Array(buffer);
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let at = 0; at < whole; at += 3) {
    const bits = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    text += (table[bits >> 12] as string) + (table[bits & 4095] as string);
  }
  if (whole === bytes.length) return text;
  const bits = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8);
  const last = whole + 2 === bytes.length ? `${alphabet.charAt((bits >> 6) & 63)}=` : '==';
  return text + (table[bits >> 12] as string) + last;
}

/**
 * The buffers of `texts`; what is an ArrayBuffer already passes.
 * @throws LanesError `ERR_PROTOCOL` for what is no list of base64 texts, or is longer than `maxByteLength` bytes
 *   together; nothing is allocated before all lengths are known.
 */
export function textToBuffers(texts: unknown, maxByteLength = 2 ** 30): ArrayBuffer[] {
  if (!Array.isArray(texts)) throw protocolError('buffers that are no list', texts);
  let total = 0;
  for (const text of texts as unknown[]) total += byteLengthOf(text);
  if (total > maxByteLength)
    throw protocolError(`${total} bytes are above maxByteLength (${maxByteLength})`, total);
  return (texts as (string | ArrayBuffer)[]).map(bufferOf);
}

function byteLengthOf(text: unknown): number {
  if (isArrayBuffer(text)) return 0;
  if (typeof text !== 'string' || text.length % 4 !== 0)
    throw protocolError('a buffer that is no base64 text', text);
  const padding = text.slice(-2) === '==' ? 2 : text.slice(-1) === '=' ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function bufferOf(text: string | ArrayBuffer): ArrayBuffer {
  if (typeof text !== 'string') return text;
  const table = digitTable();
  const byteLength = byteLengthOf(text);
  const bytes = new Uint8Array(byteLength);
  // Padding counts as zeros, and only at the very end.
  const end = text.length - ((text.length / 4) * 3 - byteLength);
  let bad = 0;
  let at = 0;
  const digitAt = (index: number): number => {
    const code = text.charCodeAt(index);
    const digit = index >= end ? 0 : code < 128 ? (table[code] as number) : 255;
    bad |= digit & 128;
    return digit;
  };
  for (let index = 0; index < text.length; index += 4) {
    const bits =
      (digitAt(index) << 18) | (digitAt(index + 1) << 12) | (digitAt(index + 2) << 6) | digitAt(index + 3);
    // A store beyond the end is ignored: the last group may be short.
    bytes[at++] = bits >> 16;
    bytes[at++] = bits >> 8;
    bytes[at++] = bits;
  }
  if (bad !== 0) throw protocolError('a buffer that is no base64 text', text);
  return bytes.buffer;
}
