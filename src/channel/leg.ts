/**
 * The near side of a port whose other side is at the far end of a link. It holds no queue: what is posted to it becomes
 * a frame at once, what comes for it goes to whatever it is entangled with, an queue here or a leg of another link.
 */
import { environment } from '../core/environment.js';
import type { Entangled, Outgoing, Parcel } from './entangled.js';
import { disentangle } from './entangled.js';

/** What a leg needs of its link. */
export interface LegLink {
  sendMessage(id: string, outgoing: Outgoing): void;
  sendClose(id: string): void;
  forget(id: string): void;
}

/** One port's place in a link. */
export class Leg implements Entangled {
  peer: Entangled | null = null;

  constructor(
    readonly id: string,
    private readonly link: LegLink,
  ) {}

  post(outgoing: Outgoing): void {
    this.link.sendMessage(this.id, outgoing);
  }

  forward(parcel: Parcel): void {
    const outgoing = parcel.reopen();
    // What cannot be decoded here cannot be sent on: the far listener would only hear `messageerror`.
    if (outgoing === null) return;
    try {
      this.link.sendMessage(this.id, outgoing);
    } catch (error) {
      // Nobody to throw at: its sender is elsewhere. What follows in the queue must not be lost with it.
      parcel.dispose();
      environment().reportError(error);
    }
  }

  peerClosed(): void {
    this.link.sendClose(this.id);
    this.link.forget(this.id);
  }

  /** The far end is closed, or the link is at its end. */
  farEndClosed(): void {
    this.link.forget(this.id);
    disentangle(this)?.peerClosed();
  }
}
