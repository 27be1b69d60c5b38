/** Storage of the mini-program. It lives as long as the preview's page: each start is a first start. */
import { settle } from './callbacks.js';
import type { Callbacks } from './callbacks.js';

const limitKb = 10_240;
const entries = new Map<string, string>();

function write(key: unknown, data: unknown): void {
  if (typeof key !== 'string' || key === '')
    throw new TypeError('setStorage:fail parameter error: key should be a string');
  entries.set(key, JSON.stringify({ data }));
}

function read(key: unknown): unknown {
  const text = entries.get(String(key));
  return text === undefined ? '' : (JSON.parse(text) as { data: unknown }).data;
}

function info(): { keys: string[]; currentSize: number; limitSize: number } {
  const characters = [...entries.values()].reduce((sum, text) => sum + text.length, 0);
  return { keys: [...entries.keys()], currentSize: Math.ceil(characters / 1024), limitSize: limitKb };
}

type KeyOptions = Callbacks & { readonly key: string };

/** The storage part of `wx`. */
export const storageApi = {
  setStorageSync: write,
  getStorageSync: read,
  removeStorageSync: (key: string): void => void entries.delete(key),
  clearStorageSync: (): void => {
    entries.clear();
  },
  getStorageInfoSync: info,
  setStorage: (options: KeyOptions & { readonly data: unknown }) =>
    settle('setStorage', options, (outcome) => {
      write(options.key, options.data);
      outcome.succeed();
    }),
  getStorage: (options: KeyOptions) =>
    settle('getStorage', options, (outcome) => {
      if (entries.has(options.key)) outcome.succeed({ data: read(options.key) });
      else outcome.fail('data not found');
    }),
  removeStorage: (options: KeyOptions) =>
    settle('removeStorage', options, (outcome) => {
      entries.delete(options.key);
      outcome.succeed();
    }),
  clearStorage: (options: Callbacks = {}) =>
    settle('clearStorage', options, (outcome) => {
      entries.clear();
      outcome.succeed();
    }),
  getStorageInfo: (options: Callbacks = {}) =>
    settle('getStorageInfo', options, (outcome) => {
      outcome.succeed(info());
    }),
};
