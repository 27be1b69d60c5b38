/** The go suite, the part inside of a host: routines that sleep, and that send each other messages. */
import { reasonOf } from '../../harness/bench.js';
import type { Kit } from '../../harness/kit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { Bench } from './bench.js';
import type { Contender } from './bench.js';
import { allPeers } from './peers/all.js';
import { fullPlan, quickPlan } from './plan.js';
import { measureGrowth } from './workloads/growth.js';
import { measureMessages } from './workloads/messages.js';
import { measureSleepers } from './workloads/sleepers.js';

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  // Before any library is loaded, for some keep the function that they found.
  kit.timersArmed();
  const contenders = await loadAll(kit, recorder);
  const plan = quick ? quickPlan : fullPlan;
  const bench = new Bench(kit, plan, recorder, contenders, seededRandom(30));
  await measureSleepers(bench);
  await measureMessages(bench);
  await measureGrowth(bench);
  return {
    subjects: allPeers.map(({ name, tags }) => ({ name, tags })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

/** Who cannot be loaded is left out of all. */
async function loadAll(kit: Kit, recorder: Recorder): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const { name, tags, load } of allPeers) {
    kit.progress(`load ${name}`);
    try {
      contenders.push({ name, tags, routines: await load(kit) });
    } catch (error) {
      recorder.exclude('', name, reasonOf(error));
    }
  }
  return contenders;
}
