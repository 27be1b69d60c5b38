/** The scheduler suite, the part inside of a host. */
import { reasonOf } from '../../harness/bench.js';
import type { Kit } from '../../harness/kit.js';
import { within } from '../../harness/limit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { Tally } from '../../harness/tally.js';
import { Bench } from './bench.js';
import type { Contender } from './bench.js';
import { allPeers } from './peers/all.js';
import type { Session } from './peers/peer.js';
import { fullPlan, quickPlan } from './plan.js';
import type { Plan } from './plan.js';
import { measureBytes } from './workloads/bytes.js';
import { measureCancel } from './workloads/cancel.js';
import { measureGaps } from './workloads/gaps.js';
import { latencyWorkload, measureLatency } from './workloads/latency.js';
import { measureRun } from './workloads/run.js';
import { measureYields } from './workloads/yields.js';

const TRIAL_TASKS = 1_000;
const TRIAL_LIMIT_MS = 3_000;

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  const plan = quick ? quickPlan : fullPlan;
  const contenders = await loadAll(kit, plan, recorder);
  const bench = new Bench(kit, plan, recorder, contenders, seededRandom(20));
  // Shortest first: what follows knows from them who is too slow for it.
  await measureRun(bench);
  await measureYields(bench);
  await measureCancel(bench);
  await measureBytes(bench);
  await measureGaps(bench);
  await measureLatency(bench);
  return {
    subjects: allPeers.map(({ name, tags }) => ({ name, tags })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

/** Who loads and runs every task once, and that often enough to be warm. */
async function loadAll(kit: Kit, plan: Plan, recorder: Recorder): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const { name, tags, load } of allPeers) {
    kit.progress(`load ${name}`);
    try {
      const loaded = await load(kit);
      for (let round = 0; round < plan.warmUps; round++) await tryOut(kit, loaded.open());
      if (tags.includes('priorities')) await tryPriorities(kit, recorder, name, loaded.open());
      contenders.push({ name, tags, ...loaded });
    } catch (error) {
      recorder.exclude('', name, reasonOf(error));
    }
  }
  return contenders;
}

async function tryOut(kit: Kit, session: Session): Promise<void> {
  const tally = new Tally(TRIAL_TASKS, kit.now);
  const promises = session.fill(TRIAL_TASKS, tally.task, 'user-visible');
  const all = Promise.all([tally.finished, ...(promises ?? [])]);
  const explain = (): string => `hangs: ran ${String(tally.count)} of ${String(TRIAL_TASKS)} tasks`;
  await within(all, TRIAL_LIMIT_MS, kit.setTimer, explain);
}

/** One user-blocking task behind many of the background; some peers begin with the first they get. */
async function tryPriorities(kit: Kit, recorder: Recorder, name: string, session: Session): Promise<void> {
  const background = new Tally(20, kit.now);
  for (let index = 0; index < 20; index++) session.post(background.task, 'background');
  const before = await within(
    new Promise<number>((resolve) => session.post(() => resolve(background.count), 'user-blocking')),
    TRIAL_LIMIT_MS,
    kit.setTimer,
  );
  await within(background.finished, TRIAL_LIMIT_MS, kit.setTimer);
  const reason = `ran ${String(before)} background tasks ahead of a user-blocking one`;
  if (before > 10) recorder.exclude(latencyWorkload, name, reason);
}
