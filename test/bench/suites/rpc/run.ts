/** The rpc suite, the part inside of a host: calls from this thread to a second one, of which each subject has its own. */
import { SuiteBench, reasonOf } from '../../harness/bench.js';
import type { Kit, Threads } from '../../harness/kit.js';
import { within } from '../../harness/limit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { OneAtATime, connected, sampleOf } from '../../harness/turns.js';
import type { Open, Reachable } from '../../harness/turns.js';
import type { Caller } from './caller.js';
import { allPeers } from './peers/all.js';
import { fullPlan, quickPlan } from './plan.js';
import { workloads } from './workloads.js';
import type { Workload } from './workloads.js';

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  const { short, long, sampleLimitMs } = quick ? quickPlan : fullPlan;
  const reachable = await connectAll(kit, recorder, sampleLimitMs, short.warmUps);
  const bench = new SuiteBench(kit, recorder, seededRandom(23), sampleLimitMs);
  for (const workload of workloads) {
    const { warmUps, rounds } = workload.isLong ? long : short;
    const sample = (caller: Caller) => costOf(bench, workload, caller);
    const lasting = reachable.filter(({ coldSamples }) => coldSamples === 0);
    await bench.warmUp(workload.name, lasting, warmUps, ({ use }) => use(sample));
    await bench.measure(workload.name, reachable, rounds, async (subject) => {
      const cost = await sampleOf(subject, sample);
      recorder.record(workload.name, subject.name, 'cost', cost);
      recorder.record(workload.name, subject.name, 'rate', 1e6 / cost);
    });
  }
  const subjects = allPeers.map(({ name, tags }) => ({ name, tags }));
  return { subjects, series: recorder.series, absences: recorder.absences, rounds: recorder.rounds };
};

/** Who cannot be connected is left out of all. */
async function connectAll(
  kit: Kit,
  recorder: Recorder,
  limitMs: number,
  warmUps: number,
): Promise<Reachable<Caller>[]> {
  const { threads } = kit;
  if (threads === null) throw new Error('this host has no second thread for a suite');
  const turns = new OneAtATime(warmUps);
  const reachable: Reachable<Caller>[] = [];
  for (const { name, connect } of allPeers) {
    kit.progress(`connect ${name}`);
    const open = () => within(connect(kit, threads), limitMs, kit.setTimer);
    try {
      const each = threads.areMany
        ? connected(name, await open())
        : turns.reachable(name, closing(threads, open));
      await each.use(() => Promise.resolve());
      reachable.push(each);
    } catch (error) {
      recorder.exclude('', name, reasonOf(error));
    }
  }
  return reachable;
}

function closing(threads: Threads, open: () => Promise<Caller>): Open<Caller> {
  return async (began) => {
    began(() => threads.end());
    const caller = await open();
    began(() => {
      caller.close?.();
      threads.end();
    });
    return caller;
  };
}

/** Microseconds. */
async function costOf(
  { kit: { now } }: SuiteBench,
  { count, prepare }: Workload,
  caller: Caller,
): Promise<number> {
  const measured = prepare(caller);
  const startMs = now();
  await measured();
  return ((now() - startMs) * 1e3) / count;
}
