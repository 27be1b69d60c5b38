/** Detaching a buffer on engines before `ArrayBuffer.prototype.transfer` (2024). Apart, for those who transfer. */

declare const structuredClone:
  ((value: ArrayBuffer, options: { transfer: readonly ArrayBuffer[] }) => ArrayBuffer) | undefined;

function detach(buffer: ArrayBuffer): ArrayBuffer {
  return (structuredClone as NonNullable<typeof structuredClone>)(buffer, { transfer: [buffer] });
}

/**
 * Moves the bytes of a buffer into a new one and detaches it: the platform's structured clone does. `null` where there is
 * none, as in a mini-program; the codec says what remains.
 */
export function hostDetach(): ((buffer: ArrayBuffer) => ArrayBuffer) | null {
  return typeof structuredClone === 'function' ? detach : null;
}
