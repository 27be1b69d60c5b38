/** The codec suite, the part inside of a host. */
import { SuiteBench, reasonOf } from '../../harness/bench.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { differences } from './differences.js';
import { allPeers } from './peers/all.js';
import type { Codec } from './peers/peer.js';
import { fullPlan, quickPlan } from './plan.js';
import type { Plan } from './plan.js';
import { workloads } from './values.js';
import type { Workload } from './values.js';

/** Shorter batches say more about the clock's steps than about a codec. */
const CLOCK_MS = 0.05;

interface Contender extends Codec {
  readonly name: string;
}

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  const plan = quick ? quickPlan : fullPlan;
  const contenders = await loadAll(recorder);
  const bench = new SuiteBench(kit, recorder, seededRandom(21), plan.sampleLimitMs);
  // All of them first: in an app, too, a codec has met values of every kind before the next one comes.
  for (const workload of workloads) tryOut(recorder, contenders, workload);
  for (const workload of workloads) await measureWorkload(bench, plan, contenders, workload);
  return {
    subjects: allPeers.map(({ name, tags }) => ({ name, tags })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

async function loadAll(recorder: Recorder): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const { name, load } of allPeers) {
    try {
      contenders.push({ name, ...(await load()) });
    } catch (error) {
      recorder.exclude('', name, reasonOf(error));
    }
  }
  return contenders;
}

/** Who does not give back what was sent, or changes it, has no figure. */
function tryOut(recorder: Recorder, contenders: readonly Contender[], { name, make }: Workload): void {
  const expected = make();
  for (const contender of contenders) {
    const sent = make();
    try {
      const lost = differences(expected, roundTrip(contender, sent));
      if (lost.length > 0) recorder.exclude(name, contender.name, lost.join('; '));
      else if (differences(expected, sent).length > 0) {
        recorder.exclude(name, contender.name, 'changes what it encodes');
      }
    } catch (error) {
      recorder.exclude(name, contender.name, reasonOf(error));
    }
  }
}

function roundTrip({ encode, decode }: Codec, value: unknown): unknown {
  const wire = encode(value);
  return decode === null ? wire : decode(wire);
}

async function measureWorkload(
  bench: SuiteBench,
  plan: Plan,
  contenders: readonly Contender[],
  { name, make }: Workload,
): Promise<void> {
  const value = make();
  const repeats = new Map<string, number>();
  for (const contender of contenders) {
    if (bench.recorder.isExcluded(name, contender.name)) continue;
    bench.kit.progress(`${name}: ${contender.name}`);
    repeats.set(contender.name, warmUp(bench, plan, contender, value));
  }
  await bench.measure(name, contenders, plan.rounds, (contender) => {
    sample(bench, contender, name, value, repeats.get(contender.name) ?? 1);
    return Promise.resolve();
  });
}

/**
 * Batches that grow until the engine has compiled what it will.
 * @returns how often a sample repeats to take about as long as planned, by the quickest batch: others run meanwhile
 */
function warmUp({ kit: { now } }: SuiteBench, plan: Plan, contender: Contender, value: unknown): number {
  let count = 1;
  let leastMs = Infinity;
  const startMs = now();
  while (leastMs === Infinity || now() - startMs < plan.warmUpMs) {
    const beginMs = now();
    for (let time = 0; time < count; time++) sink = roundTrip(contender, value);
    const batchMs = now() - beginMs;
    if (batchMs >= CLOCK_MS) leastMs = Math.min(leastMs, batchMs / count);
    if (batchMs < plan.sampleMs) count *= 2;
  }
  return Math.max(1, Math.ceil(plan.sampleMs / leastMs));
}

/** What was made last, so that no compiler leaves the work out. */
let sink: unknown = null;

function sample(
  { kit: { now }, recorder }: SuiteBench,
  { name, encode, decode, bytesOf }: Contender,
  workload: string,
  value: unknown,
  repeats: number,
): void {
  const us = (ms: number): number => (ms * 1e3) / repeats;
  let wire: unknown;
  const startMs = now();
  for (let repeat = 0; repeat < repeats; repeat++) wire = encode(value);
  const encodedMs = now();
  if (decode !== null) for (let repeat = 0; repeat < repeats; repeat++) sink = decode(wire);
  const decodedMs = now();
  if (decode !== null) {
    recorder.record(workload, name, 'encode', us(encodedMs - startMs));
    recorder.record(workload, name, 'decode', us(decodedMs - encodedMs));
  }
  recorder.record(workload, name, 'both', us(decodedMs - startMs));
  if (bytesOf !== null) recorder.record(workload, name, 'bytes', bytesOf(wire));
}

/** For whoever looks: keeps the sink alive. */
export function lastMade(): unknown {
  return sink;
}
