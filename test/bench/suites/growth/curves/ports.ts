/** Ports over one pipe: to open n, to send over one of n, to close n. Each sample waits until the other thread has all. */
import type { MessagePort } from 'mp-lanes';
import { seededRandom } from '../../../harness/random.js';
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';
import { otherThread } from './other-thread.js';
import type { OtherThread } from './other-thread.js';

const own = { area: 'ports', law: 'constant', least: 1, most: 100_000, quickMost: 10_000 } as const;

/** So many messages, each over another of the n ports: enough that the collector's work on all the ports is not theirs. */
const MESSAGES = 20_000;

function openAll({ worker }: OtherThread, { lanes: { MessageChannel } }: Tools, n: number): MessagePort[] {
  return Array.from({ length: n }, () => {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ port: port2 }, [port2]);
    return port1;
  });
}

async function closeAll({ far }: OtherThread, ports: readonly MessagePort[]): Promise<void> {
  for (const port of ports) port.close();
  assertCount(await far.until('closed', ports.length), ports.length, 'were closed');
}

async function assertNoneOpen({ far }: OtherThread): Promise<void> {
  assertCount(await far.reset(), 0, 'ports were open');
}

async function open(tools: Tools, n: number): Promise<Spent> {
  const other = await otherThread(tools);
  await assertNoneOpen(other);
  const startMs = tools.now();
  const ports = openAll(other, tools, n);
  assertCount(await other.far.until('opened', n), n, 'were opened');
  const ms = tools.now() - startMs;
  await closeAll(other, ports);
  return { ms, items: n };
}

async function send(tools: Tools, n: number): Promise<Spent> {
  const other = await otherThread(tools);
  await assertNoneOpen(other);
  const ports = openAll(other, tools, n);
  await other.far.until('opened', n);
  const random = seededRandom(n);
  const chosen = Array.from({ length: MESSAGES }, () => ports[Math.floor(random() * n)]);
  const startMs = tools.now();
  for (const port of chosen) port?.postMessage({ name: 'a message', id: 1 });
  assertCount(await other.far.until('messages', MESSAGES), MESSAGES, 'messages came');
  const ms = tools.now() - startMs;
  await closeAll(other, ports);
  return { ms, items: MESSAGES };
}

async function close(tools: Tools, n: number): Promise<Spent> {
  const other = await otherThread(tools);
  await assertNoneOpen(other);
  const ports = openAll(other, tools, n);
  await other.far.until('opened', n);
  const startMs = tools.now();
  await closeAll(other, ports);
  return { ms: tools.now() - startMs, items: n };
}

export const portCurves: readonly Curve[] = [
  // From ten on: what goes over the same port shares a frame, so one port alone is another matter, and the channel suite's.
  { ...own, least: 10, name: 'a message over one of n', run: send },
  { ...own, name: 'open', run: open },
  { ...own, name: 'close', run: close },
];
