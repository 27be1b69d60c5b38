/** @see built-codec.js */
export function encode(value: unknown): { readonly text: string; readonly buffers: ArrayBuffer[] };
export function decode(parsed: unknown, buffers: readonly ArrayBuffer[]): unknown;
