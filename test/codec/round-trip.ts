import { decode, type DecodeOptions } from '../../src/codec/decode.js';
import { encode, type EncodeOptions } from '../../src/codec/encode.js';

/** A value through text and back, as a pipe would carry it: as one of the elements of a batch. */
export function roundTrip(value: unknown, options: EncodeOptions & DecodeOptions = {}): unknown {
  const { text, buffers } = encode(value, options as EncodeOptions);
  const batch = JSON.parse(`["before",${text},"after"]`) as unknown[];
  return decode(batch[1], buffers, options);
}
