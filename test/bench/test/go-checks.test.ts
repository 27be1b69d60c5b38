import { describe, expect, it } from 'vitest';
import { Received, Section, SleepLog } from '../suites/go/checks.js';

function received(...numbers: readonly number[]): Received {
  const all = new Received();
  for (const n of numbers) all.take(n);
  return all;
}

describe('what a receiver got', () => {
  it('must be all that was sent, in order', () => {
    expect(() => received(1, 2, 3).assertInOrder(3)).not.toThrow();
    expect(() => received(1, 3, 2).assertInOrder(3)).toThrow('3 came in place of 2');
    expect(() => received(1, 2).assertInOrder(3)).toThrow('2 came where 3 were sent');
    expect(() => received(1, 2, 3, 4).assertInOrder(3)).toThrow('4 came where 3 were sent');
  });

  it('may come in any order from several channels, but each once', () => {
    expect(() => received(2, 3, 1).assertComplete(3)).not.toThrow();
    expect(() => received(2, 2, 1).assertComplete(3)).toThrow('the sum was 5 in place of 6');
    expect(() => received(2, NaN, 1).assertComplete(3)).toThrow('NaN');
  });
});

describe('what a lock guards', () => {
  it('has one inside at a time, so many times', () => {
    const section = new Section();
    for (let turn = 0; turn < 2; turn++) {
      section.enter();
      section.leave();
    }
    expect(() => section.assertComplete(2)).not.toThrow();
    expect(() => section.assertComplete(3)).toThrow('2 times in place of 3');
  });

  it('remembers that two were inside', () => {
    const section = new Section();
    section.enter();
    section.enter();
    section.leave();
    section.leave();
    expect(() => section.assertComplete(2)).toThrow('at the same time');
  });

  it('must be left', () => {
    const section = new Section();
    section.enter();
    expect(() => section.assertComplete(1)).toThrow('kept the lock');
  });
});

describe('the log of sleepers', () => {
  function logOf(count: number, wakes: number, sleptMs: number): SleepLog {
    let nowMs = 0;
    const log = new SleepLog(count, () => nowMs);
    for (let index = 0; index < count; index++) log.begin();
    nowMs = sleptMs;
    for (let index = 0; index < wakes; index++) log.wake();
    return log;
  }

  it('tells when the last began and when the last woke', async () => {
    const log = logOf(3, 3, 1_000);
    await Promise.all([log.allBegun, log.allWoke]);
    expect([log.begunMs, log.lastMs]).toEqual([0, 1_000]);
    expect(() => log.assertExact(0, 1_000)).not.toThrow();
  });

  it('finds who did not wake, woke twice, or woke too early', () => {
    expect(() => logOf(3, 2, 1_000).assertExact(0, 1_000)).toThrow('2 woke where 3 were to');
    expect(() => logOf(3, 4, 1_000).assertExact(0, 1_000)).toThrow('4 woke where 3 were to');
    expect(() => logOf(3, 3, 900).assertExact(0, 1_000)).toThrow('the first woke after 900.0 ms');
  });
});
