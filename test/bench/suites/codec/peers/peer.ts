/**
 * Who encodes and decodes. Tags: `own` is ours, `limit` cannot be beaten and knows plain data only, `text` goes as JSON text
 * (ours with the bytes beside it), `binary` as bytes, `memory` does not leave the thread.
 */
import type { SubjectInfo } from '../../../harness/result.js';

export interface Codec {
  encode(this: void, value: unknown): unknown;
  /** `null` where `encode` gives the copy itself. */
  readonly decode: ((wire: unknown) => unknown) | null;
  /** Bytes of what is sent; `null` where nothing is. */
  readonly bytesOf: ((wire: unknown) => number) | null;
}

export interface Peer extends SubjectInfo {
  /** Loads the library; rejects where it cannot run, with the reason as message. */
  load(this: void): Promise<Codec>;
}

/** A codec whose wire form is one text. */
export function textCodec(encode: (value: unknown) => string, decode: (text: string) => unknown): Codec {
  return {
    encode,
    decode: decode as (wire: unknown) => unknown,
    bytesOf: (wire) => utf8Bytes(wire as string),
  };
}

/** A codec whose wire form is bytes. */
export function binaryCodec(
  encode: (value: unknown) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): Codec {
  return {
    encode,
    decode: decode as (wire: unknown) => unknown,
    bytesOf: (wire) => (wire as Uint8Array).byteLength,
  };
}

/** Bytes of `text` as UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Each half of a surrogate pair stands for two of the four bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  return bytes;
}
