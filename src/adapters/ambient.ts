/**
 * What lies around us: the globals that adapters may use, each looked up by its own name.
 *
 * By name and `typeof`, never as a member of `globalThis`: that is `null` on Douyin and missing on old engines, and
 * mini-programs hide globals by wrapping each file in a function whose parameters have their names.
 */

/** A worker as mini-programs hand it out. Every member but `postMessage` may be missing on some client. */
export interface MiniProgramWorker {
  postMessage(message: unknown): void;
  onMessage?(listener: (message: unknown) => void): void;
  onError?(listener: (error: unknown) => void): void;
  onProcessKilled?(listener: () => void): void;
  terminate?(): void;
}

/** The part of `wx`, `my`, `tt`, `qq` and `swan` that the SDK uses. */
export interface MiniProgramApi extends IdleSource {
  createWorker?(
    path: string,
    options?: { useExperimentalWorker?: boolean },
  ): MiniProgramWorker | null | undefined;
  onAppHide?(listener: () => void): void;
  onAppShow?(listener: () => void): void;
  onMemoryWarning?(listener: (warning: unknown) => void): void;
  getPerformance?(): { now?(): number } | null | undefined;
}

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

/** What offers idle callbacks: the platform object or the global scope. */
export interface IdleSource {
  readonly requestIdleCallback?:
    ((callback: (deadline?: unknown) => void, options?: { timeout: number }) => unknown) | undefined;
  readonly cancelIdleCallback?: ((id: unknown) => void) | undefined;
}

/** The globals, each `undefined` where there is none. */
export interface Ambient extends IdleSource {
  readonly setTimeout?: ((callback: () => void, delayMs: number) => unknown) | undefined;
  readonly clearTimeout?: ((handle: unknown) => void) | undefined;
  readonly setImmediate?: ((callback: () => void) => unknown) | undefined;
  readonly queueMicrotask?: ((callback: () => void) => void) | undefined;
  readonly Promise?: PromiseConstructor | undefined;
  readonly MessageChannel?: (new () => WebMessageChannel) | undefined;
  readonly performance?: { now?(): number } | null | undefined;
  readonly reportError?: ((error: unknown) => void) | undefined;
  readonly structuredClone?:
    ((value: unknown, options?: { transfer: readonly ArrayBuffer[] }) => unknown) | undefined;
  readonly Worker?: (new (url: string, options?: object) => WebEndpoint) | undefined;
  readonly self?:
    (WebEndpoint & { readonly document?: unknown; readonly importScripts?: unknown }) | undefined;
  readonly document?: (Listenable & { readonly visibilityState?: string }) | undefined;
  readonly process?: NodeProcess | undefined;
  readonly worker?: MiniProgramWorkerScope | undefined;
  readonly wx?: MiniProgramApi | undefined;
  readonly my?: MiniProgramApi | undefined;
  readonly tt?: MiniProgramApi | undefined;
  readonly qq?: MiniProgramApi | undefined;
  readonly swan?: MiniProgramApi | undefined;
}

declare const setTimeout: Ambient['setTimeout'];
declare const clearTimeout: Ambient['clearTimeout'];
declare const setImmediate: Ambient['setImmediate'];
declare const queueMicrotask: Ambient['queueMicrotask'];
declare const MessageChannel: Ambient['MessageChannel'];
declare const performance: Ambient['performance'];
declare const requestIdleCallback: Ambient['requestIdleCallback'];
declare const cancelIdleCallback: Ambient['cancelIdleCallback'];
declare const reportError: Ambient['reportError'];
declare const structuredClone: Ambient['structuredClone'];
declare const Worker: Ambient['Worker'];
declare const self: Ambient['self'];
declare const document: Ambient['document'];
declare const process: Ambient['process'];
declare const worker: Ambient['worker'];
declare const wx: Ambient['wx'];
declare const my: Ambient['my'];
declare const tt: Ambient['tt'];
declare const qq: Ambient['qq'];
declare const swan: Ambient['swan'];

/** Reads the globals as they are now. */
export function readAmbient(): Ambient {
  return {
    setTimeout: typeof setTimeout === 'function' ? setTimeout : undefined,
    clearTimeout: typeof clearTimeout === 'function' ? clearTimeout : undefined,
    setImmediate: typeof setImmediate === 'function' ? setImmediate : undefined,
    queueMicrotask: typeof queueMicrotask === 'function' ? queueMicrotask : undefined,
    Promise: typeof Promise === 'function' ? Promise : undefined,
    MessageChannel: typeof MessageChannel === 'function' ? MessageChannel : undefined,
    performance: typeof performance === 'object' ? performance : undefined,
    requestIdleCallback: typeof requestIdleCallback === 'function' ? requestIdleCallback : undefined,
    cancelIdleCallback: typeof cancelIdleCallback === 'function' ? cancelIdleCallback : undefined,
    reportError: typeof reportError === 'function' ? reportError : undefined,
    structuredClone: typeof structuredClone === 'function' ? structuredClone : undefined,
    Worker: typeof Worker === 'function' ? Worker : undefined,
    self: typeof self === 'object' && self !== null ? self : undefined,
    document: typeof document === 'object' && document !== null ? document : undefined,
    process: typeof process === 'object' && process !== null ? process : undefined,
    worker: typeof worker === 'object' && worker !== null ? worker : undefined,
    wx: typeof wx === 'object' && wx !== null ? wx : undefined,
    my: typeof my === 'object' && my !== null ? my : undefined,
    tt: typeof tt === 'object' && tt !== null ? tt : undefined,
    qq: typeof qq === 'object' && qq !== null ? qq : undefined,
    swan: typeof swan === 'object' && swan !== null ? swan : undefined,
  };
}
