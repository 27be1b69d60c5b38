import { describe, expect, it } from 'vitest';
import { shareWorker } from '../../src/worker/shared-workers.js';
import { Stage, echoing, file } from './stage.js';

const stage = Stage.perTest();

describe('a worker that is shared', () => {
  it('is one for all users of its file, and ends with the last of them', async () => {
    stage.define(echoing());
    const leases = [shareWorker(file), shareWorker({ href: file }), shareWorker(file)];
    const { worker } = leases[0]!;
    expect(leases.map((lease) => lease.worker === worker)).toEqual([true, true, true]);
    await stage.host.runUntilIdle();
    expect(stage.host.workers).toHaveLength(1);
    leases[1]!.release();
    leases[0]!.release();
    expect(worker.state).toBe('ready');
    leases[2]!.release();
    expect(worker.state).toBe('closed');
    await stage.host.runUntilIdle();
  });

  it('counts a lease once, however often it is released', async () => {
    stage.define(echoing());
    const [first, second] = [shareWorker(file), shareWorker(file)];
    first.release();
    first.release();
    first.release();
    expect(second.worker.state).toBe('starting');
    second.release();
    expect(second.worker.state).toBe('closed');
    second.release();
    await stage.host.runUntilIdle();
  });

  it('is another one after it ended, which old leases leave alone', async () => {
    stage.define(echoing());
    const old = [shareWorker(file), shareWorker(file)];
    old[0]!.worker.terminate();
    const fresh = shareWorker(file);
    expect(fresh.worker).not.toBe(old[0]!.worker);
    for (const lease of old) lease.release();
    await stage.host.runUntilIdle();
    expect(fresh.worker.state).toBe('ready');
    expect(shareWorker(file).worker).toBe(fresh.worker);
    fresh.worker.terminate();
    await stage.host.runUntilIdle();
  });

  it('is another one after it failed', async () => {
    const failed = shareWorker('workers/missing.js');
    failed.worker.onerror = () => undefined;
    await stage.host.runUntilIdle();
    expect(failed.worker.state).toBe('failed');
    stage.define(echoing(), 'workers/missing.js');
    const lease = shareWorker('workers/missing.js');
    await stage.host.runUntilIdle();
    expect(lease.worker.state).toBe('ready');
    lease.release();
    failed.release();
    await stage.host.runUntilIdle();
  });

  it('is started as its first user says', async () => {
    stage.define(echoing());
    const lazy = shareWorker(file, { start: 'lazy' });
    const second = shareWorker(file, { start: 'eager' });
    expect([lazy.worker.state, second.worker]).toEqual(['idle', lazy.worker]);
    lazy.release();
    second.release();
    await stage.host.runUntilIdle();
  });

  it('is one for each file: where one may live, another fails and says what to do', async () => {
    stage.define(echoing());
    stage.define(echoing(), 'workers/other.js');
    const first = shareWorker(file);
    const other = shareWorker('workers/other.js');
    other.worker.onerror = () => undefined;
    const { code, message } = await stage.errorOf(other.worker.ready);
    expect(code).toBe('ERR_WORKER_BUSY');
    expect(message).toMatch(/shareWorker\(\).*one worker/);
    first.release();
    other.release();
    const again = shareWorker('workers/other.js');
    await stage.host.runUntilIdle();
    expect(again.worker.state).toBe('ready');
    again.release();
    await stage.host.runUntilIdle();
  });

  it('belongs to its host: another one finds nothing of it', async () => {
    stage.define(echoing());
    const outer = shareWorker(file);
    await stage.host.runUntilIdle();
    const inner = new Stage();
    inner.open();
    inner.define(echoing());
    const lease = shareWorker(file);
    expect(lease.worker).not.toBe(outer.worker);
    lease.release();
    await inner.host.runUntilIdle();
    inner.close();
    expect(shareWorker(file).worker).toBe(outer.worker);
    outer.worker.terminate();
    await stage.host.runUntilIdle();
  });

  it('refuses what a worker refuses, and keeps nothing of it', () => {
    expect(() => shareWorker('')).toThrow(TypeError);
    expect(() => shareWorker(file, { heartbeatMs: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
    const lease = shareWorker(file, { start: 'lazy' });
    expect(lease.worker.state).toBe('idle');
    lease.release();
    stage.host.runUntilIdleSync();
  });
});
