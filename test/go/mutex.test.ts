import { describe, expect, it } from 'vitest';
import { Guard, Mutex, go, sleep } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

describe('a Mutex', () => {
  it('is taken by one, and the next has it when that one gives it back', async () => {
    const mutex = new Mutex();
    const first = mutex.tryLock();
    expect([first, mutex.locked, mutex.tryLock()]).toEqual([expect.any(Guard), true, null]);
    const second = look(mutex.lock());
    await host.runUntilIdle();
    expect(second.now).toEqual(waits);
    first?.release();
    expect([first?.held, mutex.locked, mutex.tryLock()]).toEqual([false, true, null]);
    await host.runUntilIdle();
    const { value: guard } = second.now as { value: Guard };
    expect([guard.held, guard.units]).toEqual([true, 1]);
    guard.release();
    expect(mutex.locked).toBe(false);
  });

  it('goes to those who wait in the order of coming, generators and promises mixed', async () => {
    const mutex = new Mutex();
    const first = mutex.tryLock();
    const order: number[] = [];
    for (let n = 0; n < 6; n++)
      if (n % 2 === 0)
        go(function* () {
          const guard = yield* mutex.lock();
          order.push(n);
          yield sleep(1);
          guard.release();
        });
      else
        go(async () => {
          const guard = await mutex.lock();
          order.push(n);
          await sleep(1);
          guard.release();
        });
    await host.runUntilIdle();
    first?.release();
    await host.runUntilIdle();
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps a counter whole across waits', async () => {
    const mutex = new Mutex();
    let [count, inside] = [0, 0];
    for (let n = 0; n < 50; n++)
      go(function* () {
        const guard = yield* mutex.lock();
        expect(++inside).toBe(1);
        const before = count;
        yield n % 3 === 0 ? sleep(1) : undefined;
        count = before + 1;
        inside--;
        guard.release();
      });
    await host.runUntilIdle();
    expect([count, mutex.locked]).toEqual([50, false]);
  });

  it('may be unlocked by anyone, and then the guard holds it no longer', async () => {
    const mutex = new Mutex();
    const guard = mutex.tryLock();
    mutex.unlock();
    expect([guard?.held, mutex.locked]).toEqual([false, false]);
    expect(codeOf(() => guard?.release())).toBe('ERR_NOT_HELD');
    expect(codeOf(() => mutex.unlock())).toBe('ERR_NOT_HELD');
  });

  it('is not given back twice, with another holder in between', async () => {
    const mutex = new Mutex();
    const guard = mutex.tryLock();
    const second = look(mutex.lock());
    guard?.release();
    expect(codeOf(() => guard?.release())).toBe('ERR_NOT_HELD');
    expect(mutex.locked).toBe(true);
    await host.runUntilIdle();
    expect(second.now).toMatchObject({ value: { held: true } });
  });

  it('says in the error what to do', () => {
    expect(() => new Mutex().unlock()).toThrow('this Mutex is not held: give each lock back once');
  });

  it('may be taken without a turn in between', async () => {
    const mutex = new Mutex();
    const guard = await settled(mutex.lock());
    expect(guard).toMatchObject({ value: { held: true } });
  });
});

describe('whoever gives up waiting for a Mutex', () => {
  it('has not taken it and never will, from its place among others', async () => {
    const mutex = new Mutex();
    const first = mutex.tryLock();
    const controller = new AbortController();
    const seen = [undefined, controller.signal, undefined].map((signal) => look(mutex.lock({ signal })));
    controller.abort('enough');
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toEqual([waits, { reason: 'enough' }, waits]);
    first?.release();
    await host.runUntilIdle();
    mutex.unlock();
    await host.runUntilIdle();
    expect(seen[2]?.now).toMatchObject({ value: { held: true } });
    mutex.unlock();
    expect(mutex.locked).toBe(false);
  });

  it('as a cancelled routine, leaves it to the next', async () => {
    const mutex = new Mutex();
    mutex.tryLock();
    const routine = go(function* () {
      yield mutex.lock();
    });
    const next = look(mutex.lock());
    await host.runUntilIdle();
    routine.cancel();
    mutex.unlock();
    await host.runUntilIdle();
    expect(next.now).toMatchObject({ value: { held: true } });
  });

  it('in the moment in which it was handed over, has it, and gives it back in finally', async () => {
    const mutex = new Mutex();
    const first = mutex.tryLock();
    const routine = go(function* () {
      const guard = yield* mutex.lock();
      try {
        host.note('holds it');
        yield sleep(1_000);
        host.note('too far');
      } finally {
        guard.release();
      }
    });
    await host.runUntilIdle();
    first?.release();
    routine.cancel();
    await host.runUntilIdle();
    expect([host.takeLog(), mutex.locked]).toEqual([['holds it'], false]);
  });

  it('keeps what its signal aborts too late', async () => {
    const mutex = new Mutex();
    mutex.tryLock();
    const controller = new AbortController();
    const seen = look(mutex.lock({ signal: controller.signal }));
    mutex.unlock();
    controller.abort();
    await host.runUntilIdle();
    expect(seen.now).toMatchObject({ value: { held: true } });
  });

  it('does not begin with a signal that has aborted', async () => {
    const mutex = new Mutex();
    expect(await settled(mutex.lock({ signal: AbortSignal.abort('before') }))).toEqual({ reason: 'before' });
    expect(mutex.locked).toBe(false);
    expect(() => mutex.lock({ signal: {} as AbortSignal })).toThrow(TypeError);
  });
});

describe('a Guard', () => {
  it('is released at the end of its block, by explicit resource management', () => {
    const mutex = new Mutex();
    const disposal = (Symbol as { dispose?: symbol }).dispose ?? Symbol.for('Symbol.dispose');
    const guard = mutex.tryLock() as unknown as Record<symbol, () => void>;
    guard[disposal]?.();
    expect(mutex.locked).toBe(false);
    // It was released before the end: nothing to do, no error.
    expect(() => guard[disposal]?.()).not.toThrow();
  });
});
