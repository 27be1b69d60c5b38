/** Two ends of a pipe that carries only what JSON keeps, and buffers; each with the endpoint that a worker has. */
import { createPipePair } from '../../src/testing.js';
import type { PipePairOptions } from '../../src/testing.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import type { MessageEvent } from '../../src/channel/message-event.js';
import { LinkedEnd } from '../channel/linked-end.js';

class End extends LinkedEnd {
  /** The first port that arrives. */
  readonly port = new Promise<MessagePort>((resolve) => {
    this.heard = ({ ports: [port] }) => {
      if (port !== undefined) resolve(port);
    };
  });
}

/** How many ports cross, the implicit ones not counted. */
export type Crossing = () => number;

/** A port whose other end is at the other end of a pipe. */
export async function connectPorts(
  options: PipePairOptions = {},
): Promise<{ near: MessagePort; far: MessagePort; crossing: Crossing }> {
  const pair = createPipePair({ cloneMessage: 'json', ...options });
  const [a, b] = [new End(pair.a), new End(pair.b)];
  const { port1, port2 } = new MessageChannel();
  a.post(null, [port2]);
  return { near: port1, far: await b.port, crossing: () => a.link.size - 1 };
}

/** The data of the next message. */
export function nextMessage(port: MessagePort): Promise<unknown> {
  return nextEvent(port).then(({ data }) => data);
}

/** The next message. */
export function nextEvent(port: MessagePort): Promise<MessageEvent<unknown, MessagePort>> {
  return new Promise((resolve) => {
    port.onmessage = (event) => resolve(event as MessageEvent<unknown, MessagePort>);
  });
}

/** The end of a port. */
export function closed(port: { addEventListener(type: string, listener: () => void): void }): Promise<void> {
  return new Promise((resolve) => port.addEventListener('close', () => resolve()));
}
