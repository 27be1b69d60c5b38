/** What the parts of a session ask of it: its wire, and what crosses it beside plain values. */
import type { SealedMessage } from '../channel/control.js';
import type { ControlParcel } from '../channel/control-form.js';
import type { TransferList } from '../channel/transfer-list.js';
import type { AbortSignalLike } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import type { CallInside } from './call-context.js';
import type { CallLimits } from './call-options.js';
import type { Marking } from './marks.js';
import type { Mark, Marks } from './protocol.js';

/** Whether remotes that belong to something may still be used, and when what they call must be over. */
export interface Scope {
  open: boolean;
  readonly rank: Rank;
  /** By the runtime's clock. */
  readonly deadlineMs: number;
  /** Of a result's: what ends its streams, and what is told when one of them is over. */
  readonly signals?: readonly AbortSignalLike[];
  readonly streamEnded?: () => void;
  /** Of a call's: those of its callbacks, which end with it; each may be released before. */
  parts?: Scope[] | null;
}

/** Of remotes and streams that belong to no call. */
export function freeScope(rank: Rank = 1): Scope {
  return { open: true, rank, deadlineMs: Infinity };
}

/** What is held for the other end because of one call, one result or one item. */
export interface Exported {
  readonly targets: number[];
  readonly streams: number[];
  /** Marked with `proxy`: stays until the other end releases it, once it has got it. */
  readonly kept: number[];
}

export const createExported = (): Exported => ({ targets: [], streams: [], kept: [] });

/** A call that waits for what it names to be provided. */
export interface Awaiting {
  found(root: object): void;
  missing(error: Error): void;
}

/** What is provided at this end, by names. */
export interface Services {
  /** `undefined` where nothing is, at least not yet. */
  find(name: string): object | undefined;
  /** Tells `call` once what comes of it, unless it leaves before. */
  wait(name: string, call: Awaiting): void;
  leave(name: string, call: Awaiting): void;
}

/** Puts heads and bodies together and hands them to the endpoint. */
export interface SessionWire {
  readonly limits: CallLimits;
  /** Whether what is posted can leave. */
  readonly isReady: boolean;
  /** What was posted and waits for credit, in bytes. */
  readonly bufferedAmount: number;
  /** Makes a message of the texts of all fields before the body, and the body. @throws as `seal` does */
  seal(fields: string, body: unknown, transfer: TransferList): SealedMessage;
  /** Makes a message of all its texts. */
  sealText(item: string): SealedMessage;
  /** @throws the reason of the session's end */
  requireOpen(): void;
  post(message: SealedMessage): void;
  /** Posts a message without a body. */
  tell(fields: string): void;
  /** Posts a message with a body. @throws as `seal` does */
  tellWith(fields: string, body: unknown): void;
  /** Posts a message whose body is what was thrown. Never throws. */
  tellError(fields: string, thrown: unknown): void;
  flush(): void;
  /** Something waits to be posted, and cannot be yet. */
  wake(): void;
}

/**
 * Marks that arrived, and wait for somebody who uses them or not. Meanwhile their thread may be replaced; and where they
 * came before, in a message that came twice, they are in use.
 */
export interface Arrival {
  /** Puts remotes and streams into the places of marks. @throws LanesError `ERR_CALL_LIMIT` */
  revive(values: readonly unknown[], marks: readonly Mark[], scope: Scope): unknown[];
  /** Tells the other end that nobody here will use what they stand for. */
  refuse(marks: Marks): void;
}

/** What crosses beside plain values. */
export interface Crossing {
  /**
   * Holds what was taken out of arguments or a result, of the code of `call`, and adds it to `exported`.
   * @throws LanesError `ERR_CALL_LIMIT`
   */
  hold(marking: Marking, rank: Rank, exported: Exported, call: CallInside | null): readonly Mark[];
  /** Lets go of what was held for a call that is over. */
  letGo(exported: Exported): void;
  /** Lets go of what was held for a message that never leaves. */
  takeBack(exported: Exported): void;
  /** Tells the other end that nobody here will use what the marks of its message stand for. */
  refuse(marks: Marks): void;
  /** What marks come to that have just arrived. */
  firstSight(marks: readonly Mark[]): Arrival;
  /** Puts remotes, streams and signals into the places of marks; `signalAt` makes signals. @throws LanesError `ERR_CALL_LIMIT` */
  revive(
    args: readonly unknown[],
    marks: readonly Mark[],
    scope: Scope,
    signalAt: (at: number) => unknown,
  ): unknown[];
  /** Calls `then` when streams that were held are over. */
  whenOver(streams: readonly number[], then: () => void): void;
  /** A call that ran here is over: streams among its arguments are, too. */
  callEnded(scope: Scope): void;
  /** The caller gave it up: they fail. */
  callAborted(scope: Scope, reason: unknown): void;
}

/** A session, for its parts. */
export interface SessionParts extends SessionWire, Crossing {
  readonly services: Services;
}

/** A message whose fields have the right form. */
export type Received = ControlParcel;
