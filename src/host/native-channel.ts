/** The platform's own `MessageChannel`, for those who must make a native port. */

/** Makes two native ports. */
export type NativeChannelConstructor = new () => { readonly port1: object; readonly port2: object };

declare const MessageChannel: NativeChannelConstructor | undefined;

/** `undefined` where there is none, as in a mini-program. Taken at loading: an app may make ours the global one. */
export const NativeChannel = typeof MessageChannel === 'function' ? MessageChannel : undefined;
