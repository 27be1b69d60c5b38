/**
 * Control messages as links, queues and ports see them; `control.ts` makes them.
 *
 * One is an item: six fields, of which the last is the body, any value that can be cloned, and the others are plain data
 * that its reader needs before. Items belong to a session, whose name they share.
 *
 *   ["ctl", port, session,  op, first, second, third, fourth, body,  op, first, …]     several in a frame of a link
 *   {"~": 1, "head": [session, op, first, second, third, fourth, body]}                one, as the payload of a message
 */
import { MARK } from '../codec/tags.js';
import { keep } from '../core/keep.js';
import type { Outgoing, Parcel } from './entangled.js';

/** How many fields an item has. */
export const itemLength = 6;

/** A control message that arrived. It is untrusted: none of its fields has been looked at. */
export interface ControlParcel extends Parcel {
  readonly isControl: true;
  readonly session: string;
  readonly op: unknown;
  readonly first: unknown;
  readonly second: unknown;
  readonly third: unknown;
  readonly fourth: unknown;
  /** Tells the sender that it was taken: it no longer counts as under way. */
  accept(): void;
  /** The body, once. @throws as `decode` does */
  openBody(): unknown;
}

/** Who hears the control messages of a port. */
export interface ControlListener {
  take(message: ControlParcel): void;
  /** Nothing more comes, and nothing more can be posted. */
  closed(reason: Error): void;
  /** The port moves to another place, where another may listen: what the other end is told before that. */
  farewell?(): Outgoing;
  /** What waited for credit has become less. */
  drained?(): void;
  /**
   * The thread at the other end is gone, and another will take its place. `certain`: what it had sent has arrived, as
   * when it was ended for not answering.
   */
  interrupted?(reason: Error, certain: boolean): void;
  /** The other end is there, for the first time or again. */
  resumed?(): void;
  /**
   * Whether something would be lost if the other end were stopped now: calls under way, objects that one end holds of the
   * other. Taken for false when absent.
   */
  isBusy?(): boolean;
}

/** A port, a worker or `self`, for control messages. */
export interface ControlPort {
  /** Whether what is posted can leave; while it cannot, whoever wants to post keeps it until `resumed`. */
  readonly isReady: boolean;
  /** What was posted and waits for credit, in bytes. */
  readonly bufferedAmount: number;
  post(message: Outgoing): void;
  /** Something waits to be posted: starts a worker that sleeps. To be called while `isReady` is false. */
  wake?(): void;
  /** Sends now what was posted in this slice. */
  flush(): void;
  /** Connects the one listener; what arrived before is told at once. Starts a port. */
  listen(listener: ControlListener): void;
}

/** What leads from one of our endpoints to its control port. */
export const controlSteps = Symbol('mp-lanes.control');

/** An endpoint of ours. */
export interface HasControl {
  readonly [controlSteps]: ControlPort;
}

/** An item as a payload. No value of a user's becomes an object whose `~` is a number (`codec/tags.ts`). */
export function payloadText(session: string, item: string): string {
  return `{"${MARK}":1,"head":["${session}",${item}]}`;
}

keep(JSON.parse(payloadText('', '0,0,0,0,0,0')));

/** The session and the item in `payload`, fresh from `JSON.parse`; `null` where it is no control message. */
export function readControlPayload(payload: unknown): readonly [session: string, ...unknown[]] | null {
  if (typeof payload !== 'object' || payload === null || (payload as Record<string, unknown>)[MARK] !== 1)
    return null;
  const { head } = payload as { readonly head?: unknown };
  return isSessionItem(head) ? head : null;
}

/** Whether `value` is a session's name and the fields of an item. */
export function isSessionItem(value: unknown): value is readonly [session: string, ...unknown[]] {
  return Array.isArray(value) && value.length === 1 + itemLength && isSessionName(value[0]);
}

/** Names are written into frames as they are. */
export function isSessionName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && /^[\w-]+$/.test(value);
}

/** The member of a plain message that is a control message, where only plain messages can travel. */
export const foreignKey = 'mpLanesCall';

/** A control message as a plain one. */
export function toForeign(text: string, buffers: readonly ArrayBuffer[]): object {
  return { [foreignKey]: { text, buffers } };
}
