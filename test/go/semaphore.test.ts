import { describe, expect, it } from 'vitest';
import { Semaphore, go, sleep } from '../../src/go.js';
import type { Guard } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { codeOf, host, look, settled, useVirtualHost, waits } from './stage.js';

useVirtualHost();

const held = { value: { held: true } };

describe('a Semaphore', () => {
  it('gives units while there are some', () => {
    const semaphore = new Semaphore(3);
    const [two, one] = [semaphore.tryAcquire(2), semaphore.tryAcquire()];
    expect([two?.units, one?.units, semaphore.available, semaphore.tryAcquire()]).toEqual([2, 1, 0, null]);
    two?.release();
    expect([semaphore.available, semaphore.tryAcquire(2)?.units]).toEqual([2, 2]);
  });

  it('lets so many in at a time', async () => {
    const semaphore = new Semaphore(3);
    let [inside, most] = [0, 0];
    for (let n = 0; n < 10; n++)
      go(function* () {
        const guard = yield* semaphore.acquire();
        most = Math.max(most, ++inside);
        yield sleep(10);
        inside--;
        guard.release();
      });
    await host.runUntilIdle();
    expect([most, inside, semaphore.available, host.time.now()]).toEqual([3, 0, 3, 40]);
  });

  it('serves in the order of coming: a large request is not starved by small ones', async () => {
    const semaphore = new Semaphore(3);
    semaphore.tryAcquire(2);
    const large = look(semaphore.acquire(3));
    const small = look(semaphore.acquire(1));
    expect(semaphore.tryAcquire(1)).toBeNull();
    await host.runUntilIdle();
    expect([large.now, small.now, semaphore.available]).toEqual([waits, waits, 1]);
    semaphore.release(2);
    await host.runUntilIdle();
    expect([large.now, small.now]).toMatchObject([held, waits]);
    semaphore.release(3);
    await host.runUntilIdle();
    expect([small.now, semaphore.available]).toMatchObject([held, 2]);
  });

  it('serves as many as the units that come back suffice for', async () => {
    const semaphore = new Semaphore(5);
    const guard = semaphore.tryAcquire(5) as Guard;
    const seen = [1, 2, 2, 1].map((units) => look(semaphore.acquire(units)));
    guard.release();
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toMatchObject([held, held, held, waits]);
    expect(semaphore.available).toBe(0);
  });

  it.each([0, -1, 1.5, NaN, Infinity, '2', null])(
    'refuses to be made of %s units, and shows that',
    (units) => {
      let caught: unknown;
      try {
        new Semaphore(units as number);
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: units });
    },
  );

  it.each([0, -1, 1.5, NaN, 4, '2', null])('of 3 refuses to give or take %s, and shows that', (units) => {
    const semaphore = new Semaphore(3);
    for (const way of [
      () => semaphore.acquire(units as number),
      () => semaphore.tryAcquire(units as number),
      () => semaphore.release(units as number),
    ]) {
      let caught: unknown;
      try {
        way();
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', value: units });
    }
    expect(semaphore.available).toBe(3);
  });

  it('takes back no more than was taken', () => {
    const semaphore = new Semaphore(3);
    expect(codeOf(() => semaphore.release())).toBe('ERR_NOT_HELD');
    const guard = semaphore.tryAcquire(2);
    expect(codeOf(() => semaphore.release(3))).toBe('ERR_NOT_HELD');
    semaphore.release(2);
    expect(semaphore.available).toBe(3);
    expect(codeOf(() => guard?.release())).toBe('ERR_NOT_HELD');
  });
});

describe('whoever gives up waiting for a Semaphore', () => {
  it('lets those in that waited behind it only', async () => {
    const semaphore = new Semaphore(3);
    semaphore.tryAcquire(1);
    const controller = new AbortController();
    const seen = [
      look(semaphore.acquire(3, { signal: controller.signal })),
      look(semaphore.acquire(1)),
      look(semaphore.acquire(1)),
      look(semaphore.acquire(1)),
    ];
    await host.runUntilIdle();
    expect(seen.every(({ now }) => 'waits' in now)).toBe(true);
    controller.abort('enough');
    await host.runUntilIdle();
    expect(seen.map(({ now }) => now)).toMatchObject([{ reason: 'enough' }, held, held, waits]);
  });

  it('has taken none, as a cancelled routine either', async () => {
    const semaphore = new Semaphore(2);
    const guard = semaphore.tryAcquire(2);
    const routine = go(function* () {
      yield semaphore.acquire(2);
    });
    const next = look(semaphore.acquire(1));
    await host.runUntilIdle();
    routine.cancel();
    guard?.release();
    await host.runUntilIdle();
    expect([next.now, semaphore.available]).toMatchObject([held, 1]);
  });

  it('does not begin with a signal that has aborted', async () => {
    const semaphore = new Semaphore(1);
    const signal = AbortSignal.abort('before');
    expect(await settled(semaphore.acquire(1, { signal }))).toEqual({ reason: 'before' });
    expect(semaphore.available).toBe(1);
  });
});
