/**
 * Messages under way: as given ({@link GivenMessage}), as a clone that waits for a listener here, or as a payload that
 * came over a pipe and is decoded when its turn comes, so that a long backlog costs nothing before it is read.
 */
import { clone } from '../codec/clone.js';
import { decode } from '../codec/decode.js';
import { encode } from '../codec/encode.js';
import { jsonOf } from '../codec/json.js';
import { MARK } from '../codec/tags.js';
import { environment } from '../core/environment.js';
import { Arrived, noPorts } from './message-event.js';
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

const none: readonly never[] = [];

/** A message as `postMessage` was given it. */
export class GivenMessage implements Outgoing {
  static readonly kept = new GivenMessage(null, null as never, null as never);

  constructor(
    private readonly data: unknown,
    private readonly transfer: TransferList,
    private readonly traits: PortTraits,
  ) {}

  clone(): Parcel {
    const { ports, buffers } = this.transfer;
    if (ports.length === 0)
      return new ClonedMessage(clone(this.data, { transfer: buffers }), noPorts, none, this.traits);
    const moved = new Map<object, object>();
    for (const port of ports) moved.set(port, this.traits.createDetached());
    const data = clone(this.data, { replace: moved, transfer: buffers });
    const queues = ports.map((port) => this.traits.detach(port));
    return new ClonedMessage(data, Object.freeze(Array.from(moved.values())), queues, this.traits);
  }

  encode(): EncodedMessage {
    const { ports, buffers } = this.transfer;
    if (ports.length === 0 && buffers.size === 0) return encode(this.data);
    const { text, buffers: binary } = encode(this.data, { ports: indexOf(ports), transfer: buffers });
    return { text, buffers: binary, sides: ports.map((port) => this.traits.detach(port)) };
  }
}

/**
 * A clone that waits for its listener. Its ports get their queues when it is opened: nobody can listen to them before,
 * and a port whose other side is closed must not say so to nobody.
 */
class ClonedMessage implements Parcel {
  static readonly kept = new ClonedMessage(null, none, none, null as never);

  constructor(
    private readonly data: unknown,
    private readonly ports: readonly object[],
    private readonly queues: readonly PortMessageQueue[],
    private readonly traits: PortTraits,
  ) {}

  open(): Arrived {
    this.queues.forEach((queue, at) => this.traits.attach(this.ports[at] as object, queue));
    return new Arrived(this.data, this.ports);
  }

  encode(): EncodedMessage {
    return encodeOrGiveUp(this, () => {
      const { data, ports } = this.open();
      return new GivenMessage(data, { buffers: noBuffers, ports }, this.traits);
    });
  }

  dispose(): void {
    for (const queue of this.queues) queue.close();
  }
}

/**
 * How often a message may be sent on without being read. Two ports that were sent through each other from both sides would
 * follow one another for ever: nobody could read them, and no thread would come to rest.
 */
export const maxHops = 1000;

/** A payload as it came over a pipe: untrusted until it is decoded. Where it is only sent on, it stays as it is. */
export class WireMessage implements Parcel {
  /** One lives for ever, as of each class of which many are made; see `core/task.ts`. */
  static readonly kept = new WireMessage(null, none, none, null as never, null);

  constructor(
    private readonly payload: unknown,
    private readonly buffers: readonly ArrayBuffer[],
    private readonly queues: readonly PortMessageQueue[],
    private readonly traits: PortTraits,
    /** To be called when the message is taken, where its sender asked for that. */
    private taken: (() => void) | null,
    private readonly hops = 0,
  ) {}

  open(): Arrived {
    this.accept();
    const { payload, buffers, queues } = this;
    if (queues.length === 0) return new Arrived(decode(payload, buffers), noPorts);
    const ports = this.createPorts();
    return new Arrived(decode(payload, buffers, { ports }), Object.freeze(ports));
  }

  private createPorts(): object[] {
    return this.queues.map((queue) => {
      const port = this.traits.createDetached();
      this.traits.attach(port, queue);
      return port;
    });
  }

  encode(): EncodedMessage {
    const { payload, buffers, queues, taken, hops } = this;
    if (hops < maxHops) return { text: jsonOf(payload), buffers, sides: queues, taken, hops: hops + 1 };
    this.dispose();
    return broken;
  }

  dispose(): void {
    for (const queue of this.queues) queue.close();
    this.accept();
  }

  /** Once: whoever opens a message that does not decode disposes of it, too. */
  private accept(): void {
    const { taken } = this;
    this.taken = null;
    taken?.();
  }
}

/** A message of which no more is known than the port that it was for: its listener hears `messageerror`. */
export class BrokenMessage implements Parcel {
  constructor(private readonly error: Error) {}

  open(): never {
    throw this.error;
  }

  encode(): EncodedMessage {
    return broken;
  }

  dispose(): void {
    // Holds nothing.
  }
}

const noBuffers: ReadonlySet<ArrayBuffer> = new Set();

/** A payload that does not decode. */
export const broken: EncodedMessage = { text: `{"${MARK}":0}`, buffers: [], sides: [] };

/**
 * What `parcel` is as the message that `outgoing` makes of it. Where that cannot cross (above a limit of the wire, of a kind
 * that only the platform copies) it is reported here, and the far listener hears of a message that it cannot read.
 */
export function encodeOrGiveUp(parcel: Parcel, outgoing: () => Outgoing): EncodedMessage {
  try {
    return outgoing().encode();
  } catch (error) {
    parcel.dispose();
    environment().reportError(error);
    return broken;
  }
}

/** Each port by its number. */
export function indexOf(ports: readonly object[]): ReadonlyMap<object, number> {
  const index = new Map<object, number>();
  ports.forEach((port, at) => index.set(port, at));
  return index;
}
