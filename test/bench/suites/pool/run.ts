/**
 * The pool suite, the part inside of a host: the time that a mixed load takes on one thread and on several, and who did it.
 * Nine of ten jobs take 0.05 to 0.5 ms, the tenth 2 to 5.
 */
import type * as lanes from 'mp-lanes/pool';
import { SuiteBench } from '../../harness/bench.js';
import { spinBySteps, stepsPerMicrosecond } from '../../harness/busy.js';
import type { Kit } from '../../harness/kit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { spin } from './api.js';
import { workload } from './plan.js';
import { subjects } from './subjects.js';
import type { Subject } from './subjects.js';

const SAMPLE_LIMIT_MS = 120_000;

type CreatePool = (typeof lanes)['createPool'];

interface Connected {
  readonly name: string;
  readonly pool: lanes.Pool<{ spin: typeof spin }> | null;
}

/** How many steps each job takes. */
function mixedLoad(count: number, stepsPerUs: number): number[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, () => {
    const us = random() < 0.1 ? 2000 + 3000 * random() : 50 + 450 * random();
    return Math.round(us * stepsPerUs);
  });
}

export const run: RunSuite = async (kit, { quick }) => {
  const { createPool } = await import('mp-lanes/pool');
  const recorder = new Recorder();
  const load = mixedLoad(quick ? 1000 : 10_000, stepsPerMicrosecond(kit.now));
  const connected = subjects.map((subject) => connect(kit, createPool, subject));
  const plan = quick ? { least: 2, most: 2, budgetMs: 0 } : { least: 3, most: 7, budgetMs: 90_000 };
  const bench = new SuiteBench(kit, recorder, seededRandom(7), SAMPLE_LIMIT_MS);
  // Threads start, engines compile.
  for (const subject of connected) await work(subject, load.slice(0, 300));
  await bench.measure(workload, connected, plan, (subject) => sample(kit, recorder, subject, load));
  return {
    subjects: subjects.map(({ name }) => ({ name, tags: [] })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

function connect(
  { threads }: Kit,
  createPool: CreatePool,
  { name, threads: count, inline }: Subject,
): Connected {
  if (threads === null) throw new Error('this host has no second thread for a suite');
  if (count === 0) return { name, pool: null };
  const worker = { url: threads.urlOf('lanes'), count };
  return { name, pool: createPool({ worker, ...(inline ? { inline: { spin } } : {}) }) };
}

async function work({ pool }: Connected, load: readonly number[]): Promise<void> {
  if (pool === null) load.forEach((steps) => spinBySteps(steps));
  else await Promise.all(load.map((steps) => pool.run('spin', [steps])));
}

async function sample(
  kit: Kit,
  recorder: Recorder,
  subject: Connected,
  load: readonly number[],
): Promise<void> {
  const { name, pool } = subject;
  const before = pool === null ? [] : pool.stats().processors;
  const startMs = kit.now();
  await work(subject, load);
  recorder.record(workload, name, 'total', kit.now() - startMs);
  if (pool === null) return;
  const after = pool.stats().processors;
  const sumOf = (member: 'run' | 'stolen', named: (name: string) => boolean): number =>
    after.reduce((sum, each, at) => {
      return sum + (named(each.name) ? each[member] - (before[at]?.[member] ?? 0) : 0);
    }, 0);
  const run = sumOf('run', () => true);
  if (run !== load.length) throw new Error(`${String(run)} of ${String(load.length)} jobs ran`);
  recorder.record(
    workload,
    name,
    'stolen',
    sumOf('stolen', () => true),
  );
  recorder.record(
    workload,
    name,
    'inline',
    sumOf('run', (each) => each === 'inline'),
  );
}
