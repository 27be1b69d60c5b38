/** What the types of a pool know; compiled, and run once so that it is no dead text. */
import { describe, expectTypeOf, it } from 'vitest';
import { asJobs, createPool } from '../../src/pool.js';
import type { JobResult, Pool } from '../../src/pool.js';

const jobs = {
  rank: (rows: readonly string[], by: string): number[] => rows.map((row) => row.length + by.length),
  load: async (id: number): Promise<{ id: number }> => ({ id }),
  *count(to: number): Generator<undefined, string> {
    for (let at = 0; at < to; at++) yield;
    return 'done';
  },
  version: 1,
};

declare const pool: Pool<typeof jobs>;

/** Never called. */
export function typed(): void {
  expectTypeOf(pool.run('rank', [['a'], 'b'])).toEqualTypeOf<Promise<number[]>>();
  expectTypeOf(pool.run('load', [1])).toEqualTypeOf<Promise<{ id: number }>>();
  expectTypeOf(pool.run('count', [3], { priority: 'background' })).toEqualTypeOf<Promise<string>>();
  // @ts-expect-error: there is no such job
  void pool.run('none', []);
  // @ts-expect-error: it is no function
  void pool.run('version', []);
  // @ts-expect-error: an argument is missing
  void pool.run('rank', [['a']]);
  // @ts-expect-error: an argument is of another type
  void pool.run('load', ['1']);
  // @ts-expect-error: there is no such priority
  void pool.run('load', [1], { priority: 'high' });
}

describe('the types of a pool', () => {
  it('are those of its jobs', () => {
    expectTypeOf(createPool({ inline: jobs })).toEqualTypeOf<Pool<typeof jobs>>();
    expectTypeOf(createPool({ inline: true, jobs })).toEqualTypeOf<Pool<typeof jobs>>();
    expectTypeOf(createPool<typeof jobs>)
      .parameter(0)
      .toHaveProperty('worker');
    expectTypeOf<JobResult<(typeof jobs)['count']>>().toEqualTypeOf<string>();
    const exposed = asJobs(jobs);
    expectTypeOf(exposed.count).toEqualTypeOf<(to: number) => Promise<string>>();
    expectTypeOf(exposed).not.toHaveProperty('version');
  });
});
