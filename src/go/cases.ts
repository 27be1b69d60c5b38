/**
 * The cases of a select: what may be done, and who waits to do it.
 *
 * What must always hold: a case lies in the list of what it waits for only while its select has not been decided; whoever
 * decides takes all cases of the select out of their lists first, so one case happens and none is left behind.
 */
import { addAbortAlgorithm, isAbortSignal } from '../core/signal-state.js';
import type { AbortSignalLike } from '../core/signal-state.js';
import { notA } from '../core/webidl.js';
import type { Received } from './chan.js';
import { Waiter } from './wait-list.js';
import type { WaitList } from './wait-list.js';

/** What a select gives: the name of the case that happened, and what came with it. */
export interface Outcome {
  readonly case: string;
}

/** A select with its cases. */
export interface Decision {
  /** Whether its cases wait, or are its own for ever. */
  readonly isTaken: boolean;
  /** A case happened: of the others none will. */
  decide(outcome: Outcome): void;
  /** What a case waited for cannot happen any more: the select fails. */
  fail(error: unknown): void;
}

declare const added: unique symbol;

/**
 * One case of a `select`, as `from`, `to`, `done` and `after` make it.
 * @typeParam O - what the result has besides `case`
 */
export interface SelectCase<O extends object> {
  /** Its name in the select that has it. */
  readonly name: string;
  /** Only a type. */
  readonly [added]?: O;
}

/** A channel that can be sent on, as a case sees it. */
export interface Sink<T> {
  readonly canSend: boolean;
  readonly senders: WaitList;
  trySend(value: T): boolean;
}

/** What can be received from, as a case sees it. */
export interface Source<T> {
  /** Above 0 where a receive would not wait. */
  readonly ready: number;
  readonly receivers: WaitList;
  tryRecv(): Received<T> | undefined;
}

/** A case that waits, or may. */
export abstract class CaseWaiter<O extends object = object> extends Waiter implements SelectCase<O> {
  declare readonly [added]?: O;
  name = '';
  /** The select that it belongs to, or did last. */
  decision: Decision | null = null;

  /** Whether only other code of this thread can let it happen. */
  get isInnerCase(): boolean {
    return true;
  }

  /** Whether it could happen now. */
  abstract get isReady(): boolean;
  /** Lets it happen: it is ready. @throws what that fails with */
  abstract happen(): Outcome;
  /** Waits until it can. */
  abstract enlist(): void;
  /** Another like it, for a second select while this one waits in a first. */
  abstract clone(): CaseWaiter;
  /** What the select gives when it was granted `result`. */
  protected abstract outcomeOf(result: unknown): Outcome;

  /** Waits no longer. */
  withdraw(): void {
    this.leave();
  }

  grant(result: unknown): void {
    const { decision } = this;
    if (decision !== null) decision.decide(this.outcomeOf(result));
  }

  refuse(error: unknown): void {
    const { decision } = this;
    if (decision !== null) decision.fail(error);
  }
}

/** A receive; from nothing it never happens, as with Go's nil channels. */
export class ReceiveCase<T> extends CaseWaiter<Received<T>> {
  /** See `core/task.ts`. */
  static readonly kept = new ReceiveCase(null);

  constructor(private readonly source: Source<T> | null) {
    super();
  }

  override get isInnerCase(): boolean {
    return this.source === null || this.source.receivers.isInner;
  }

  get isReady(): boolean {
    return this.source !== null && this.source.ready > 0;
  }

  happen(): Outcome {
    const { source } = this;
    return this.outcomeOf(source === null ? undefined : source.tryRecv());
  }

  enlist(): void {
    if (this.source !== null) this.source.receivers.push(this);
  }

  clone(): CaseWaiter {
    return new ReceiveCase(this.source);
  }

  protected outcomeOf(result: unknown): Outcome {
    const { value, ok } = result as Received<T>;
    return { case: this.name, value, ok } as Outcome;
  }
}

/** A send; to nothing it never happens. */
export class SendCase<T> extends CaseWaiter {
  /** See `core/task.ts`. */
  static readonly kept = new SendCase(null, undefined);

  constructor(
    private readonly chan: Sink<T> | null,
    private readonly value: T,
  ) {
    super();
  }

  get isReady(): boolean {
    return this.chan !== null && this.chan.canSend;
  }

  happen(): Outcome {
    const { chan } = this;
    if (chan !== null) chan.trySend(this.value);
    return this.outcomeOf();
  }

  enlist(): void {
    if (this.chan === null) return;
    this.item = this.value;
    this.chan.senders.push(this);
  }

  clone(): CaseWaiter {
    return new SendCase(this.chan, this.value);
  }

  protected outcomeOf(): Outcome {
    return { case: this.name };
  }
}

/** The end of a context or signal. */
export class SignalCase extends CaseWaiter<{ readonly reason: unknown }> {
  private stop: (() => void) | null = null;

  constructor(private readonly signal: AbortSignalLike) {
    super();
    if (!isAbortSignal(signal)) throw notA('a Context or AbortSignal', signal);
  }

  override get isInnerCase(): boolean {
    return false;
  }

  get isReady(): boolean {
    return this.signal.aborted;
  }

  happen(): Outcome {
    return this.outcomeOf();
  }

  enlist(): void {
    this.stop = addAbortAlgorithm(this.signal, () => this.grant(undefined));
  }

  override withdraw(): void {
    const { stop } = this;
    this.stop = null;
    if (stop !== null) stop();
  }

  clone(): CaseWaiter {
    return new SignalCase(this.signal);
  }

  protected outcomeOf(): Outcome {
    return { case: this.name, reason: this.signal.reason } as Outcome;
  }
}
