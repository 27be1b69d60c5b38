/** Ours: JSON text and a list of buffers, as a pipe carries them. */
import { utf8Bytes } from './peer.js';
import type { Peer } from './peer.js';

export const ownName = 'mp-lanes';

interface Encoded {
  readonly text: string;
  readonly buffers: ArrayBuffer[];
}

export const mpLanes: Peer = {
  name: ownName,
  tags: ['own', 'text'],
  async load() {
    const { encode, decode } = await import('./built-codec.js');
    return {
      encode: (value) => encode(value),
      decode(wire) {
        const { text, buffers } = wire as Encoded;
        return decode(JSON.parse(text), buffers);
      },
      bytesOf(wire) {
        const { text, buffers } = wire as Encoded;
        return buffers.reduce((bytes, { byteLength }) => bytes + byteLength, utf8Bytes(text));
      },
    };
  },
};
