/** Control messages as queues and ports see them; `control.ts` makes them. */
import { MARK } from '../codec/tags.js';
import { keep } from '../core/keep.js';
import type { Outgoing, Parcel } from './entangled.js';

/** A control message that arrived. It is untrusted: neither its head nor its body has been looked at. */
export interface ControlParcel extends Parcel {
  readonly control: unknown;
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

/**
 * The payload of a control message is `{"~":1,"head":…,"body":…}`, the body left out where there is none. No value of a
 * user's becomes an object whose `~` is a number (`codec/tags.ts`). These are what is written before, between and after;
 * whoever writes many puts them together with what is the same in all of them.
 */
export const beforeHead = `{"${MARK}":1,"head":`;
export const beforeBody = ',"body":';
export const afterAll = '}';

interface ControlPayload {
  readonly head: unknown;
  readonly body?: unknown;
}

keep(JSON.parse(`${beforeHead}[]${afterAll}`));
// Of bodies of every representation that engines tell apart: the last object has the shape that all have in the end.
for (const body of ['1', '0.5', '[]', '1'])
  keep(JSON.parse(`${beforeHead}[]${beforeBody}${body}${afterAll}`));

/** Whether `payload`, fresh from `JSON.parse`, is that of a control message. */
export function isControlPayload(payload: unknown): payload is ControlPayload {
  return typeof payload === 'object' && payload !== null && (payload as Record<string, unknown>)[MARK] === 1;
}

/** The member of a plain message that is a control message, where only plain messages can travel. */
export const foreignKey = 'mpLanesCall';

/** A control message as a plain one. */
export function toForeign(text: string, buffers: readonly ArrayBuffer[]): object {
  return { [foreignKey]: { text, buffers } };
}
