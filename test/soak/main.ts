/**
 * `npm run test:soak`: the heap stays flat over millions of messages, ports and calls. Both ends of the link live in this one
 * heap, on a virtual host, so that what either of them kept would show.
 *
 * `npm run test:soak -- 0.01` runs a hundredth of it. Exits with 1 when anything grows by a byte an operation or more.
 */
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { AbortController } from '../../src/core/abort.js';
import { expose } from '../../src/rpc/expose.js';
import { release, withOptions } from '../../src/rpc/remote.js';
import type { Remote } from '../../src/rpc/remote-types.js';
import { proxy } from '../../src/rpc/marks.js';
import type { ProxyMarked } from '../../src/rpc/marks.js';
import { callStats, wrap } from '../../src/rpc/wrap.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import { LinkedEnd } from '../channel/linked-end.js';
import { staysFlat } from './slope.js';

const scale = Number(process.argv[2] ?? 1);
const host = createVirtualHost();
host.install();
const pair = createPipePair({ cloneMessage: 'structured', transfer: true });
const near = new LinkedEnd(pair.a);
const far = new LinkedEnd(pair.b, false);
host.runUntilIdleSync();

function expectCount(what: string, actual: number, wanted: number): void {
  if (actual !== wanted) throw new Error(`${what}: ${actual} instead of ${wanted}`);
}

/** 500 small objects each way. */
function messages(): number {
  let heard = 0;
  near.heard = () => heard++;
  far.heard = () => heard++;
  for (let n = 0; n < 500; n++) {
    near.post({ n, text: 'ping', list: [n, n + 1] });
    far.post({ n, ok: true });
  }
  host.runUntilIdleSync();
  expectCount('messages heard', heard, 1000);
  return heard;
}

/** 100 buffers of 1 KiB that go there and come back, moved each time. */
function buffers(): number {
  let home = 0;
  far.heard = ({ data }) => far.post(data, [data as ArrayBuffer]);
  near.heard = () => home++;
  for (let n = 0; n < 100; n++) {
    const buffer = new ArrayBuffer(1024);
    near.post(buffer, [buffer]);
  }
  host.runUntilIdleSync();
  expectCount('buffers that came home', home, 100);
  return 2 * home;
}

/** 100 ports that are opened, sent away, used both ways and closed, half of them at either end. */
function ports(): number {
  let answers = 0;
  let closes = 0;
  far.heard = ({ ports: [port] }) => answer(port as MessagePort);
  function answer(port: MessagePort): void {
    port.onmessage = ({ data }) => {
      port.postMessage(data);
      if ((data as number) % 2 === 1) port.close();
    };
    port.onclose = () => closes++;
  }
  for (let n = 0; n < 100; n++) {
    const { port1, port2 } = new MessageChannel();
    near.post(null, [port2]);
    port1.onclose = () => closes++;
    port1.onmessage = () => {
      answers++;
      if (n % 2 === 0) port1.close();
    };
    port1.postMessage(n);
  }
  host.runUntilIdleSync();
  expectCount('answers', answers, 100);
  expectCount('closed ports', closes, 100);
  expectCount('ports left in the links', near.link.size + far.link.size, 2);
  return answers;
}

/** What is called: plain methods, one that calls back, a stream, an object that stays. */
const api = {
  add: (a: number, b: number) => a + b,
  fail: () => Promise.reject(new RangeError('as asked')),
  each: async (count: number, callback: (n: number) => unknown) => {
    for (let n = 0; n < count; n++) await callback(n);
    return count;
  },
  *items(count: number) {
    for (let n = 0; n < count; n++) yield n;
  },
  counter: () => proxy({ next: () => 1 }) as { next(): number } & ProxyMarked,
  wait: (signal: AbortSignal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up')))),
};
type Api = typeof api;

const openCallPort = (): Promise<MessagePort> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    far.heard = ({ ports: [port] }) => {
      expose(api, port as MessagePort);
      resolve(port1);
    };
    near.post(null, [port2]);
    host.runUntilIdleSync();
  });

function expectNothingUnderWay(): void {
  const { pending, running, callbacks, streams } = callStats(callPort);
  expectCount('calls, callbacks and streams left', pending + running + callbacks + streams, 0);
}

async function settle<T>(promise: Promise<T>): Promise<T> {
  await host.runUntilIdle();
  return promise;
}

/** 1,000 calls: most of them plain; of the others some fail, call back, are aborted, give a stream or an object. */
async function calls(): Promise<number> {
  const controller = new AbortController();
  const work: Promise<unknown>[] = [];
  for (let n = 0; n < 900; n++) work.push(remote.add(n, 1));
  for (let n = 0; n < 20; n++) {
    work.push(remote.fail().catch(() => 0));
    work.push(remote.each(2, (each: number) => each));
    work.push(remote.wait(controller.signal as never).catch(() => 0));
    work.push(withOptions(remote, { timeoutMs: 1000, priority: 'background' }).add(n, n));
    work.push(readAll(remote.items(5)));
    work.push(useCounter());
  }
  setTimeoutVirtual(() => controller.abort());
  await settle(Promise.all(work));
  expectNothingUnderWay();
  return 1000;
}

function setTimeoutVirtual(run: () => void): void {
  host.time.setTimer(run, 1);
}

async function readAll(stream: Promise<AsyncIterable<number>>): Promise<number> {
  let sum = 0;
  for await (const n of await stream) sum += n;
  return sum;
}

async function useCounter(): Promise<void> {
  const counter = (await remote.counter()) as Remote<{ next(): number }>;
  await counter.next();
  release(counter);
}

/** A page that is opened, wraps the worker, and is left in the middle of everything. */
async function pages(): Promise<number> {
  for (let n = 0; n < 10; n++) {
    const page = wrap<Api>(callPort);
    const work = [
      page.add(1, 2),
      page.wait(new AbortController().signal as never),
      page.each(1000, () => new Promise(() => undefined)),
      page.items(1000).then(async (stream) => {
        for await (const item of stream) if (item === 3) break;
      }),
    ].map((each: Promise<unknown>) => each.catch(() => 0));
    for (let turn = 0; turn < 20; turn++) await host.runTurn();
    release(page);
    await settle(Promise.all(work));
    expectNothingUnderWay();
  }
  return 10;
}

const flat = [
  await staysFlat('small messages, both ways', 10_000_000 * scale, messages),
  await staysFlat('transferred buffers', 1_000_000 * scale, buffers),
  await staysFlat('ports opened, sent, used and closed', 1_000_000 * scale, ports),
];
const callPort = await openCallPort();
const remote = wrap<Api>(callPort);
flat.push(
  await staysFlat('calls', 10_000_000 * scale, calls),
  await staysFlat('pages opened and left in the middle of calls', 200_000 * scale, pages),
);
expectCount('faults and dropped frames', near.link.counters.faults + far.link.counters.faults, 0);
if (flat.includes(false)) {
  console.error('\nThe heap grows.');
  process.exitCode = 1;
}
