/**
 * What lies around us: the globals that adapters may use, each looked up by its own name.
 *
 * By name and `typeof`, never as a member of `globalThis`: that is `null` on Douyin and missing on old engines, and
 * mini-programs hide globals by wrapping each file in a function whose parameters have their names.
 */
import { readElsewhere } from './ambient-elsewhere.js';
import type { Elsewhere } from './ambient-elsewhere.js';

/** A worker as mini-programs hand it out. Every member but `postMessage` may be missing on some client. */
export interface MiniProgramWorker {
  /** The list of what is moved is there where `wx.env.isSupportStandardWorker` is. */
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage?(listener: (message: unknown) => void): void;
  onError?(listener: (error: unknown) => void): void;
  onProcessKilled?(listener: () => void): void;
  terminate?(): void;
}

/** How far a subpackage is. */
export interface SubpackageProgress {
  readonly totalBytesWritten: number;
  readonly totalBytesExpectedToWrite: number;
}

/** What a function of the storage answers. */
export interface StorageResult {
  readonly keys?: unknown;
  readonly data?: unknown;
}

/** What a function of the storage is given. */
export interface StorageRequest {
  readonly key?: string;
  readonly data?: string;
  success?(result?: StorageResult): void;
  fail?(error: unknown): void;
}

/** The part of `wx`, `my`, `tt`, `qq` and `swan` that the SDK uses. */
export interface MiniProgramApi extends IdleSource {
  createWorker?(
    path: string,
    options?: { useExperimentalWorker?: boolean },
  ): MiniProgramWorker | null | undefined;
  /** From 2.27.3 on. */
  preDownloadSubpackage?(options: {
    packageType: 'workers';
    success: () => void;
    fail: (error: unknown) => void;
  }): { onProgressUpdate?(listener: (progress: SubpackageProgress) => void): void } | null | undefined;
  setStorage?(request: StorageRequest): unknown;
  getStorage?(request: StorageRequest): unknown;
  removeStorage?(request: StorageRequest): unknown;
  getStorageInfo?(request: StorageRequest): unknown;
  readonly env?: { readonly isSupportStandardWorker?: unknown } | null | undefined;
  onAppHide?(listener: () => void): void;
  onAppShow?(listener: () => void): void;
  onMemoryWarning?(listener: (warning: unknown) => void): void;
  getPerformance?(): { now?(): number } | null | undefined;
}

/** What offers idle callbacks: the platform object or the global scope. */
export interface IdleSource {
  readonly requestIdleCallback?:
    ((callback: (deadline?: unknown) => void, options?: { timeout: number }) => unknown) | undefined;
  readonly cancelIdleCallback?: ((id: unknown) => void) | undefined;
}

/** The globals, each `undefined` where there is none. */
export interface Ambient extends IdleSource, Elsewhere {
  readonly setTimeout?: ((callback: () => void, delayMs: number) => unknown) | undefined;
  readonly clearTimeout?: ((handle: unknown) => void) | undefined;
  readonly queueMicrotask?: ((callback: () => void) => void) | undefined;
  readonly Promise?: PromiseConstructor | undefined;
  readonly performance?: { now?(): number } | null | undefined;
  readonly reportError?: ((error: unknown) => void) | undefined;
  readonly wx?: MiniProgramApi | undefined;
  readonly my?: MiniProgramApi | undefined;
  readonly tt?: MiniProgramApi | undefined;
  readonly qq?: MiniProgramApi | undefined;
  readonly swan?: MiniProgramApi | undefined;
}

declare const setTimeout: Ambient['setTimeout'];
declare const clearTimeout: Ambient['clearTimeout'];
declare const queueMicrotask: Ambient['queueMicrotask'];
declare const performance: Ambient['performance'];
declare const requestIdleCallback: Ambient['requestIdleCallback'];
declare const cancelIdleCallback: Ambient['cancelIdleCallback'];
declare const reportError: Ambient['reportError'];
declare const wx: Ambient['wx'];
declare const my: Ambient['my'];
declare const tt: Ambient['tt'];
declare const qq: Ambient['qq'];
declare const swan: Ambient['swan'];

/** A function of the global scope that may be called on any object: browsers refuse a receiver that is none of theirs. */
function free<Args extends readonly unknown[], Result>(
  called: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => called(...args);
}

/** Reads the globals as they are now. */
export function readAmbient(): Ambient {
  return {
    ...readElsewhere(),
    setTimeout: typeof setTimeout === 'function' ? setTimeout : undefined,
    clearTimeout: typeof clearTimeout === 'function' ? clearTimeout : undefined,
    queueMicrotask: typeof queueMicrotask === 'function' ? queueMicrotask : undefined,
    Promise: typeof Promise === 'function' ? Promise : undefined,
    performance: typeof performance === 'object' ? performance : undefined,
    requestIdleCallback: typeof requestIdleCallback === 'function' ? free(requestIdleCallback) : undefined,
    cancelIdleCallback: typeof cancelIdleCallback === 'function' ? free(cancelIdleCallback) : undefined,
    reportError: typeof reportError === 'function' ? reportError : undefined,
    wx: typeof wx === 'object' && wx !== null ? wx : undefined,
    my: typeof my === 'object' && my !== null ? my : undefined,
    tt: typeof tt === 'object' && tt !== null ? tt : undefined,
    qq: typeof qq === 'object' && qq !== null ? qq : undefined,
    swan: typeof swan === 'object' && swan !== null ? swan : undefined,
  };
}
