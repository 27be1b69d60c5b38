/**
 * Storage of a mini-program, by the functions that do not block: `setStorageSync` and its like keep the logic layer for
 * some milliseconds each. At most 1 MB a key and 10 MB in all.
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/storage/wx.setStorage.html
 */
import type { HostStorage } from '../host/storage.js';
import type { Ambient, MiniProgramApi, StorageRequest, StorageResult } from './ambient.js';
import { findMiniProgram } from './mini-program.js';

type Ask = (request: StorageRequest) => unknown;

/** A call with callbacks, which may also throw, as a promise. */
function ask<T>(
  api: MiniProgramApi,
  method: Ask,
  request: StorageRequest,
  answer: (result: StorageResult) => T,
): PromiseLike<T> {
  return new Promise((resolve, reject) => {
    method.call(api, {
      ...request,
      success: (result) => resolve(answer(result ?? {})),
      fail: (error) => {
        const { errMsg } = Object(error) as { errMsg?: unknown };
        reject(new Error(typeof errMsg === 'string' ? errMsg : 'the storage failed'));
      },
    });
  });
}

/** The storage of the mini-program around us; `null` elsewhere, and where it has none. */
export function createMiniProgramStorage(ambient: Ambient): HostStorage | null {
  const api = findMiniProgram(ambient)?.api;
  if (!api || !api.setStorage || !api.getStorage || !api.removeStorage || !api.getStorageInfo) return null;
  const { getStorageInfo: info, getStorage: get, setStorage: set, removeStorage: remove } = api;
  return {
    keys: () => ask(api, info, {}, ({ keys }) => (Array.isArray(keys) ? (keys as readonly string[]) : [])),
    read: (key) => ask(api, get, { key }, ({ data }) => data),
    write: (key, data) => ask(api, set, { key, data }, () => undefined),
    remove: (key) => ask(api, remove, { key }, () => undefined),
  };
}
