/** What every storage of a host keeps to. */
import { describe, expect, it } from 'vitest';
import type { Ambient, StorageRequest } from '../../src/adapters/ambient.js';
import { currentStorage, detectStorage } from '../../src/adapters/detect-storage.js';
import { createMemoryStorage } from '../../src/adapters/memory-storage.js';
import { createMiniProgramStorage } from '../../src/adapters/mini-program-storage.js';
import { createWebStorage } from '../../src/adapters/web-storage.js';
import type { WebStorage } from '../../src/adapters/web-storage.js';
import type { HostStorage } from '../../src/host/storage.js';
import { createVirtualHost } from '../../src/testing.js';

/** Each asks for its texts as the platform does, in a turn of its own; at most 100 characters a key. */
function miniProgramApi(texts: Map<string, unknown>) {
  const answer = ({ success, fail }: StorageRequest, run: () => object | null): void => {
    setTimeout(() => {
      const result = run();
      if (result === null) fail!({ errMsg: 'fail: it is so' });
      else success!(result);
    });
  };
  const api = {
    texts,
    onAppHide() {},
    setStorage(request: StorageRequest) {
      answer(request, () => {
        if (request.data!.length > 100) return null;
        this.texts.set(request.key!, request.data);
        return {};
      });
    },
    getStorage(request: StorageRequest) {
      answer(request, () =>
        this.texts.has(request.key!) ? { data: this.texts.get(request.key!) } : { data: undefined },
      );
    },
    removeStorage(request: StorageRequest) {
      answer(request, () => {
        this.texts.delete(request.key!);
        return {};
      });
    },
    getStorageInfo(request: StorageRequest) {
      answer(request, () => ({ keys: Array.from(this.texts.keys()), currentSize: 1 }));
    },
  };
  return api;
}

function localStorageOf(texts: Map<string, unknown>): WebStorage {
  return {
    get length() {
      return texts.size;
    },
    key: (index) => Array.from(texts.keys())[index] ?? null,
    getItem: (key) => (texts.get(key) as string | undefined) ?? null,
    setItem: (key, text) => {
      if (text.length > 100) throw new Error('QuotaExceededError');
      texts.set(key, text);
    },
    removeItem: (key) => void texts.delete(key),
  };
}

const storages: Record<string, (texts: Map<string, unknown>) => HostStorage> = {
  memory: (texts) => createMemoryStorage(texts as Map<string, string>),
  'a mini-program': (texts) => createMiniProgramStorage({ wx: miniProgramApi(texts) })!,
  'a page': (texts) => createWebStorage({}, localStorageOf(texts))!,
};

describe.each(Object.entries(storages))('the storage of %s', (_name, create) => {
  it('keeps what was written, in place of what was there, until it is removed', async () => {
    const storage = create(new Map());
    await storage.write('a', 'first');
    await storage.write('a', 'second');
    await storage.write('b', 'other');
    expect(await storage.read('a')).toBe('second');
    expect(Array.from(await storage.keys()).sort()).toEqual(['a', 'b']);
    await storage.remove('a');
    await storage.remove('a');
    expect(await storage.read('a')).not.toBeTypeOf('string');
    expect(await storage.keys()).toEqual(['b']);
  });

  it('finds what an earlier start wrote', async () => {
    const texts = new Map<string, unknown>();
    await create(texts).write('a', 'text');
    expect(await create(texts).read('a')).toBe('text');
  });
});

describe.each(['a mini-program', 'a page'])('the storage of %s', (name) => {
  it('rejects what it cannot keep', async () => {
    const storage = storages[name]!(new Map());
    await expect(Promise.resolve(storage.write('a', 'x'.repeat(101)))).rejects.toThrow(Error);
    expect(await storage.keys()).toEqual([]);
  });
});

describe('the storage of an environment', () => {
  it('is that of the mini-program, of the page, or memory', async () => {
    const texts = new Map<string, unknown>();
    await detectStorage({ wx: miniProgramApi(texts) }).write('a', 'text');
    expect(texts.get('a')).toBe('text');
    // A page inside of WeChat has a `wx` that can do none of this.
    const page = { wx: { onAppHide() {} }, self: { addEventListener() {} } } as object as Ambient;
    for (const ambient of [page, {}]) {
      const storage = detectStorage(ambient);
      await storage.write('a', 'text');
      expect(await storage.read('a')).toBe('text');
    }
  });

  it('answers where a client calls back with nothing, and rejects where it says no reason', async () => {
    const call = ({ success }: StorageRequest): void => success!();
    const refuse = ({ fail }: StorageRequest): void => fail!(null);
    const wx = {
      onAppHide() {},
      getStorageInfo: call,
      getStorage: call,
      setStorage: refuse,
      removeStorage: refuse,
    };
    const storage = createMiniProgramStorage({ wx })!;
    expect([await storage.keys(), await storage.read('a')]).toEqual([[], undefined]);
    await expect(Promise.resolve(storage.write('a', 'b'))).rejects.toThrow('the storage failed');
  });

  it('is that of the host where the host brings one', async () => {
    const host = createVirtualHost();
    const uninstall = host.install();
    expect(currentStorage()).toBe(host.storage);
    uninstall();
    expect(currentStorage()).toBe(currentStorage());
    expect(currentStorage()).not.toBe(host.storage);
  });
});
