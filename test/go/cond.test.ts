import { describe, expect, it } from 'vitest';
import { Cond, Mutex, Semaphore, go, sleep } from '../../src/go.js';
import type { Guard } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('a Cond', () => {
  it('gives the lock back while it waits, and has it again when it is woken', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const guard = mutex.tryLock() as Guard;
    const seen = look(cond.wait(guard));
    expect([guard.held, mutex.locked]).toEqual([false, false]);
    await host.runUntilIdle();
    expect(seen.now).toEqual(waits);
    cond.signal();
    await host.runUntilIdle();
    expect([seen.now, guard.held, mutex.locked]).toEqual([{ value: guard }, true, true]);
    guard.release();
    expect(mutex.locked).toBe(false);
  });

  it('waits for the lock, in its turn, when it was woken while another holds it', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const guard = mutex.tryLock() as Guard;
    const woken = look(cond.wait(guard));
    const other = mutex.tryLock() as Guard;
    const early = look(mutex.lock());
    cond.signal();
    const late = look(mutex.lock());
    await host.runUntilIdle();
    expect([woken.now, early.now, late.now]).toEqual([waits, waits, waits]);
    other.release();
    await host.runUntilIdle();
    expect([woken.now, early.now]).toMatchObject([waits, { value: { held: true } }]);
    mutex.unlock();
    await host.runUntilIdle();
    expect([woken.now, guard.held, late.now]).toEqual([{ value: guard }, true, waits]);
    guard.release();
    await host.runUntilIdle();
    expect(late.now).toMatchObject({ value: { held: true } });
  });

  it('wakes one by signal, the first who came, and all by broadcast', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const order: number[] = [];
    for (let n = 0; n < 4; n++)
      go(function* () {
        const guard = yield* mutex.lock();
        yield cond.wait(guard);
        order.push(n);
        yield sleep(1);
        guard.release();
      });
    await host.runUntilIdle();
    cond.signal();
    await host.runUntilIdle();
    expect(order).toEqual([0]);
    cond.broadcast();
    await host.runUntilIdle();
    expect([order, mutex.locked]).toEqual([[0, 1, 2, 3], false]);
  });

  it('forgets a signal for which nobody waited', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    cond.signal();
    cond.broadcast();
    const seen = look(cond.wait(mutex.tryLock() as Guard));
    await host.runUntilIdle();
    expect(seen.now).toEqual(waits);
  });

  it('knows its mutex', () => {
    const mutex = new Mutex();
    expect(new Cond(mutex).mutex).toBe(mutex);
  });

  it('refuses a guard that holds nothing, or something else', () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const guard = mutex.tryLock() as Guard;
    guard.release();
    expect(codeOf(() => cond.wait(guard))).toBe('ERR_NOT_HELD');
    for (const other of [new Mutex().tryLock(), new Semaphore(1).tryAcquire()]) {
      expect(codeOf(() => cond.wait(other as Guard))).toBe('ERR_NOT_HELD');
      expect(other?.held).toBe(true);
    }
  });
});

describe('whoever gives up waiting for a Cond', () => {
  it('does not take the lock again, and takes no signal from others', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const controller = new AbortController();
    const guard = mutex.tryLock() as Guard;
    const first = look(cond.wait(guard, { signal: controller.signal }));
    const second = look(cond.wait(mutex.tryLock() as Guard));
    controller.abort('enough');
    cond.signal();
    await host.runUntilIdle();
    expect([first.now, guard.held]).toEqual([{ reason: 'enough' }, false]);
    expect(second.now).toMatchObject({ value: { held: true } });
  });

  it('may do so while it waits for the lock, too', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const controller = new AbortController();
    const guard = mutex.tryLock() as Guard;
    const seen = look(cond.wait(guard, { signal: controller.signal }));
    const other = mutex.tryLock() as Guard;
    cond.signal();
    controller.abort('enough');
    other.release();
    await host.runUntilIdle();
    expect([seen.now, guard.held, mutex.locked]).toEqual([{ reason: 'enough' }, false, false]);
  });

  it('as a cancelled routine, finds in finally whether it has the lock', async () => {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const routine = go(function* () {
      const guard = yield* mutex.lock();
      try {
        yield cond.wait(guard);
      } finally {
        host.note(`held: ${guard.held}`);
        if (guard.held) guard.release();
      }
    });
    await host.runUntilIdle();
    routine.cancel();
    await host.runUntilIdle();
    expect([host.takeLog(), mutex.locked]).toEqual([['held: false'], false]);
  });

  it('before it began, still holds the lock', async () => {
    const mutex = new Mutex();
    const guard = mutex.tryLock() as Guard;
    const seen = look(new Cond(mutex).wait(guard, { signal: AbortSignal.abort('before') }));
    await host.runUntilIdle();
    expect([seen.now, guard.held, mutex.locked]).toEqual([{ reason: 'before' }, true, true]);
  });
});
