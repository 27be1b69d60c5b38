/**
 * Globals that the logic layer of a mini-program does not have: those of Node, of browsers and of a mini-program's worker.
 * Apart, so that the bundles for the logic layer do without. Looked up as in `ambient.ts`.
 */

/** The global `worker` inside a mini-program's worker. */
export interface MiniProgramWorkerScope {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The listening half of an `EventTarget`. */
export interface Listenable {
  addEventListener(type: string, listener: (event: MessageLike) => void): void;
}

/** An event as far as we read it: `message`, `error` and `messageerror` alike. */
export interface MessageLike {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly message?: unknown;
  preventDefault?(): void;
}

/** A `Worker`, a `MessagePort` or the scope of a dedicated worker. */
export interface WebEndpoint extends Listenable {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  terminate?(): void;
  close?(): void;
}

/** `MessageChannel`. */
export interface WebMessageChannel {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: unknown): void };
}

/** Node's `process`, as far as we use it. */
export interface NodeProcess {
  readonly versions?: { readonly node?: string };
  getBuiltinModule?(id: string): unknown;
  /** The CommonJS module the process started with. */
  readonly mainModule?: { require(id: string): unknown };
}

/** The globals, each `undefined` where there is none. */
export interface Elsewhere {
  readonly setImmediate?: ((callback: () => void) => unknown) | undefined;
  readonly MessageChannel?: (new () => WebMessageChannel) | undefined;
  readonly Worker?: (new (url: string, options?: object) => WebEndpoint) | undefined;
  readonly self?:
    (WebEndpoint & { readonly document?: unknown; readonly importScripts?: unknown }) | undefined;
  readonly document?: (Listenable & { readonly visibilityState?: string }) | undefined;
  readonly process?: NodeProcess | undefined;
  readonly worker?: MiniProgramWorkerScope | undefined;
}

declare const setImmediate: Elsewhere['setImmediate'];
declare const MessageChannel: Elsewhere['MessageChannel'];
declare const Worker: Elsewhere['Worker'];
declare const self: Elsewhere['self'];
declare const document: Elsewhere['document'];
declare const process: Elsewhere['process'];
declare const worker: Elsewhere['worker'];

/** Reads the globals as they are now. */
export function readElsewhere(): Elsewhere | null {
  return {
    setImmediate: typeof setImmediate === 'function' ? setImmediate : undefined,
    MessageChannel: typeof MessageChannel === 'function' ? MessageChannel : undefined,
    Worker: typeof Worker === 'function' ? Worker : undefined,
    self: typeof self === 'object' && self !== null ? self : undefined,
    document: typeof document === 'object' && document !== null ? document : undefined,
    process: typeof process === 'object' && process !== null ? process : undefined,
    worker: typeof worker === 'object' && worker !== null ? worker : undefined,
  };
}
