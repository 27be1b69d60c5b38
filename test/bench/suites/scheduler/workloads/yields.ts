/**
 * The cost of one yield: `await` of it in a loop. A library may go on within its slice instead of giving the thread away,
 * so a second loop counts how many turns of others it lets through.
 */
import type { Hop } from '../../../harness/kit.js';
import type { Bench } from '../bench.js';

export const yieldsWorkload = 'yield';

const LOOP_MS = 40;
const WARM_UP_MS = 10;
const CHECK_EVERY = 8;
const PROBE_LIMIT_MS = 2_000;

export async function measureYields(bench: Bench): Promise<void> {
  const hops = [...bench.kit.hops, ...bench.contenders.flatMap(({ yields }) => yields)];
  await bench.measure(yieldsWorkload, hops, bench.plan.yields, async (hop) => {
    const { recorder } = bench;
    await costOf(bench, hop, WARM_UP_MS);
    recorder.record(yieldsWorkload, hop.name, 'cost', await costOf(bench, hop, LOOP_MS));
    recorder.record(yieldsWorkload, hop.name, 'turns', await turnsOf(bench, hop));
  });
}

/** Microseconds. */
async function costOf({ kit: { now } }: Bench, hop: Hop, loopMs: number): Promise<number> {
  const startMs = now();
  let count = 0;
  do {
    for (let one = 0; one < CHECK_EVERY; one++) await hop.hop();
    count += CHECK_EVERY;
  } while (now() - startMs < loopMs);
  return ((now() - startMs) * 1000) / count;
}

/** Turns of somebody else in a thousand yields. */
async function turnsOf({ kit: { now, macrotask } }: Bench, hop: Hop): Promise<number> {
  let turns = 0;
  let over = false;
  const probe = (): void => {
    turns++;
    // A hop that others can starve never comes back, and its probe must not stay.
    if (!over && now() - startMs < PROBE_LIMIT_MS) macrotask(probe);
  };
  const startMs = now();
  macrotask(probe);
  let count = 0;
  do {
    for (let one = 0; one < CHECK_EVERY; one++) await hop.hop();
    count += CHECK_EVERY;
  } while (now() - startMs < LOOP_MS);
  over = true;
  return (turns * 1000) / count;
}
