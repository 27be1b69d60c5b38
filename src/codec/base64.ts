/**
 * Buffers as text, for a pipe that carries no ArrayBuffer: base64 of RFC 4648, 4 characters for 3 bytes, without the
 * globals `btoa` and `TextDecoder`, which the logic layer does not promise.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
import { isArrayBuffer } from './buffers.js';
import { protocolError } from './limits.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Character code of each digit, and digit of each character code; 64 for what is none. Made at the first use. */
let tables: { readonly codes: Uint8Array; readonly digits: Uint8Array } | undefined;

function madeTables(): NonNullable<typeof tables> {
  const codes = new Uint8Array(64);
  const digits = new Uint8Array(128).fill(64);
  for (let digit = 0; digit < 64; digit++) {
    codes[digit] = alphabet.charCodeAt(digit);
    digits[alphabet.charCodeAt(digit)] = digit;
  }
  return (tables = { codes, digits });
}

/** The text of each buffer. */
export function buffersToText(buffers: readonly ArrayBuffer[]): string[] {
  return buffers.map(toBase64);
}

/** As many arguments as every engine takes in one call. */
const chunkLength = 8192;

function toBase64(buffer: ArrayBuffer): string {
  const { codes } = tables ?? madeTables();
  const bytes = new Uint8Array(buffer);
  const padding = (3 - (bytes.length % 3)) % 3;
  const characters = new Uint8Array(((bytes.length + padding) / 3) * 4);
  for (let at = 0, to = 0; at < bytes.length; at += 3) {
    // A byte beyond the end reads as nothing, which is zero here.
    const bits = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    for (let shift = 18; shift >= 0; shift -= 6) characters[to++] = codes[(bits >> shift) & 63] as number;
  }
  let text = '';
  for (let at = 0; at < characters.length; at += chunkLength) {
    const chunk: unknown = characters.subarray(at, at + chunkLength);
    text += String.fromCharCode.apply(null, chunk as number[]);
  }
  return text.slice(0, text.length - padding) + '=='.slice(0, padding);
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
  const { digits } = tables ?? madeTables();
  const byteLength = byteLengthOf(text);
  const bytes = new Uint8Array(byteLength);
  // Padding counts as zeros, and only at the very end.
  const end = text.length - ((text.length / 4) * 3 - byteLength);
  let bits = 0;
  for (let index = 0, at = 0; index < text.length; index++) {
    const digit = index < end ? digits[text.charCodeAt(index)] : 0;
    if (digit === undefined || digit > 63) throw protocolError('a buffer that is no base64 text', text);
    bits = (bits << 6) | digit;
    if (index % 4 !== 3) continue;
    // A store beyond the end is ignored: the last group may be short.
    bytes[at++] = bits >> 16;
    bytes[at++] = bits >> 8;
    bytes[at++] = bits;
  }
  return bytes.buffer;
}
