/** Bytes of heap for each queued task: the callback is shared, so it is what the peer itself keeps. */
import { having } from '../bench.js';
import type { Bench, Contender } from '../bench.js';
import { nativeName } from '../peers/post-task.js';

export const bytesWorkload = 'bytes';

const COUNT = 100_000;

export async function measureBytes(bench: Bench): Promise<void> {
  const { heapBytes } = bench.kit;
  if (heapBytes === null) return;
  const able = having(bench.contenders, 'queue');
  if (able.some(({ name }) => name === nativeName)) {
    bench.recorder.exclude(bytesWorkload, nativeName, 'keeps its tasks outside of the JavaScript heap');
  }
  bench.leaveOutSlow(bytesWorkload, able, COUNT);
  await bench.measure(bytesWorkload, able, bench.plan.bytes, (contender) =>
    sample(bench, contender, heapBytes),
  );
}

async function sample(bench: Bench, { name, open }: Contender, heapBytes: () => number): Promise<void> {
  const { collectGarbage } = bench.kit;
  const tally = bench.tally(COUNT);
  const { task } = tally;
  const session = open();
  collectGarbage();
  const before = heapBytes();
  for (let index = 0; index < COUNT; index++) session.post(task, 'user-visible');
  collectGarbage();
  bench.recorder.record(bytesWorkload, name, 'bytes', (heapBytes() - before) / COUNT);
  await bench.finish(tally);
}
