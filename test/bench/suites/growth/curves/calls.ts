/** Calls that are in flight together, and jobs of a pool. */
import type { AbortSignal, Pool } from 'mp-lanes';
import { settle } from '../../../harness/kit.js';
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';
import { otherThread, urlOfOther } from './other-thread.js';
import { someOf } from './tasks.js';

const own = { area: 'calls', law: 'constant', least: 1_000, most: 100_000, quickMost: 10_000 } as const;

interface Jobs {
  add(a: number, b: number): number;
}

let pool: Pool<Jobs> | null = null;

function poolOf(tools: Tools): Pool<Jobs> {
  pool ??= tools.lanes.createPool<Jobs>({ worker: { url: urlOfOther(tools) }, maxQueued: own.most });
  return pool;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

async function calls(tools: Tools, n: number): Promise<Spent> {
  const { far } = await otherThread(tools);
  const startMs = tools.now();
  const answers = await Promise.all(Array.from({ length: n }, (_, at) => far.add(at, 1)));
  const ms = tools.now() - startMs;
  assertCount(sumOf(answers), (n * (n + 1)) / 2, 'was the sum of the answers');
  return { ms, items: n };
}

/** Of n that wait in one turn some are aborted. @param start - one of them, with a signal if it is one of those */
async function abortSome(
  { lanes: { AbortController }, kit, now }: Tools,
  n: number,
  start: (at: number, signal: AbortSignal | undefined) => Promise<unknown>,
): Promise<Spent> {
  const chosen = new Map(someOf(n).map((at) => [at, new AbortController()] as const));
  let [answered, rejected] = [0, 0];
  const all = Array.from({ length: n }, (_, at) =>
    start(at, chosen.get(at)?.signal).then(
      () => answered++,
      () => rejected++,
    ),
  );
  const startMs = now();
  for (const controller of chosen.values()) controller.abort();
  const ms = now() - startMs;
  await Promise.all(all);
  await settle(kit);
  assertCount(rejected, chosen.size, 'were rejected');
  assertCount(answered, n - chosen.size, 'were answered');
  return { ms, items: chosen.size };
}

async function abortCalls(tools: Tools, n: number): Promise<Spent> {
  const { withOptions } = tools.lanes;
  const { far } = await otherThread(tools);
  return abortSome(tools, n, (at, signal) =>
    (signal === undefined ? far : withOptions(far, { signal })).add(at, 1),
  );
}

async function jobs(tools: Tools, n: number): Promise<Spent> {
  const own = poolOf(tools);
  const startMs = tools.now();
  const answers = await Promise.all(Array.from({ length: n }, (_, at) => own.run('add', [at, 1])));
  const ms = tools.now() - startMs;
  assertCount(sumOf(answers), (n * (n + 1)) / 2, 'was the sum of the answers');
  return { ms, items: n };
}

function abortJobs(tools: Tools, n: number): Promise<Spent> {
  const own = poolOf(tools);
  return abortSome(tools, n, (at, signal) => own.run('add', [at, 1], signal === undefined ? {} : { signal }));
}

export const callCurves: readonly Curve[] = [
  { ...own, name: 'n calls in flight', run: calls },
  { ...own, name: 'abort one of n calls', run: abortCalls },
  { ...own, name: 'n jobs of a pool', run: jobs },
  { ...own, name: 'abort one of n jobs', run: abortJobs },
];
