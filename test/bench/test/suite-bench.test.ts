import { describe, expect, it } from 'vitest';
import { SuiteBench } from '../harness/bench.js';
import type { Kit } from '../harness/kit.js';
import { seededRandom } from '../harness/random.js';
import { Recorder } from '../harness/recorder.js';

let nowMs = 0;

const kit: Kit = {
  host: 'node',
  engine: 'an engine',
  now: () => ++nowMs,
  collectGarbage: () => undefined,
  heapBytes: null,
  macrotask: (callback) => queueMicrotask(callback),
  // Nothing here takes so long that a limit matters.
  setTimer: () => undefined,
  timersArmed: () => 0,
  hops: [],
  leastBudgetMs: 0,
  threads: null,
  progress: () => undefined,
};

const subjects = [{ name: 'a' }, { name: 'b' }];
const open = () => new SuiteBench(kit, new Recorder(), seededRandom(1), 1_000);

describe('SuiteBench', () => {
  it('warms all up in turn, and counts none of it', async () => {
    const bench = open();
    const taken: string[] = [];
    await bench.warmUp('load', subjects, 2, ({ name }) => Promise.resolve(taken.push(name)));
    expect(taken).toEqual(['a', 'b', 'a', 'b']);
    expect(bench.recorder.series).toEqual([]);
    expect(bench.recorder.rounds).toEqual({});
  });

  it('leaves out who fails while warming up, with the reason, and measures the others', async () => {
    const bench = open();
    const taken: string[] = [];
    const sample = ({ name }: { readonly name: string }): Promise<void> => {
      taken.push(name);
      return name === 'a' ? Promise.reject(new Error('has no way')) : Promise.resolve();
    };
    await bench.warmUp('load', subjects, 3, sample);
    expect(taken).toEqual(['a', 'b', 'b', 'b']);
    expect(bench.recorder.absences).toEqual([{ workload: 'load', subject: 'a', reason: 'has no way' }]);
    await bench.measure('load', subjects, { least: 2, most: 2, budgetMs: 0 }, sample);
    // Twice a round: once for the control.
    expect(taken.slice(4)).toEqual(['b', 'b', 'b', 'b']);
    expect(bench.recorder.rounds).toEqual({ load: 2 });
  });

  it('measures the first of ours twice in each round, and keeps the two apart', async () => {
    const bench = open();
    const three = [{ name: 'a limit' }, { name: 'mp-lanes' }, { name: 'mp-lanes async' }];
    let samples = 0;
    await bench.measure('load', three, { least: 3, most: 3, budgetMs: 0 }, ({ name }) => {
      bench.recorder.record('load', name, 'cost', ++samples);
      return Promise.resolve();
    });
    const counts = Object.fromEntries(
      bench.recorder.series.map((each) => [each.subject, each.samples.length]),
    );
    expect(counts).toEqual({ 'a limit': 3, 'mp-lanes': 3, 'mp-lanes again': 3, 'mp-lanes async': 3 });
    expect(new Set(bench.recorder.series.flatMap((each) => each.samples)).size).toBe(12);
  });

  it('measures the first of all twice where nobody is called after us', async () => {
    const bench = open();
    await bench.measure('load', subjects, { least: 1, most: 1, budgetMs: 0 }, async ({ name }) => {
      bench.recorder.record('load', name, 'cost', 1);
    });
    expect(bench.recorder.series.map(({ subject }) => subject).sort()).toEqual(['a', 'a again', 'b']);
  });

  it('drops the control of a subject that has failed', async () => {
    const bench = open();
    let tries = 0;
    await bench.measure('load', subjects, { least: 2, most: 2, budgetMs: 0 }, async ({ name }) => {
      bench.recorder.record('load', name, 'cost', 1);
      if (name === 'a' && ++tries === 3) throw new Error('broke');
    });
    expect(bench.recorder.isExcluded('load', 'a')).toBe(true);
    const kept = bench.recorder.series.map(({ subject }) => subject);
    expect(kept).toContain('b');
    expect(kept).not.toContain('a again');
  });

  it('gives up a subject whose sample kept the thread for longer than the limit', async () => {
    const bench = open();
    await bench.measure('load', subjects, { least: 2, most: 2, budgetMs: 0 }, async ({ name }) => {
      if (name === 'b') nowMs += 1_200;
      bench.recorder.record('load', name, 'cost', 1);
    });
    expect(bench.recorder.absences).toEqual([
      { workload: 'load', subject: 'b', reason: expect.stringMatching(/^took 1\.2 s a round$/) },
    ]);
    expect(bench.recorder.samples('load', 'b', 'cost')).toEqual([]);
  });

  it('gives short plans time for a few rounds where all is slow', async () => {
    const bench = new SuiteBench({ ...kit, leastBudgetMs: 1e6 }, new Recorder(), seededRandom(1), 1_000);
    await bench.measure('load', subjects, { least: 1, most: 1, budgetMs: 0 }, () => Promise.resolve());
    expect(bench.recorder.rounds).toEqual({ load: 5 });
  });
});
