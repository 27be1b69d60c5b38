/** Two ends of a pipe that carries only what JSON keeps, and buffers; each with the endpoint that a worker has. */
import { createPipePair } from '../../src/testing.js';
import type { PipePair, PipePairOptions } from '../../src/testing.js';
import { Link } from '../../src/channel/link.js';
import { MessageChannel, portTraits, postThrough } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import type { MessageEvent } from '../../src/channel/message-event.js';
import { deliverTo } from '../../src/channel/message-target.js';
import { EventTarget } from '../../src/core/event-target.js';

class End extends EventTarget {
  readonly link: Link;
  /** The first port that arrives. */
  readonly port: Promise<MessagePort>;

  constructor(pipe: PipePair['a']) {
    super();
    this.link = new Link(pipe, portTraits);
    this.link.root.setOwner({
      isHeard: true,
      drained: () => undefined,
      deliver: (parcel) => deliverTo(this, parcel),
      closed: () => undefined,
    });
    this.port = new Promise((resolve) =>
      this.addEventListener('message', ({ ports }: MessageEvent<unknown, MessagePort>) => {
        if (ports[0] !== undefined) resolve(ports[0]);
      }),
    );
    this.link.root.enable();
    this.link.open();
  }
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
  postThrough(a.link.root, null, { ports: [port2], buffers: new Set() });
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
