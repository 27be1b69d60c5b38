/**
 * Bridges: a port of the platform's, or of another copy of this library, on one side, one of our queues on the other.
 *
 *   their port ◄──native──► native port ═bridge═ queue ◄──entangled──► queue or leg, which travels with our message
 *
 * What must always hold:
 * - A bridge owns its native port: nobody else may post to it, listen to it or transfer it.
 * - Both directions keep the order; either end's closing closes the other, after what was posted before. That of the
 *   native end is heard where the platform fires `close` at ports: in Node, not in Chromium 147.
 * - Buffers move. Ports in a message are bridged in turn; a copy of this library takes ours as they are.
 */
import { clone } from '../codec/clone.js';
import { isTransferable } from '../codec/transfer.js';
import { environment } from '../core/environment.js';
import { NativeChannel } from '../host/native-ports.js';
import type { EncodedMessage, Outgoing, Parcel } from './entangled.js';
import { entangle } from './entangled.js';
import { readForeign } from './foreign-control.js';
import { GivenMessage, encodeOrGiveUp } from './message.js';
import { Arrived } from './message-event.js';
import type { PortTraits } from './message.js';
import { PortMessageQueue } from './port-message-queue.js';

interface NativeEvent {
  readonly data?: unknown;
  readonly ports?: readonly object[];
}

interface NativePort {
  postMessage(message: unknown, transfer: object[]): void;
  addEventListener(type: string, listener: (event: NativeEvent) => void): void;
  start(): void;
  close(): void;
}

/** The queue that travels in the place of `port`, a native one, which is used up. */
export function adoptNative(port: object, traits: PortTraits): PortMessageQueue {
  const [near, away] = [new PortMessageQueue(), new PortMessageQueue()];
  entangle(near, away);
  bridge(near, port as NativePort, traits);
  return away;
}

/** A native port in the place of `port`, one of ours, which is used up; `null` where the platform has none. */
export function bridgeAway(port: object, traits: PortTraits): object | null {
  if (NativeChannel === undefined) return null;
  const { port1, port2 } = new NativeChannel();
  bridge(traits.detach(port), port1 as NativePort, traits);
  return port2;
}

function bridge(queue: PortMessageQueue, native: NativePort, traits: PortTraits): void {
  queue.setOwner({
    deliver: (parcel) => sendOn(parcel, native, traits),
    closed: () => native.close(),
  });
  native.addEventListener('message', ({ data, ports = [] }) => {
    const message = readForeign(data, ports, traits) ?? new NativeMessage(data, ports, traits);
    if (queue.peer === null) message.dispose();
    else queue.peer.forward(message);
  });
  native.addEventListener('close', () => queue.close());
  queue.enable();
  native.start();
}

/** Posts a message of ours to a native port. What that cannot take is lost and reported: its sender is elsewhere. */
function sendOn(parcel: Parcel, native: NativePort, traits: PortTraits): void {
  const Channel = isTransferable(native) ? undefined : NativeChannel;
  try {
    const { data, ports } = parcel.open();
    const successors = new Map<object, object>();
    const ends = ports.map((port) => {
      const { port1, port2 } = Channel === undefined ? { port1: port, port2: port } : new Channel();
      successors.set(port, port2);
      return port1;
    });
    const buffers = new Set<ArrayBuffer>();
    const message = clone(data, { replace: successors, take: buffers });
    native.postMessage(message, [...successors.values(), ...buffers]);
    if (Channel === undefined) return;
    ports.forEach((port, at) => bridge(traits.detach(port), ends[at] as NativePort, traits));
  } catch (error) {
    parcel.dispose();
    environment().reportError(error);
  }
}

/** A message as a native port gave it: a copy already, that nobody else has. */
class NativeMessage implements Parcel {
  constructor(
    private readonly data: unknown,
    private readonly ports: readonly object[],
    private readonly traits: PortTraits,
  ) {}

  open(): Arrived {
    const { data, ports } = this;
    return ports.length === 0 ? new Arrived(data, ports) : this.outgoing().clone().open();
  }

  encode(): EncodedMessage {
    return encodeOrGiveUp(this, () => this.outgoing());
  }

  private outgoing(): Outgoing {
    return new GivenMessage(this.data, { buffers: new Set(), ports: this.ports }, this.traits);
  }

  dispose(): void {
    for (const port of this.ports) (port as NativePort).close();
  }
}
