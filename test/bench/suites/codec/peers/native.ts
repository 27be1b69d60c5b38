/** What the engine brings. */
import { textCodec } from './peer.js';
import type { Peer } from './peer.js';

export const referenceName = 'bare JSON';

/** Nothing that goes as JSON text can be faster, and nothing but plain data survives it. */
export const bareJson: Peer = {
  name: referenceName,
  tags: ['limit'],
  load: () => Promise.resolve(textCodec(JSON.stringify, JSON.parse)),
};

/** Serializes and deserializes in one call. */
export const nativeClone: Peer = {
  name: 'native structuredClone',
  tags: ['memory'],
  load: () =>
    typeof structuredClone === 'function'
      ? Promise.resolve({ encode: (value) => structuredClone(value), decode: null, bytesOf: null })
      : Promise.reject(new Error('needs structuredClone, which this host does not have')),
};
