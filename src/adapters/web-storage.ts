/** Storage of a web page: `localStorage`, where the page may use it. About 5 MB, shared by all pages of the origin. */
import type { HostStorage } from '../host/storage.js';
import type { Ambient } from './ambient.js';
import { isNode } from './node.js';
import { isWeb } from './web.js';

/** `Storage`, as far as we use it. */
export interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

declare const localStorage: WebStorage | undefined;

function readLocalStorage(ambient: Ambient): WebStorage | null {
  // Newer versions of Node have one that warns or throws when it is looked at.
  if (isNode(ambient) || !isWeb(ambient)) return null;
  try {
    // Where the user has forbidden it, looking at it throws.
    return typeof localStorage === 'object' ? localStorage : null;
  } catch {
    return null;
  }
}

/** What `storage` throws, as when it is full, rejects. */
const attempt = <T>(run: () => T): PromiseLike<T> => new Promise((resolve) => resolve(run()));

/** The storage of the page around us; `null` elsewhere, and where it has none. */
export function createWebStorage(
  ambient: Ambient,
  storage: WebStorage | null = readLocalStorage(ambient),
): HostStorage | null {
  if (storage === null) return null;
  return {
    keys: () => attempt(() => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')),
    read: (key) => attempt(() => storage.getItem(key)),
    write: (key, text) => attempt(() => storage.setItem(key, text)),
    remove: (key) => attempt(() => storage.removeItem(key)),
  };
}
