/** The platform's own ports. Apart, so that the bundles for devices, which have none, do without. */

/** Makes two native ports. */
export type NativeChannelConstructor = new () => { readonly port1: object; readonly port2: object };

declare const MessageChannel: NativeChannelConstructor | undefined;

/** `undefined` where there is none, as in a mini-program. Taken at loading: an app may make ours the global one. */
export const NativeChannel = typeof MessageChannel === 'function' ? MessageChannel : undefined;

/**
 * Whether `object` is one, or a port of another copy of this library: by its public members. A remote has whatever it is
 * asked for, but is a function.
 */
export function isNativePort(object: object): boolean {
  const { postMessage, start, close } = object as { postMessage?: unknown; start?: unknown; close?: unknown };
  return (
    typeof object === 'object' &&
    typeof postMessage === 'function' &&
    typeof start === 'function' &&
    typeof close === 'function'
  );
}
