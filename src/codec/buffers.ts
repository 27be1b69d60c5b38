/** ArrayBuffers: telling, copying, and the resizable ones that newer engines have. */
import { hasSlot } from './kind.js';
import { byteLengthOf, maxByteLengthOf } from './reading.js';

type ResizableConstructor = new (byteLength: number, options?: { maxByteLength: number }) => ArrayBuffer;

const Resizable = ArrayBuffer as unknown as ResizableConstructor;

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return hasSlot('ArrayBuffer', value);
}

/** Whether `buffer` was transferred away: then nothing can be read of it. */
export function isDetached(buffer: ArrayBuffer): boolean {
  if (byteLengthOf(buffer) !== 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** The bytes as they are now; resizable where `maxByteLength` is given and the engine has such buffers. */
export function copyOf(buffer: ArrayBuffer, maxByteLength: number | null = null): ArrayBuffer {
  const byteLength = byteLengthOf(buffer);
  // An engine without such buffers ignores what says how far one may grow.
  const copy =
    maxByteLength === null ? new ArrayBuffer(byteLength) : new Resizable(byteLength, { maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
}

/** `buffer` itself if it may grow to `maxByteLength`, else a copy that may. */
export function resizableOf(buffer: ArrayBuffer, maxByteLength: number): ArrayBuffer {
  return maxByteLengthOf(buffer) === maxByteLength ? buffer : copyOf(buffer, maxByteLength);
}
