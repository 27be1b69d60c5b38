/** ArrayBuffers: telling, copying, and the resizable ones that newer engines have. */
import { slots } from './kind.js';
import { maxByteLengthOf } from './reading.js';

type ResizableConstructor = new (byteLength: number, options?: { maxByteLength: number }) => ArrayBuffer;
const Resizable = ArrayBuffer as unknown as ResizableConstructor;

/** Whether `buffer` was transferred away: then nothing can be read of it. */
export function isDetached(buffer: ArrayBuffer): boolean {
  if ((slots.buffer.call(buffer) as number) !== 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    slots.buffer.call(value);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of `buffer` as they are now; resizable where `maxByteLength` is given and the engine has such buffers. */
export function copyOf(buffer: ArrayBuffer, maxByteLength: number | null = null): ArrayBuffer {
  const byteLength = slots.buffer.call(buffer) as number;
  const isResizable = maxByteLength !== null && slots.resizable !== undefined;
  const copy = isResizable ? new Resizable(byteLength, { maxByteLength }) : new ArrayBuffer(byteLength);
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
}

/** `buffer` itself if it may grow to `maxByteLength`, else a copy that may, where the engine knows such buffers. */
export function resizableOf(buffer: ArrayBuffer, maxByteLength: number): ArrayBuffer {
  const isKnown = slots.resizable === undefined || maxByteLengthOf(buffer) === maxByteLength;
  return isKnown ? buffer : copyOf(buffer, maxByteLength);
}
