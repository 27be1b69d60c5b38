/**
 * Which storage this environment has. Apart from `detect.ts`, for those who store.
 *
 * Invariant: the environment's storage is made once, at its first use.
 */
import { currentRuntime } from '../host/runtime.js';
import type { HostStorage } from '../host/storage.js';
import { readAmbient } from './ambient.js';
import type { Ambient } from './ambient.js';
import { createMemoryStorage } from './memory-storage.js';
import { createMiniProgramStorage } from './mini-program-storage.js';
import { createWebStorage } from './web-storage.js';

/** The storage of the environment that `ambient` describes, looked for in the order of `detectHost`. */
export function detectStorage(ambient: Ambient = readAmbient()): HostStorage {
  return createMiniProgramStorage(ambient) || createWebStorage(ambient) || createMemoryStorage();
}

let detected: HostStorage | undefined;

/** The storage of the host in force if it brings its own, as the virtual one does; else that of the environment. */
export function currentStorage(): HostStorage {
  return currentRuntime().host.storage ?? (detected ??= detectStorage());
}
