/**
 * `npm run test:soak`: the heap stays flat over millions of messages and ports. Both ends of the link live in this one
 * heap, on a virtual host, so that what either of them kept would show.
 *
 * `npm run test:soak -- 0.01` runs a hundredth of it. Exits with 1 when anything grows by a byte an operation or more.
 */
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
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

const flat = [
  await staysFlat('small messages, both ways', 10_000_000 * scale, messages),
  await staysFlat('transferred buffers', 1_000_000 * scale, buffers),
  await staysFlat('ports opened, sent, used and closed', 1_000_000 * scale, ports),
];
expectCount('faults and dropped frames', near.link.counters.faults + far.link.counters.faults, 0);
if (flat.includes(false)) {
  console.error('\nThe heap grows.');
  process.exitCode = 1;
}
