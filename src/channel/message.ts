/**
 * Messages under way: as given ({@link GivenMessage}), as a clone that waits for a listener here, or as a payload that
 * came over a pipe and is decoded when its turn comes, so that a long backlog costs nothing before it is read.
 */
import { clone } from '../codec/clone.js';
import { decode } from '../codec/decode.js';
import { encode } from '../codec/encode.js';
import type { EncodedMessage, Outgoing, Parcel } from './entangled.js';
import type { PortMessageQueue } from './port-message-queue.js';
import type { TransferList } from './transfer-list.js';

/** What messages need to know of ports; given by `message-port.ts`, which sits on top of them. */
export interface PortTraits {
  /** A port without a queue, to be named in the clone before the original is detached. */
  createDetached(): object;
  attach(port: object, queue: PortMessageQueue): void;
  /** Detaches the queue from `port`, whose object is dead afterwards; a native port gets one. */
  detach(port: object): PortMessageQueue;
}

/** A message as `postMessage` was given it. */
export class GivenMessage implements Outgoing {
  constructor(
    private readonly data: unknown,
    private readonly transfer: TransferList,
    private readonly traits: PortTraits,
  ) {}

  clone(): Parcel {
    const { ports, buffers } = this.transfer;
    const moved = new Map<object, object>();
    for (const port of ports) moved.set(port, this.traits.createDetached());
    const data = clone(this.data, { replace: moved, transfer: buffers });
    const queues = ports.map((port) => this.traits.detach(port));
    return new ClonedMessage(data, Array.from(moved.values()), queues, this.traits);
  }

  encode(): EncodedMessage {
    const { ports, buffers } = this.transfer;
    const { text, buffers: binary } = encode(this.data, { ports: indexOf(ports), transfer: buffers });
    return { text, buffers: binary, sides: ports.map((port) => this.traits.detach(port)) };
  }
}

/**
 * A clone that waits for its listener. Its ports get their queues when it is opened: nobody can listen to them before,
 * and a port whose other side is closed must not say so to nobody.
 */
class ClonedMessage implements Parcel {
  constructor(
    private readonly data: unknown,
    private readonly ports: readonly object[],
    private readonly queues: readonly PortMessageQueue[],
    private readonly traits: PortTraits,
  ) {}

  open(): { data: unknown; ports: readonly object[] } {
    this.queues.forEach((queue, at) => this.traits.attach(this.ports[at] as object, queue));
    return { data: this.data, ports: this.ports };
  }

  reopen(): Outgoing {
    return new GivenMessage(this.data, { buffers: noBuffers, ports: this.open().ports }, this.traits);
  }

  dispose(): void {
    for (const queue of this.queues) queue.close();
  }
}

/** A payload as it came over a pipe: untrusted until it is decoded. */
export class WireMessage implements Parcel {
  constructor(
    private readonly payload: unknown,
    private readonly buffers: readonly ArrayBuffer[],
    private readonly queues: readonly PortMessageQueue[],
    private readonly traits: PortTraits,
  ) {}

  open(): { data: unknown; ports: readonly object[] } {
    const ports = this.queues.map((queue) => {
      const port = this.traits.createDetached();
      this.traits.attach(port, queue);
      return port;
    });
    return { data: decode(this.payload, this.buffers, { ports }), ports };
  }

  reopen(): Outgoing | null {
    try {
      const { data, ports } = this.open();
      return new GivenMessage(data, { buffers: noBuffers, ports }, this.traits);
    } catch {
      // Cannot be decoded, so it cannot be sent on either; the far listener would only hear of a broken message.
      this.dispose();
      return null;
    }
  }

  dispose(): void {
    for (const queue of this.queues) queue.close();
  }
}

const noBuffers: ReadonlySet<ArrayBuffer> = new Set();

function indexOf(ports: readonly object[]): ReadonlyMap<object, number> {
  const index = new Map<object, number>();
  ports.forEach((port, at) => index.set(port, at));
  return index;
}
