/** Two ports of one channel in two threads, over a wire whose messages arrive when the test says so, or by themselves. */
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { createPipePair } from '../../src/testing.js';
import type { PipePairOptions, VirtualHost } from '../../src/testing.js';
import { LinkedEnd } from '../channel/linked-end.js';
import { createWire } from '../channel/wire.js';
import type { Wire } from '../channel/wire.js';

export interface LinkedPorts {
  readonly near: MessagePort;
  readonly far: MessagePort;
  /** The ends of the link between them. */
  readonly ends: readonly [LinkedEnd, LinkedEnd];
}

/** Ports in two threads; what is posted arrives by itself. */
export async function linkPorts(host: VirtualHost, options?: PipePairOptions): Promise<LinkedPorts> {
  const pair = createPipePair(options);
  const ends = [new LinkedEnd(pair.a), new LinkedEnd(pair.b)] as const;
  return { ends, ...(await sendPort(ends, () => host.runUntilIdle())) };
}

/** Ports in two threads, and the wire between these. */
export function wirePorts(host: VirtualHost): LinkedPorts & { readonly wire: Wire } {
  const wire = createWire({});
  const ends = [new LinkedEnd(wire.a), new LinkedEnd(wire.b)] as const;
  let far: MessagePort | undefined;
  ends[1].heard = ({ ports }) => (far = ports[0]);
  const { port1, port2 } = new MessageChannel();
  ends[0].post(null, [port2]);
  settleWire(host, wire);
  return { near: port1, far: far as MessagePort, ends, wire };
}

/** Lets everything arrive and be heard. */
export function settleWire(host: VirtualHost, { ways }: Wire): void {
  host.runUntilIdleSync();
  for (let way = ways.find(isBusy); way !== undefined; way = ways.find(isBusy)) {
    way.shift()?.();
    host.runUntilIdleSync();
  }
}

function isBusy({ length }: readonly unknown[]): boolean {
  return length > 0;
}

async function sendPort(
  [a, b]: readonly [LinkedEnd, LinkedEnd],
  settle: () => Promise<unknown>,
): Promise<Pick<LinkedPorts, 'near' | 'far'>> {
  let far: MessagePort | undefined;
  b.heard = ({ ports }) => (far = ports[0]);
  const { port1, port2 } = new MessageChannel();
  a.post(null, [port2]);
  await settle();
  return { near: port1, far: far as MessagePort };
}
