/** Messages between two routines, and a lock between several: the time of each. */
import { settle } from '../../../harness/kit.js';
import type { Bench, Contender } from '../bench.js';
import { Received, Section } from '../checks.js';
import { wayOf } from '../peers/peer.js';
import type { Routines, Transfer } from '../peers/peer.js';

export interface MessageWorkload {
  readonly name: string;
  readonly title: string;
  /**
   * How many are sent in a sample, by those who are quick enough: enough that the milliseconds in which the engine
   * compiles the sample's own functions do not count.
   */
  readonly count: number;
  /** By how many the time of one is divided: a round trip is two messages. */
  readonly parts: number;
  /** Rejects unless all came as they were to. @throws NoWay with the reason where a library has no way */
  run(this: void, routines: Routines, count: number, after: () => Promise<void>): Promise<void>;
}

const BUFFER = 128;
const SELECTS = [2, 100] as const;
const CONTENDING = 8;
const TRIAL = 400;

/** All must come, and in order. */
function inOrder(transferOf: (routines: Routines) => Transfer | string): MessageWorkload['run'] {
  return async (routines, count, after) => {
    const received = new Received();
    await wayOf(transferOf(routines))(count, received);
    await after();
    received.assertInOrder(count);
  };
}

export const pingPong: MessageWorkload = {
  name: 'ping-pong',
  title: 'Ping-pong over two unbuffered channels, ns a message',
  count: 500_000,
  parts: 2,
  run: inOrder((routines) => routines.pingPong),
};

export const unbuffered: MessageWorkload = {
  name: 'unbuffered',
  title: 'A producer and a consumer, unbuffered, ns a message',
  count: 1_000_000,
  parts: 1,
  run: inOrder((routines) => routines.unbuffered),
};

export const buffered: MessageWorkload = {
  name: 'buffered',
  title: `A producer and a consumer, a buffer of ${String(BUFFER)}, ns a message`,
  count: 2_000_000,
  parts: 1,
  run: inOrder(({ buffered: way }) =>
    typeof way === 'string' ? way : (count, received) => way(count, received, BUFFER),
  ),
};

export const selects: readonly MessageWorkload[] = SELECTS.map((channels) => ({
  name: `select ${String(channels)}`,
  title: `Select over ${String(channels)} channels, of which one after the other has something, ns a message`,
  count: 300_000,
  parts: 1,
  async run(routines, count, after) {
    const received = new Received();
    await wayOf(routines.select)(count, received, channels);
    await after();
    received.assertComplete(count);
  },
}));

export const handOffs: MessageWorkload = {
  name: 'lock',
  title: `${String(CONTENDING)} routines and one lock, kept while its holder is suspended once, ns a hand-off`,
  count: 300_000,
  parts: 1,
  async run(routines, count, after) {
    const section = new Section();
    await wayOf(routines.handOffs)(count, section, CONTENDING);
    await after();
    section.assertComplete(count);
  },
};

export const messageWorkloads: readonly MessageWorkload[] = [
  pingPong,
  unbuffered,
  buffered,
  ...selects,
  handOffs,
];

export async function measureMessages(bench: Bench): Promise<void> {
  for (const workload of messageWorkloads) await measure(bench, workload);
}

async function measure(bench: Bench, workload: MessageWorkload): Promise<void> {
  const { contenders, plan, recorder } = bench;
  const counts = new Map<string, number>();
  const sample = async (contender: Contender): Promise<number> => {
    const count = counts.get(contender.name) ?? TRIAL;
    return nsOf(bench, workload, contender, count);
  };
  await bench.warmUp(workload.name, contenders, plan.warmUps, async (contender) => {
    counts.set(contender.name, affordable(workload, await sample(contender), plan.sampleMs));
  });
  await bench.measure(workload.name, contenders, plan.messages, async (contender) => {
    const ns = await sample(contender);
    recorder.record(workload.name, contender.name, 'cost', ns);
    recorder.record(workload.name, contender.name, 'rate', 1e6 / ns);
  });
}

/** Nanoseconds of one message. */
async function nsOf(
  { kit }: Bench,
  { run, parts }: MessageWorkload,
  { routines }: Contender,
  count: number,
): Promise<number> {
  let endMs = NaN;
  const startMs = kit.now();
  await run(routines, count, async () => {
    endMs = kit.now();
    // What came twice may still be on its way.
    await settle(kit);
  });
  return ((endMs - startMs) * 1e6) / (count * parts);
}

/** As many as fit into the time of a sample; a multiple of all that they are divided by. */
function affordable({ count, parts }: MessageWorkload, ns: number, sampleMs: number): number {
  const fitting = Math.min(count, (sampleMs * 1e6) / (ns * parts));
  return Math.max(TRIAL, Math.floor(fitting / TRIAL) * TRIAL);
}
