import { describe, expect, it } from 'vitest';
import { provide as provideOn } from '../../src/rpc/expose.js';
import { service as serviceOn } from '../../src/rpc/wrap.js';
import { provide, service, serviceHealth } from '../../src/worker/services.js';
import { Stage } from './stage.js';

interface Search {
  find(text: string): Promise<string>;
}

const stage = Stage.perTest({ maxWorkers: 2 });

/** A worker whose `search` asks this thread's `storage`. */
function start() {
  return stage.start((self) => {
    const storage = serviceOn<{ get(key: string): string }>('storage', self);
    provideOn('search', { find: async (text: string) => `${text} ${await storage.get('suffix')}` }, self);
  });
}

async function settled(promise: Promise<unknown>): Promise<unknown> {
  const outcome = promise.catch((error: { code: string }) => error.code);
  await stage.host.runUntilIdle();
  return outcome;
}

describe('named services', () => {
  it('are found at the one worker that lives, both ways, also after it died', async () => {
    const stop = provide('storage', { get: (key: string) => `<${key}>` });
    const worker = start();
    const search = service<Search>('search');
    expect(await settled(search.find('par'))).toBe('par <suffix>');
    stage.thread.kill();
    expect(await settled(search.find('lon'))).toBe('lon <suffix>');
    stop();
    stage.host.takeLog();
    await stage.end(worker);
  });

  it('may be provided while the worker lives, and waits for them', async () => {
    const worker = start();
    const found = service<Search>('search', worker).find('par');
    await stage.host.advance(5000);
    provide('storage', { get: () => 'late' });
    expect(await settled(found)).toBe('par late');
    stage.host.takeLog();
    await stage.end(worker);
  });

  it('know how they are', async () => {
    const worker = start();
    expect(serviceHealth('search')).toMatchObject({ isProvided: false, pending: 0, roundTripMs: null });
    await stage.host.runUntilIdle();
    expect(serviceHealth('search', worker)).toMatchObject({ isProvided: true, pending: 0, silentMs: 0 });
    expect(serviceHealth('other').isProvided).toBe(false);
    stage.host.takeLog();
    await stage.end(worker);
    expect(() => serviceHealth('search')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
  });

  it('ask which worker is meant, where there is not one', async () => {
    expect(() => service('search')).toThrow(/0 workers live/);
    const first = start();
    const second = start();
    expect(() => service('search')).toThrow(/2 workers live/);
    await stage.host.runUntilIdle();
    stage.host.takeLog();
    await stage.end(first);
    expect(() => service('search')).not.toThrow();
    await stage.end(second);
  });

  it('have a name each, and nothing is provided where one is taken', async () => {
    const worker = start();
    const stop = provide('a', {}, worker);
    expect(() => provide('a', {})).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    expect(() => provide('', {})).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    stop();
    provide('a', {})();
    await stage.host.runUntilIdle();
    stage.host.takeLog();
    await stage.end(worker);
  });
});
