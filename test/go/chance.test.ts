import { beforeEach, describe, expect, it } from 'vitest';
import { Chan, after, done, from, go, select, to } from '../../src/go.js';
import { seedSelect } from '../../src/testing.js';
import { host, run, useVirtualHost } from './stage.js';

useVirtualHost();
beforeEach(() => seedSelect(20_261_128));

const rounds = 8_000;

/** How often each case happens when all are ready, counted over many selects. */
async function share(cases: number, isReady: (at: number) => boolean): Promise<number[]> {
  const counts = new Array<number>(cases).fill(0);
  const all = Array.from({ length: cases }, (_, at) => {
    const chan = new Chan<number>(1);
    // Half of them are sends.
    if (isReady(at) === (at % 2 === 0)) chan.trySend(0);
    return chan;
  });
  await run(function* () {
    for (let n = 0; n < rounds; n++) {
      const given = Object.fromEntries(
        all.map((chan, at) => [String(at), at % 2 === 0 ? from(chan) : to(chan, 0)]),
      );
      const { case: name } = yield* select(given);
      const at = Number(name);
      counts[at] = (counts[at] as number) + 1;
      // As it was before.
      if (at % 2 === 0) all[at]?.trySend(0);
      else all[at]?.tryRecv();
    }
  });
  return counts;
}

describe('the choice of select', () => {
  it.each([1, 2, 3, 4, 5, 8, 13])('is each of %i ready cases as often, within a quarter', async (cases) => {
    const fair = rounds / cases;
    for (const count of await share(cases, () => true)) {
      expect(count).toBeGreaterThan(fair * 0.75);
      expect(count).toBeLessThan(fair * 1.25);
    }
  });

  it('is among those that are ready only, wherever they stand', async () => {
    const counts = await share(9, (at) => at % 4 === 1 || at === 8);
    const fair = rounds / 3;
    counts.forEach((count, at) => {
      if (at % 4 !== 1 && at !== 8) return expect(count).toBe(0);
      expect(Math.abs(count - fair)).toBeLessThan(fair / 4);
    });
  });

  it('does not prefer channels to contexts and times', async () => {
    const counts: Record<string, number> = { job: 0, stop: 0, late: 0 };
    const stopped = done(AbortSignal.abort());
    const jobs = new Chan<number>();
    jobs.close();
    await host.advance(1);
    for (let n = 0; n < 3_000; n++) {
      const late = after(0);
      const { case: name } = await select({ job: from(jobs), stop: stopped, late }, { default: true });
      counts[name] = (counts[name] as number) + 1;
      if (n % 100 === 0) await host.runUntilIdle();
    }
    await host.runUntilIdle();
    for (const count of Object.values(counts)) expect(Math.abs(count - 1_000)).toBeLessThan(250);
  });

  it.each([2, 3])('is as even among %i cases that wait for one channel', async (cases) => {
    const chan = new Chan<number>();
    const counts = new Array<number>(cases).fill(0);
    go(function* () {
      for (;;) {
        const { value, ok } = yield* chan.recv();
        if (!ok) return;
        counts[value] = (counts[value] as number) + 1;
        yield;
      }
    });
    await run(function* () {
      const given = Object.fromEntries(counts.map((_, at) => [String(at), to(chan, at)]));
      // The receiver comes later, so the sender waits.
      for (let n = 0; n < 3_000; n++) {
        yield select(given);
      }
      chan.close();
    });
    for (const count of counts) expect(Math.abs(count - 3_000 / cases)).toBeLessThan(750 / cases);
  });

  it('comes out the same from the same seed, and not from another', async () => {
    const sequence = async (seed: number): Promise<string> => {
      seedSelect(seed);
      const chan = new Chan<number>();
      chan.close();
      return run(function* () {
        let names = '';
        for (let n = 0; n < 40; n++) names += (yield* select({ a: chan, b: chan, c: chan })).case;
        return names;
      });
    };
    const first = await sequence(1);
    expect(await sequence(1)).toBe(first);
    expect(await sequence(2)).not.toBe(first);
    // Zero would stay zero for ever.
    expect(new Set(await sequence(0)).size).toBe(3);
  });
});
