/**
 * Control messages: what the library itself says through a port, beside its users' messages and in order with them.
 * Users never see one. Calls are made of them.
 *
 * What must always hold:
 * - A control message is encoded when it is made, so it is a snapshot however long it waits to be posted.
 * - It is handed to the listener when it arrives: no task, no event. Who listens queues what takes time.
 * - Where nobody listens yet it waits in the port's queue, and moves with it.
 */
import { encode } from '../codec/encode.js';
import { ControlMessage } from './control-message.js';
import type { EncodedMessage, Outgoing, Parcel } from './entangled.js';
import { indexOf } from './message.js';
import { portTraits } from './message-port.js';
import type { PortMessageQueue } from './port-message-queue.js';
import type { TransferList } from './transfer-list.js';

const none: readonly never[] = [];

/** A control message on its way: encoded, and fit for a pipe as for a queue of this thread. */
export class SealedMessage implements Outgoing, EncodedMessage {
  /** One lives for ever; see `core/task.ts`. */
  static readonly kept = new SealedMessage('', '', none, none);

  constructor(
    readonly session: string,
    /** The JSON texts of the fields, with commas between. */
    public item: string,
    readonly buffers: readonly ArrayBuffer[],
    readonly sides: readonly PortMessageQueue[],
  ) {}

  /** Whether something was moved into it, which cannot be had a second time. */
  get moves(): boolean {
    return this.buffers.length > 0 || this.sides.length > 0;
  }

  /** Puts the texts of its fields before its body, where `seal` was given none: encoding may run code of users. */
  begin(start: string): this {
    this.item = start + this.item;
    return this;
  }

  /** How much it takes on the way, in bytes. */
  get cost(): number {
    let cost = this.item.length;
    for (const { byteLength } of this.buffers) cost += byteLength;
    return cost;
  }

  /** The same once more; `null` where it has ports, of which there is one each. */
  copy(): SealedMessage | null {
    const { session, item, buffers, sides } = this;
    if (sides.length > 0) return null;
    const copies = buffers.map((buffer) => buffer.slice(0));
    return new SealedMessage(session, item, copies, none);
  }

  clone(): Parcel {
    const { session, item, buffers, sides } = this;
    const beside = this.moves ? { buffers, queues: sides, traits: portTraits, taken: null, hops: 0 } : null;
    return new ControlMessage(session, JSON.parse(`[${item}]`) as unknown[], 0, beside);
  }

  encode(): EncodedMessage {
    return this;
  }

  /** It will not be posted: the other sides of its ports are told. */
  dispose(): void {
    for (const queue of this.sides) queue.close();
  }
}

/** A control message of which everything is text already. */
export function sealText(session: string, item: string): SealedMessage {
  return new SealedMessage(session, item, none, none);
}

/**
 * Makes a control message.
 * @param start - the texts of its fields before the body, with a comma after each
 * @param body - any value that can be cloned
 * @throws DOMException `DataCloneError` as `encode` does; nothing is detached then
 */
export function seal(
  session: string,
  start: string,
  body: unknown,
  { ports, buffers }: TransferList,
): SealedMessage {
  if (ports.length === 0 && buffers.size === 0) {
    const { text, buffers: copies } = encode(body);
    return new SealedMessage(session, start + text, copies, none);
  }
  const { text, buffers: moved } = encode(body, { ports: indexOf(ports), transfer: buffers });
  const queues = ports.map((port) => portTraits.detach(port));
  return new SealedMessage(session, start + text, moved, queues);
}
