/**
 * `npm run test:ring`: as many small records through one ring between two threads as fit into the time given, in seconds
 * (180), up to 10^8. The reader checks the number and the text of each, and sums them; both sums must agree.
 */
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { build } from 'esbuild';

const wanted = 1e8;
const capacityBytes = 1 << 20;
const seconds = Number(process.argv[2] ?? 180);

/** Sum of the character codes and the number, so that neither may be lost, doubled or torn. */
const weigh = (text, value) => (text.charCodeAt(0) + text.length * 7 + value) >>> 0;
const textOf = (n) => String.fromCharCode(33 + (n % 90)) + 'x'.repeat(n % 23);
const texts = Array.from({ length: 90 * 23 }, (_, n) => textOf(n));

async function loadRing() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/adapters/shared-ring.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2020',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

/** What the threads tell each other: records written, their sum, whether these two hold; 1 to stop, 2 to give up. */
const shared = (memory) => new BigUint64Array(memory);

async function write({ memory, told }) {
  const { RingWriter } = await loadRing();
  const writer = new RingWriter(memory);
  const counters = shared(told);
  let sum = 0;
  let n = 0;
  while (n < wanted && ((n & 1023) !== 0 || Atomics.load(counters, 3) === 0n)) {
    const text = texts[n % texts.length];
    while (!writer.write(text, n)) if (Atomics.load(counters, 3) === 2n) return;
    sum = (sum + weigh(text, n)) >>> 0;
    n++;
  }
  Atomics.store(counters, 0, BigInt(n));
  Atomics.store(counters, 1, BigInt(sum));
  Atomics.store(counters, 2, 1n);
}

async function read() {
  const { RingReader, createRingMemory } = await loadRing();
  const memory = createRingMemory(capacityBytes);
  const told = new SharedArrayBuffer(32);
  const counters = shared(told);
  const reader = new RingReader(memory);
  const thread = new Worker(new URL(import.meta.url), { workerData: { memory, told } });
  thread.on('error', (error) => {
    throw error;
  });
  await new Promise((resolve) => thread.once('online', resolve));
  let sum = 0;
  let n = 0;
  let startedMs = 0;
  for (;;) {
    const isLast = Atomics.load(counters, 2) === 1n;
    const record = reader.read();
    if (record === null) {
      if (isLast) break;
      if (startedMs > 0 && performance.now() - startedMs > seconds * 1000) Atomics.store(counters, 3, 1n);
      continue;
    }
    if (startedMs === 0) startedMs = performance.now();
    if (record.value !== n || record.text !== texts[n % texts.length]) {
      Atomics.store(counters, 3, 2n);
      throw new Error(`record ${n} came as ${record.value}: ${String(record.text)}`);
    }
    sum = (sum + weigh(record.text, record.value)) >>> 0;
    if ((++n & 0xffff) === 0 && performance.now() - startedMs > seconds * 1000)
      Atomics.store(counters, 3, 1n);
  }
  const tookSeconds = (performance.now() - startedMs) / 1000;
  const [written, writtenSum] = [Number(counters[0]), Number(counters[1])];
  const isRight = written === n && writtenSum === sum;
  console.log(
    `${n} of ${wanted} records in ${tookSeconds.toFixed(1)} s, ${Math.round(n / tookSeconds)} a second; ` +
      `checksum ${sum}, ${isRight ? 'right' : `but ${written} were written with ${writtenSum}`}`,
  );
  process.exitCode = isRight && n > 0 ? 0 : 1;
}

await (isMainThread ? read() : write(workerData));
