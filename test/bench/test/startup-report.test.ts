import { describe, expect, it } from 'vitest';
import { assertAllRead } from '../suites/startup/checks.js';
import { sizeOf } from '../suites/startup/measure.js';
import { report } from '../suites/startup/report.js';
import { indexName, peersName, subjects } from '../suites/startup/subjects.js';
import { suites } from '../suites/suites.js';
import { resultsOf, verdictOn } from './made-up.js';

const claim = 'index without compiled code';

function judge(indexMs: number, peersMs: number): boolean | null {
  const figures = {
    cold: { [indexName]: { jitless: [indexMs], jit: [0] }, [peersName]: { jitless: [peersMs], jit: [0] } },
  };
  return verdictOn(report, claim, resultsOf([], figures));
}

describe('the claim on a start', () => {
  it('wants three milliseconds where the peers are slow, and one and a half times theirs where they are quick', () => {
    expect([judge(3, 10), judge(3.1, 10)]).toEqual([true, false]);
    expect([judge(1.5, 1), judge(1.6, 1)]).toEqual([true, false]);
  });

  it('says nothing where either was not measured', () => {
    expect(verdictOn(report, claim, resultsOf([], { cold: { [indexName]: { jitless: [1] } } }))).toBeNull();
    expect(verdictOn(report, claim, resultsOf([], {}))).toBeNull();
  });
});

describe('a cold start', () => {
  const [peers] = subjects;
  if (peers === undefined) throw new Error('there are subjects');
  const touching = { ...peers, entries: ['a.js'], touches: true };
  const outcome = { ms: 1, files: ['a.js'], touched: 2, exported: [2] };

  it('counts where all was evaluated, and every export was read that was to be', () => {
    expect(() => assertAllRead(touching, outcome)).not.toThrow();
    expect(() => assertAllRead(touching, { ...outcome, touched: 1 })).toThrow('1 of 2 exports');
    expect(() => assertAllRead(touching, { ...outcome, files: [] })).toThrow('was not evaluated');
    expect(() => assertAllRead(touching, { ...outcome, exported: [0] })).toThrow('exports nothing');
    expect(() => assertAllRead({ ...touching, touches: false }, outcome)).toThrow('2 of 0 exports');
  });

  it('has the size of what was evaluated alone', () => {
    const sources = { 'a.js': 'x'.repeat(1_000), 'b.js': 'y' };
    const size = sizeOf(['a.js'], sources);
    expect(size).toMatchObject({ files: 1, minifiedBytes: 1_000 });
    expect(size.gzippedBytes).toBeLessThan(100);
    expect(sizeOf(['a.js', 'b.js'], sources).minifiedBytes).toBe(1_002);
  });

  it('is asked of Node alone, and of every entry', () => {
    expect(suites['startup']?.leftOut.chromium).toContain('process');
    expect(subjects.filter(({ kind }) => kind === 'own').map(({ name }) => name)).toContain(
      'index, everything used',
    );
  });
});
