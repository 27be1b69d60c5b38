import { describe, expect, it } from 'vitest';
import { RWMutex, go, sleep } from '../../src/go.js';
import type { Guard } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

const held = { value: { held: true } };

describe('an RWMutex', () => {
  it('has many readers or one writer', () => {
    const rows = new RWMutex();
    const readers = [rows.tryRLock(), rows.tryRLock()];
    expect([readers.every((guard) => guard?.held), rows.tryLock()]).toEqual([true, null]);
    readers[0]?.release();
    expect(rows.tryLock()).toBeNull();
    readers[1]?.release();
    const writer = rows.tryLock();
    expect([writer?.held, rows.tryLock(), rows.tryRLock()]).toEqual([true, null, null]);
    writer?.release();
    expect(rows.tryRLock()?.held).toBe(true);
  });

  it('keeps new readers out while a writer waits', async () => {
    const rows = new RWMutex();
    const reader = rows.tryRLock();
    const writer = look(rows.lock());
    expect(rows.tryRLock()).toBeNull();
    const late = look(rows.rLock());
    await host.runUntilIdle();
    expect([writer.now, late.now]).toEqual([waits, waits]);
    reader?.release();
    await host.runUntilIdle();
    expect([writer.now, late.now]).toMatchObject([held, waits]);
    rows.unlock();
    await host.runUntilIdle();
    expect(late.now).toMatchObject(held);
  });

  it('lets all readers in that wait when a writer is done, before the next writer', async () => {
    const rows = new RWMutex();
    rows.tryLock();
    const [r1, w2, r2] = [look(rows.rLock()), look(rows.lock()), look(rows.rLock())];
    rows.unlock();
    await host.runUntilIdle();
    expect([r1.now, w2.now, r2.now]).toMatchObject([held, waits, held]);
    const r3 = look(rows.rLock());
    rows.rUnlock();
    rows.rUnlock();
    await host.runUntilIdle();
    expect([w2.now, r3.now]).toMatchObject([held, waits]);
    rows.unlock();
    await host.runUntilIdle();
    expect(r3.now).toMatchObject(held);
  });

  it('starves neither readers nor writers', async () => {
    const rows = new RWMutex();
    const rounds = { reader: 0, writer: 0 };
    let over = false;
    for (let n = 0; n < 3; n++) {
      go(function* () {
        while (!over) {
          const guard = yield* rows.rLock();
          rounds.reader++;
          yield sleep(1);
          guard.release();
        }
      });
      go(function* () {
        while (!over) {
          const guard = yield* rows.lock();
          rounds.writer++;
          yield sleep(1);
          guard.release();
        }
      });
    }
    await host.advance(100);
    over = true;
    await host.runUntilIdle();
    expect(rounds.writer).toBeGreaterThan(30);
    expect(rounds.reader).toBeGreaterThan(90);
  });

  it('serves writers in the order of coming', async () => {
    const rows = new RWMutex();
    const order: number[] = [];
    for (let n = 0; n < 5; n++)
      go(function* () {
        const guard = yield* rows.lock();
        order.push(n);
        yield;
        guard.release();
      });
    await host.runUntilIdle();
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('is given back only by those who hold it', () => {
    const rows = new RWMutex();
    expect(codeOf(() => rows.unlock())).toBe('ERR_NOT_HELD');
    expect(codeOf(() => rows.rUnlock())).toBe('ERR_NOT_HELD');
    const reader = rows.tryRLock();
    expect(codeOf(() => rows.unlock())).toBe('ERR_NOT_HELD');
    reader?.release();
    expect(codeOf(() => reader?.release())).toBe('ERR_NOT_HELD');
    const writer = rows.tryLock();
    expect(codeOf(() => rows.rUnlock())).toBe('ERR_NOT_HELD');
    rows.unlock();
    expect(writer?.held).toBe(false);
    expect(codeOf(() => writer?.release())).toBe('ERR_NOT_HELD');
  });
});

describe('whoever gives up waiting for an RWMutex', () => {
  it('as the only writer, lets the readers in that it kept out', async () => {
    const rows = new RWMutex();
    rows.tryRLock();
    const controller = new AbortController();
    const writer = look(rows.lock({ signal: controller.signal }));
    const readers = [look(rows.rLock()), look(rows.rLock())];
    await host.runUntilIdle();
    controller.abort('enough');
    await host.runUntilIdle();
    expect([writer.now, ...readers.map(({ now }) => now)]).toMatchObject([{ reason: 'enough' }, held, held]);
    for (let n = 0; n < 3; n++) rows.rUnlock();
    expect(rows.tryLock()?.held).toBe(true);
  });

  it('as one of two writers, lets nobody in', async () => {
    const rows = new RWMutex();
    rows.tryRLock();
    const controller = new AbortController();
    const [first, second] = [look(rows.lock({ signal: controller.signal })), look(rows.lock())];
    const reader = look(rows.rLock());
    controller.abort('enough');
    await host.runUntilIdle();
    expect([first.now, second.now, reader.now]).toEqual([{ reason: 'enough' }, waits, waits]);
    rows.rUnlock();
    await host.runUntilIdle();
    expect([second.now, reader.now]).toMatchObject([held, waits]);
  });

  it('as a writer under a writer, changes nothing', async () => {
    const rows = new RWMutex();
    rows.tryLock();
    const controller = new AbortController();
    const writer = look(rows.lock({ signal: controller.signal }));
    const reader = look(rows.rLock());
    controller.abort('enough');
    await host.runUntilIdle();
    expect([writer.now, reader.now]).toEqual([{ reason: 'enough' }, waits]);
    rows.unlock();
    await host.runUntilIdle();
    expect(reader.now).toMatchObject(held);
  });

  it('as a reader, leaves the others', async () => {
    const rows = new RWMutex();
    rows.tryLock();
    const controller = new AbortController();
    const readers = [look(rows.rLock({ signal: controller.signal })), look(rows.rLock())];
    controller.abort('enough');
    rows.unlock();
    await host.runUntilIdle();
    expect(readers.map(({ now }) => now)).toMatchObject([{ reason: 'enough' }, held]);
    rows.rUnlock();
    expect(rows.tryLock()?.held).toBe(true);
  });

  it('as a cancelled routine, does the same', async () => {
    const rows = new RWMutex();
    const guard = rows.tryRLock() as Guard;
    const routine = go(function* () {
      yield rows.lock();
    });
    await host.runUntilIdle();
    const reader = look(rows.rLock());
    await host.runUntilIdle();
    expect(reader.now).toEqual(waits);
    routine.cancel();
    await host.runUntilIdle();
    expect(reader.now).toMatchObject(held);
    guard.release();
  });

  it('does not begin with a signal that has aborted', async () => {
    const rows = new RWMutex();
    const signal = AbortSignal.abort('before');
    expect(await settled(rows.rLock({ signal }))).toEqual({ reason: 'before' });
    expect(await settled(rows.lock({ signal }))).toEqual({ reason: 'before' });
    expect(rows.tryLock()?.held).toBe(true);
  });
});
