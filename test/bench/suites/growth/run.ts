/** The growth suite, the part inside of a host: what one item costs among few and among many. */
import { SuiteBench } from '../../harness/bench.js';
import { metricOf, workloadOf } from '../../harness/growth-names.js';
import { settle } from '../../harness/kit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { workClock } from './clock.js';
import { sizesOf } from './curve.js';
import type { Curve, Tools } from './curve.js';
import { areas, curves } from './curves/all.js';
import { fullPlan, quickPlan } from './plan.js';
import type { Plan } from './plan.js';

/** One size of a curve: all of an area take turns in each round. */
interface Place {
  readonly name: string;
  readonly curve: Curve;
  readonly n: number;
}

const WARM_UPS = 3;
/** Of so many items engines compile what they will. */
const WARM_N = 1_000;

export const run: RunSuite = async (kit, { quick }) => {
  const lanes = await import('mp-lanes');
  const plan = quick ? quickPlan : fullPlan;
  const recorder = new Recorder();
  const tools = { lanes, kit, ...workClock(kit) };
  const bench = new SuiteBench(kit, recorder, seededRandom(44), plan.sampleLimitMs);
  for (const area of areas) await measureArea(bench, tools, plan, area, quick);
  return {
    subjects: [...new Set(curves.map(({ name }) => name))].map((name) => ({ name, tags: [] })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

async function measureArea(
  bench: SuiteBench,
  tools: Tools,
  plan: Plan,
  area: string,
  quick: boolean,
): Promise<void> {
  const workload = workloadOf(area);
  const own = curves.filter((curve) => curve.area === area);
  await bench.warmUp(workload, own, WARM_UPS, ({ run: runOnce, most }) =>
    runOnce(tools, Math.min(WARM_N, most)),
  );
  const places = own.flatMap((curve): Place[] =>
    sizesOf(curve.least, quick ? quickMostOf(tools, curve) : curve.most).map((n) => ({
      name: curve.name,
      curve,
      n,
    })),
  );
  await bench.measure(workload, places, plan.rounds, (place) => sample(bench, tools, plan, place));
}

/** Node, which is quickest at it and tells the processor's time, takes one step more. */
function quickMostOf({ kit: { host } }: Tools, { quickMost, most }: Curve): number {
  return host === 'node' ? Math.min(10 * quickMost, most) : quickMost;
}

async function sample(
  { recorder }: SuiteBench,
  tools: Tools,
  { leastItems, mostRuns }: Plan,
  { name, curve, n }: Place,
): Promise<void> {
  const workload = workloadOf(curve.area);
  // Of a curve that failed at another n there will be no figure.
  if (recorder.isExcluded(workload, name)) return;
  tools.kit.progress(`${workload}: ${name}, ${String(n)}`);
  const runs = Math.min(mostRuns, Math.ceil(leastItems / n));
  let [ms, items] = [0, 0];
  for (let at = 0; at < runs; at++) {
    const spent = await curve.run(tools, n);
    await settle(tools.kit);
    ms += spent.ms;
    items += spent.items;
  }
  recorder.record(workload, name, metricOf(n), (ms * 1e6) / items);
}
