/**
 * The two sides of a pair, and what passes between them.
 *
 *   MessagePort ──owns──► PortMessageQueue ◄──entangled──► PortMessageQueue ◄──owns── MessagePort   both ends here
 *   MessagePort ──owns──► PortMessageQueue ◄──entangled──► Leg ═══ pipe ═══                         one end far away
 *                                  ═══ pipe ═══ Leg ◄──entangled──► Leg ═══ pipe ═══                a relay
 *
 * What must always hold: `a.peer === b` exactly when `b.peer === a`.
 */

import type { Arrived } from './message-event.js';

/** One side: a port message queue, which waits for a listener, or a leg, which stands for a side far away. */
export interface Entangled {
  peer: Entangled | null;
  /** Whether what is posted to this side leaves the thread. */
  readonly isFar: boolean;
  /** What was posted to this side and waits here for credit, in bytes; see `SendWindow`. */
  readonly bufferedAmount: number;
  /** Takes what the other side posted; snapshots before it returns, and throws what that throws. */
  post(outgoing: Outgoing): void;
  /** Takes a message that was on its way already. */
  forward(message: Parcel): void;
  /** The other side is closed, for a reason if it is known: nothing more comes. The pair is taken apart already. */
  peerClosed(reason?: Error): void;
  /** `peer` is another one now. */
  peerChanged(): void;
  /** What waits at the peer for credit has become less; it was `before` bytes. */
  peerDrained(before: number): void;
  /** Sends now what was posted to this side in the slice in progress. */
  flush(): void;
}

/** A message as the sender gave it: nothing is copied and nothing detached yet. */
export interface Outgoing {
  /** Copies the value for a listener of this thread, moving what is transferred. */
  clone(): Parcel;
  /** Copies the value for a pipe, moving what is transferred. */
  encode(): EncodedMessage;
}

/** A message that can cross a pipe. */
export interface EncodedMessage {
  /** JSON text, fit to stand as one element of an array; absent in a control message. */
  readonly text?: string;
  /** Of a control message: its session, and the JSON texts of its fields with commas between. */
  readonly session?: string;
  readonly item?: string;
  readonly buffers: readonly ArrayBuffer[];
  /** The sides that travel with the message, in the order of the transfer list. @defaultValue none */
  readonly sides?: readonly Movable[];
  /** How often it was sent on without being read. @defaultValue 0 */
  readonly hops?: number;
  /** To be called when the message has left, where its sender waits for that. */
  readonly taken?: (() => void) | null;
}

/** A side that is under way to another place. */
export interface Movable {
  /** Puts `side` into its place, what waits in its queue first. */
  replaceBy(side: Entangled): void;
  /** Its message does not leave: its other side is told. */
  close(): void;
}

/** A snapshot of a message, on its way. */
export interface Parcel {
  /** Whether it is a control message; taken for false when absent. */
  readonly isControl?: boolean;
  /** Makes what the listener sees, once, at delivery. Throws where a hostile or broken payload does not decode. */
  open(): Arrived;
  /** Turns into what crosses a pipe, to be sent on. Never throws: what cannot be sent on arrives as broken. */
  encode(): EncodedMessage;
  /** Drops the message: the ports in it are closed, so that their other sides learn of it. */
  dispose(): void;
}

/** Entangles two sides that are entangled with nothing. */
export function entangle(a: Entangled, b: Entangled): void {
  a.peer = b;
  b.peer = a;
  a.peerChanged();
  b.peerChanged();
}

/** Takes a side out of its pair and gives what it was entangled with. */
export function disentangle(side: Entangled): Entangled | null {
  const { peer } = side;
  if (peer !== null) peer.peer = null;
  side.peer = null;
  return peer;
}
