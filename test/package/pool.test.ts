/** A pool on a device: a thread and the logic layer, two bundles whose names were shortened apart from each other. */
import { describe, expect, inject, it } from 'vitest';
import { asDocumented, asJson, bootDevice } from './device.js';
import type { Flavour } from './device.js';

const { folder } = inject('packed');

const jobs = {
  *rank(rows: string[], query: string): Generator<undefined, string[]> {
    const found: string[] = [];
    for (const row of rows) {
      if (row.includes(query)) found.push(row);
      yield;
    }
    return found;
  },
  fail: (): never => {
    throw new Error('no');
  },
};

const flavours: readonly (readonly [Flavour, Flavour])[] = [
  ['miniprogram_dist', 'miniprogram_dist'],
  ['dist', 'miniprogram_dist'],
  ['miniprogram_dist', 'dist'],
];

describe.each([
  ['as documented', asDocumented],
  ['as JSON', asJson],
])('a pool of a mini-program whose messages travel %s', (_name, carry) => {
  it.each(flavours)('runs jobs here and there (%s, %s)', async (logic, worker) => {
    const { lib } = bootDevice(
      folder,
      ({ asJobs, expose, currentCall }) => {
        expose(asJobs({ ...jobs, id: () => currentCall()!.metadata['job'] }));
      },
      carry,
      '',
      [logic, worker],
    );
    const texts = new Map<string, string>();
    const replayed: string[] = [];
    const open = () =>
      lib.createPool({
        worker: { url: 'workers/index.js' },
        inline: { ...jobs, id: () => lib.currentCall()!.metadata['job'] },
        defer: {
          above: 0,
          to: 'storage',
          perSecond: 1000,
          storage: lib.createMemoryStorage(texts),
          onReplay: ({ id, name, status, value }) => replayed.push([id, name, status, value].join(' ')),
        },
      });
    const pool = open();
    expect(await pool.run('rank', [['paris', 'rome'], 'par'])).toEqual(['paris']);
    await expect(pool.run('fail', [])).rejects.toThrow('no');
    expect(await pool.run('id', [], { id: 'urgent' })).toBe('urgent');
    const stored: string[] = [];
    const kept = pool.run('id', [], {
      id: 'order-7',
      priority: 'background',
      onStored: (id) => void stored.push(id),
    });
    expect(await kept).toBe('order-7');
    expect(stored).toEqual(['order-7']);
    expect(pool.stats().processors.map(({ name }) => name)).toEqual(['thread 1', 'inline']);
    await pool.close();
    expect(texts.size).toBe(0);
    texts.set('mp-lanes.pool.pool.00000001', '[1,"id",2,"old",0,"[]",[]]');
    const next = open();
    while (replayed.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(replayed).toEqual(['old id fulfilled old']);
    await next.close();
  });
});
