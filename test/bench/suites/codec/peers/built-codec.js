// The codec as it is built, until an entry of the package exports it.
export { decode } from '../../../../../dist/codec/decode.js';
export { encode } from '../../../../../dist/codec/encode.js';
