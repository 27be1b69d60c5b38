/** Storage: texts by keys, which outlive the app. What is read back is untrusted: anybody in the app may have written it. */

/**
 * Where a program keeps texts for its next start. A write or a removal that has been confirmed is there after a crash; one
 * that has not may be or not. Several keys need not change together.
 */
export interface HostStorage {
  /** All keys there are, also those of others. */
  keys(): PromiseLike<readonly string[]>;
  /** What was written under `key`; anything else where there is nothing. */
  read(key: string): PromiseLike<unknown>;
  /** Keeps `text` under `key`, in place of what was there. Rejects where nothing more can be kept. */
  write(key: string, text: string): PromiseLike<unknown>;
  /** Forgets `key`; does nothing where there is none. */
  remove(key: string): PromiseLike<unknown>;
}
