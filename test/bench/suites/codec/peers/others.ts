/** Peers whose wire form is bytes, and one whose form is objects. */
import { binaryCodec } from './peer.js';
import type { Peer } from './peer.js';

/** Records of plain data, which still have to be written by somebody. */
export const ungapObjects: Peer = {
  name: '@ungap/structured-clone objects',
  tags: ['memory'],
  async load() {
    const { serialize, deserialize } = await import('@ungap/structured-clone');
    return {
      encode: (value) => serialize(value),
      decode: (records) => deserialize(records),
      bytesOf: null,
    };
  },
};

export const msgpackr: Peer = {
  name: 'msgpackr',
  tags: ['binary'],
  async load() {
    const { Packr } = await import('msgpackr');
    const packr = new Packr({ structuredClone: true, moreTypes: true, useBigIntExtension: true });
    return binaryCodec(
      (value) => packr.pack(value),
      (bytes): unknown => packr.unpack(bytes),
    );
  },
};

export const cborX: Peer = {
  name: 'cbor-x',
  tags: ['binary'],
  async load() {
    const { Encoder } = await import('cbor-x');
    const encoder = new Encoder({ structuredClone: true });
    return binaryCodec(
      (value) => encoder.encode(value),
      (bytes): unknown => encoder.decode(bytes),
    );
  },
};
