/**
 * The near side of a port whose other side is at the far end of a link. What is posted to it becomes a frame at once,
 * or waits here for credit; what comes for it goes to whatever it is entangled with, a queue here or another leg.
 *
 * What must always hold:
 * - What waits leaves before anything posted later, and before the news that our side is closed.
 * - A message that came over a pipe is confirmed there when it has left here, so credit reaches from end to end.
 */
import { Ring } from '../core/ring.js';
import type { EncodedMessage, Entangled, Outgoing, Parcel } from './entangled.js';
import { disentangle } from './entangled.js';
import { SendWindow } from './send-window.js';
import { Splice } from './splice.js';

/** What a leg needs of its link. */
export interface LegLink {
  sendMessage(id: string, message: EncodedMessage, asksConfirmation: boolean): void;
  sendClose(id: string): void;
  sendFence(id: string): void;
  forget(id: string): void;
  flush(): void;
}

/** A message that waits for credit; without one, a fence. */
interface Waiting {
  readonly message: EncodedMessage | null;
  readonly cost: number;
}

/** Two legs that are about to go: how many of their fences have still to leave. */
interface Relay {
  left: number;
}

/** One port's place in a link. */
export class Leg implements Entangled {
  peer: Entangled | null = null;
  readonly isFar = true;
  bufferedAmount = 0;
  private readonly window = new SendWindow();
  private waiting: Ring<Waiting> | null = null;
  /** Our side is closed, and what waits has still to leave. */
  private closing = false;
  /** While the pair is becoming one of this thread. */
  private splice: Splice | null = null;
  /** What is behind is a leg of the same link, and the other end has been asked to do without the two. */
  private relay: Relay | null = null;
  private fenced = false;

  constructor(
    readonly id: string,
    private readonly link: LegLink,
  ) {}

  post(outgoing: Outgoing): void {
    if (this.splice === null) this.pass(outgoing.encode());
    else this.splice.forward(this, outgoing.clone());
  }

  forward(parcel: Parcel): void {
    if (this.splice === null) this.pass(parcel.encode());
    else this.splice.forward(this, parcel);
  }

  /** Whether nothing of this kind is under way with this leg. */
  isSteady(): boolean {
    return this.splice === null && this.relay === null && !this.closing && this.peer !== null;
  }

  /** The other end has been asked to do without this leg and `peer`, behind it. */
  relayTo(peer: Leg): void {
    this.relay = peer.relay = { left: 2 };
  }

  /** Makes one pair of this thread of what is behind the two legs. */
  joinWith(other: Leg): void {
    this.splice = other.splice = new Splice(this, other);
  }

  /** The last frame of this way has come; false when none was to come. */
  fenceArrived(): boolean {
    if (this.splice !== null) return this.splice.fence(this);
    const { peer } = this;
    if (this.relay === null || this.fenced || !(peer instanceof Leg)) return false;
    this.fenced = true;
    peer.sendFence();
    return true;
  }

  sendFence(): void {
    if (this.bufferedAmount === 0) this.sendWaiting(null, 0);
    else this.wait(null, 1);
  }

  retire(): void {
    this.splice = null;
    this.link.forget(this.id);
  }

  peerClosed(): void {
    if (this.splice !== null) return this.splice.end(this);
    if (this.bufferedAmount > 0) {
      this.closing = true;
      return;
    }
    this.link.sendClose(this.id);
    this.link.forget(this.id);
  }

  peerChanged(): void {
    // Whoever it is, messages go there.
  }

  peerDrained(): void {
    // What waits at the next pipe has a credit of its own.
  }

  flush(): void {
    this.link.flush();
  }

  /** The far end took what had asked for a confirmation; false when nothing had. */
  confirmed(): boolean {
    if (!this.window.confirm()) return false;
    const before = this.bufferedAmount;
    if (before === 0) return true;
    while (this.bufferedAmount > 0 && this.window.isOpen) {
      // Invariant: each message costs something, so one waits while the amount is above zero.
      const { message, cost } = this.waiting?.shift() as Waiting;
      this.bufferedAmount -= cost;
      this.sendWaiting(message, cost);
    }
    if (this.closing) this.peerClosed();
    else this.peer?.peerDrained(before);
    return true;
  }

  /** The far end is closed, or the link is at its end. */
  farEndClosed(reason?: Error): void {
    this.link.forget(this.id);
    const { waiting } = this;
    this.waiting = null;
    this.bufferedAmount = 0;
    waiting?.drain(({ message }) => {
      if (message !== null) drop(message);
    });
    this.splice?.abandon();
    disentangle(this)?.peerClosed(reason);
  }

  private pass(message: EncodedMessage): void {
    const cost = costOf(message);
    if (this.bufferedAmount === 0 && this.window.isOpen) {
      this.send(message, cost);
    } else this.wait(message, cost);
  }

  private wait(message: EncodedMessage | null, cost: number): void {
    (this.waiting ??= new Ring<Waiting>()).push({ message, cost });
    this.bufferedAmount += cost;
  }

  private sendWaiting(message: EncodedMessage | null, cost: number): void {
    if (message !== null) return this.send(message, cost);
    const { relay, link, id } = this;
    link.sendFence(id);
    if (relay === null || --relay.left > 0) return;
    (disentangle(this) as Leg).retire();
    this.retire();
  }

  private send(message: EncodedMessage, cost: number): void {
    this.link.sendMessage(this.id, message, this.window.take(cost));
    message.taken?.();
  }
}

/** A message that will not leave: the other sides of its ports are told. */
export function drop({ sides, taken }: EncodedMessage): void {
  sides?.forEach((side) => side.close());
  taken?.();
}

function costOf({ text, item, buffers }: EncodedMessage): number {
  let cost = item === undefined ? (text as string).length : item.length; // Invariant: one of the two is there.
  for (let at = 0; at < buffers.length; at++) cost += (buffers[at] as ArrayBuffer).byteLength;
  return cost;
}
