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
    expect(taken.slice(4)).toEqual(['b', 'b']);
    expect(bench.recorder.rounds).toEqual({ load: 2 });
  });
});
