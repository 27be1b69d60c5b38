/** The channel suite, the part inside of a host: messages between this thread and a second one. */
import { SuiteBench, reasonOf } from '../../harness/bench.js';
import { within } from '../../harness/limit.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { sampleOf } from '../../harness/turns.js';
import type { Reachable } from '../../harness/turns.js';
import { differences } from '../codec/differences.js';
import { roundTrips } from './line.js';
import type { Message } from './protocol.js';
import { fullPlan, quickPlan } from './plan.js';
import type { Plan } from './plan.js';
import { connectAll, subjects } from './subjects.js';
import type { Connected } from './subjects.js';
import { PORTS, bursts, trips } from './workloads.js';
import type { Burst, Trip } from './workloads.js';

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  const plan = quick ? quickPlan : fullPlan;
  kit.progress('connect');
  const connecting = connectAll(kit, PORTS, plan.warmUps);
  const reachable = await within(connecting, plan.sampleLimitMs, kit.setTimer);
  const bench = new SuiteBench(kit, recorder, seededRandom(22), plan.sampleLimitMs);
  for (const burst of bursts) {
    await measure(bench, plan, reachable, burst.name, (subject) => sampleBurst(bench, subject, burst));
  }
  for (const trip of trips) {
    await tryOut(bench, plan, reachable, trip);
    await measure(bench, plan, reachable, trip.name, (subject) => sampleTrip(bench, subject, trip));
  }
  return { subjects, series: recorder.series, absences: recorder.absences, rounds: recorder.rounds };
};

interface Figures {
  readonly [metric: string]: number;
}

/** Warms all up, in turn, then takes samples. */
async function measure(
  bench: SuiteBench,
  { warmUps, rounds }: Plan,
  reachable: readonly Reachable<Connected>[],
  workload: string,
  sample: (subject: Connected) => Promise<Figures>,
): Promise<void> {
  const lasting = reachable.filter(({ coldSamples }) => coldSamples === 0);
  await bench.warmUp(workload, lasting, warmUps, ({ use }) => use(sample));
  await bench.measure(workload, reachable, rounds, async (subject) => {
    for (const [metric, value] of Object.entries(await sampleOf(subject, sample))) {
      bench.recorder.record(workload, subject.name, metric, value);
    }
  });
}

/** Microseconds a message: of the thread that posts, and until the other says that it has the last. */
async function sampleBurst(
  { kit: { now } }: SuiteBench,
  { line }: Connected,
  { count, repeats, make }: Burst,
): Promise<Figures> {
  const message = make();
  let [post, cost] = [0, 0];
  for (let repeat = 0; repeat < repeats; repeat++) {
    await line.order({ name: 'count', count });
    const startMs = now();
    const { postedMs, endMs } = await line.burst(message, count, now);
    post += postedMs - startMs;
    cost += endMs - startMs;
  }
  const scale = 1e3 / (count * repeats);
  return { post: post * scale, cost: cost * scale };
}

/** Microseconds a round trip. */
async function sampleTrip({ kit: { now } }: SuiteBench, subject: Connected, trip: Trip): Promise<Figures> {
  const lines = trip.ports === 1 ? [subject.line] : subject.many;
  for (const line of lines) await line.order({ name: 'echo', moves: trip.moves });
  const message = trip.make();
  const startMs = now();
  await roundTrips(lines, message, trip.moves, trip.count);
  return { cost: ((now() - startMs) * 1e3) / trip.count };
}

/** Who does not bring back what was sent has no figure. */
async function tryOut(
  { kit, recorder }: SuiteBench,
  { sampleLimitMs }: Plan,
  reachable: readonly Reachable<Connected>[],
  { name, moves, make }: Trip,
): Promise<void> {
  for (const { name: subject, use } of reachable) {
    const once = async ({ line }: Connected): Promise<Message> => {
      await line.order({ name: 'echo', moves });
      return within(roundTrips([line], make(), moves, 1), sampleLimitMs, kit.setTimer);
    };
    try {
      const back = await use(once);
      const lost = differences({ ...make(), id: 0 }, back);
      if (lost.length > 0) recorder.exclude(name, subject, lost.join('; '));
    } catch (error) {
      recorder.exclude(name, subject, reasonOf(error));
    }
  }
}
