/** How an operation begins: for the routine in whose step it does, or as a promise. */
import { isAbortSignal } from '../core/signal-state.js';
import type { AbortSignalLike } from '../core/signal-state.js';
import { notA } from '../core/webidl.js';
import { PendingOperation, granted, refused, stepping } from './operation.js';
import type { Operation, Stepped } from './operation.js';
import { currentMachine } from './run-queue.js';
import { SignalledWaiter } from './wait-list.js';
import type { WaitList } from './wait-list.js';
import { watch } from './watch.js';

/** How an operation may end early. */
export interface WaitOptions {
  /**
   * Takes the operation back when it aborts, unless it is done: it rejects with the signal's reason then. A `Context` is
   * a signal.
   */
  readonly signal?: AbortSignalLike | undefined;
}

type Settle = (result: unknown) => void;

let resolveMade: Settle;
/** Takes `resolve` alone: engines that see `reject` unused do not make it. */
const capture = (resolve: Settle): void => {
  resolveMade = resolve;
};

/** An operation that somebody awaits. */
export class PromiseWaiter extends SignalledWaiter {
  /** See `core/task.ts`. */
  static readonly kept = new PromiseWaiter(() => undefined);

  constructor(private readonly resolve: Settle) {
    super();
  }

  grant(result: unknown): void {
    this.end(this.resolve, result);
  }

  refuse(error: unknown): void {
    const { resolve } = this;
    // A promise that is resolved with one that is rejected rejects. That one is made when it is handed over and no sooner:
    // until then nobody would handle it, and where the turn's time is over the host would look before.
    this.end((reason) => resolve(Promise.reject(reason)), error);
  }

  private end(settle: Settle, result: unknown): void {
    this.unfollow();
    currentMachine().settle(settle, result);
  }
}

function operationOf(routine: Stepped): PendingOperation {
  const { spare } = routine;
  if (spare === null) return new PendingOperation();
  routine.spare = null;
  return spare;
}

/**
 * Why no operation may begin: its signal has aborted, or the routine in whose step we are was cancelled; `null` otherwise.
 * Asked before an operation does anything.
 * @throws TypeError for a signal that is none
 */
export function obstacle(options: WaitOptions | undefined): { readonly reason: unknown } | null {
  const { routine } = stepping;
  if (routine !== null && routine.ending !== null) return routine.ending;
  return options === undefined || options.signal === undefined ? null : aborted(options.signal);
}

function aborted(signal: AbortSignalLike): { readonly reason: unknown } | null {
  if (!isAbortSignal(signal)) throw notA('an AbortSignal', signal);
  return signal.aborted ? { reason: signal.reason } : null;
}

/** An operation that is done. */
export function done<T>(result: T): Operation<T> {
  const { routine } = stepping;
  if (routine === null) return currentMachine().resolved(result) as Operation<T>;
  return operationOf(routine).beginOver(granted, result) as Operation<unknown> as Operation<T>;
}

/** An operation that fails. */
export function failed<T>(error: unknown): Operation<T> {
  const { routine } = stepping;
  if (routine === null) return Promise.reject(error) as Operation<T>;
  return operationOf(routine).beginOver(refused, error) as Operation<unknown> as Operation<T>;
}

/** An operation that waits at the end of `list`, bringing `item`. */
export function waitIn<T>(list: WaitList, item: unknown, options: WaitOptions | undefined): Operation<T> {
  const { routine } = stepping;
  const signal = options === undefined ? undefined : options.signal;
  let operation: Operation<unknown>;
  let waiter: PendingOperation | PromiseWaiter;
  if (routine === null) {
    operation = new Promise(capture) as Operation<unknown>;
    waiter = new PromiseWaiter(resolveMade);
    if (watch.by !== null) watch.by.awaited(waiter);
  } else operation = waiter = operationOf(routine).begin();
  waiter.item = item;
  list.push(waiter);
  if (signal !== undefined) waiter.follow(signal);
  return operation as Operation<T>;
}
