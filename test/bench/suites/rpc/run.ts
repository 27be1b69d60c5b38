/** The rpc suite, the part inside of a host: calls from this thread to a second one, of which each subject has its own. */
import { SuiteBench, reasonOf } from '../../harness/bench.js';
import type { Kit } from '../../harness/kit.js';
import { within } from '../../harness/limit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import type { Caller } from './caller.js';
import { allPeers } from './peers/all.js';
import { fullPlan, quickPlan } from './plan.js';
import { workloads } from './workloads.js';
import type { Workload } from './workloads.js';

interface Connected {
  readonly name: string;
  readonly caller: Caller;
}

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  const { short, long, sampleLimitMs } = quick ? quickPlan : fullPlan;
  const connected = await connectAll(kit, recorder, sampleLimitMs);
  const bench = new SuiteBench(kit, recorder, seededRandom(23), sampleLimitMs);
  for (const workload of workloads) {
    const { warmUps, rounds } = workload.isLong ? long : short;
    const sample = (subject: Connected) => sampleOf(bench, workload, subject);
    await bench.warmUp(workload.name, connected, warmUps, sample);
    await bench.measure(workload.name, connected, rounds, async (subject) => {
      const cost = await sample(subject);
      recorder.record(workload.name, subject.name, 'cost', cost);
      recorder.record(workload.name, subject.name, 'rate', 1e6 / cost);
    });
  }
  const subjects = allPeers.map(({ name, tags }) => ({ name, tags }));
  return { subjects, series: recorder.series, absences: recorder.absences, rounds: recorder.rounds };
};

/** Who cannot be connected is left out of all. */
async function connectAll(kit: Kit, recorder: Recorder, limitMs: number): Promise<Connected[]> {
  const { threads } = kit;
  if (threads === null) throw new Error('this host has no second thread for a suite');
  const connected: Connected[] = [];
  for (const { name, connect } of allPeers) {
    kit.progress(`connect ${name}`);
    try {
      connected.push({ name, caller: await within(connect(kit, threads), limitMs, kit.setTimer) });
    } catch (error) {
      recorder.exclude('', name, reasonOf(error));
    }
  }
  return connected;
}

/** Microseconds. */
async function sampleOf(
  { kit: { now } }: SuiteBench,
  { count, prepare }: Workload,
  { caller }: Connected,
): Promise<number> {
  const measured = prepare(caller);
  const startMs = now();
  await measured();
  return ((now() - startMs) * 1e3) / count;
}
