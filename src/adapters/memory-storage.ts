/** Storage that lasts as long as the program: where the host has none, and in tests. */
import type { HostStorage } from '../host/storage.js';

/** Storage in `texts`, which a test may hand to the next start. */
export function createMemoryStorage(texts: Map<string, string> = new Map<string, string>()): HostStorage {
  return {
    keys: () => Promise.resolve(Array.from(texts.keys())),
    read: (key) => Promise.resolve(texts.get(key)),
    write: (key, text) => Promise.resolve(void texts.set(key, text)),
    remove: (key) => Promise.resolve(void texts.delete(key)),
  };
}
