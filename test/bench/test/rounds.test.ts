import { describe, expect, it } from 'vitest';
import { seededRandom } from '../harness/random.js';
import { interleave } from '../harness/rounds.js';
import type { RoundPlan } from '../harness/rounds.js';

const subjects = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

/** Runs rounds on a clock on which each sample takes `sampleMs`. */
async function rounds(
  plan: RoundPlan,
  sampleMs: number,
  failing: (name: string, round: number) => boolean = () => false,
): Promise<{ count: number; log: string[]; failures: string[] }> {
  let nowMs = 0;
  const log: string[] = [];
  const failures: string[] = [];
  const tools = {
    now: () => nowMs,
    random: seededRandom(1),
    before: async () => void log.push('-'),
    onFailure: (name: string, error: unknown) => failures.push(`${name}: ${(error as Error).message}`),
  };
  const count = await interleave(subjects, plan, tools, async ({ name }) => {
    nowMs += sampleMs;
    const round = log.filter((each) => each === name).length;
    log.push(name);
    if (failing(name, round)) throw new Error(`round ${String(round)}`);
  });
  return { count, log, failures };
}

describe('interleaved rounds', () => {
  it('take one sample of each in every round, in changing order, each prepared for', async () => {
    const { count, log } = await rounds({ least: 6, most: 6, budgetMs: 0 }, 10);
    const taken = log.filter((each) => each !== '-');
    const orders = Array.from({ length: 6 }, (_, round) => taken.slice(round * 3, round * 3 + 3));
    expect(count).toBe(6);
    for (const order of orders) expect([...order].sort()).toEqual(['a', 'b', 'c']);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
    expect(log.filter((_, index) => index % 2 === 0)).toEqual(new Array(18).fill('-'));
  });

  it('are at least and at most as many as planned', async () => {
    expect((await rounds({ least: 2, most: 9, budgetMs: 0 }, 10)).count).toBe(2);
    expect((await rounds({ least: 2, most: 9, budgetMs: 1_000_000 }, 10)).count).toBe(9);
  });

  it('begin no round that would end after the budget', async () => {
    // 30 ms a round: the fifth would end at 150.
    expect((await rounds({ least: 1, most: 9, budgetMs: 149 }, 10)).count).toBe(4);
    expect((await rounds({ least: 1, most: 9, budgetMs: 150 }, 10)).count).toBe(5);
  });

  it('go on without who failed', async () => {
    const { log, failures } = await rounds({ least: 3, most: 3, budgetMs: 0 }, 10, (name, round) => {
      return name === 'b' && round === 1;
    });
    expect(failures).toEqual(['b: round 1']);
    expect(log.filter((each) => each === 'b')).toHaveLength(2);
    expect(log.filter((each) => each === 'c')).toHaveLength(3);
  });
});
