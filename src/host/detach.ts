/** Detaching a buffer on engines before `ArrayBuffer.prototype.transfer` (2024). Apart, for those who transfer. */

declare const structuredClone:
  ((value: ArrayBuffer, options: { transfer: readonly ArrayBuffer[] }) => ArrayBuffer) | undefined;

const native = typeof structuredClone === 'function' ? structuredClone : undefined;

function detach(buffer: ArrayBuffer): ArrayBuffer {
  return (native as NonNullable<typeof native>)(buffer, { transfer: [buffer] });
}

/**
 * Moves the bytes of a buffer into a new one and detaches it: the platform's structured clone does. `null` where there is
 * none, as in a mini-program; the codec says what remains. Taken at loading: an app may make our own clone the global
 * one, which would ask itself for ever.
 */
export const hostDetach = native === undefined ? null : detach;
