/**
 * The caller's half of a session: calls that have no answer yet.
 *
 * What must always hold:
 * - Each call settles once: by its answer, an abort, a time-out, a release, or the end of the session.
 * - What was held for a call is let go of when it settles.
 * - A call that is not idempotent is posted again only where it is certain that it never began.
 *
 *   kept ──post──► sent ──`start`──► begun ──`done`, `fail`──► settled
 *    ▲               │ the thread died: certainly not begun, or idempotent
 *    └───────────────┘
 */
import { addAbortAlgorithm } from '../core/abort.js';
import type { AbortSignalLike } from '../core/abort.js';
import { DOMException } from '../core/dom-exception.js';
import { LanesError } from '../core/errors.js';
import { IdTable } from '../core/id-table.js';
import type { Rank } from '../core/task.js';
import { ForegroundTimer } from '../host/foreground-timer.js';
import { currentRuntime } from '../host/runtime.js';
import { rankOf } from '../scheduler/scheduling-state.js';
import { limitError, noOptions } from './call-options.js';
import { CallSites } from '../host/call-sites.js';
import { timeLeftMs } from '../host/deadlines.js';
import { timeoutError } from './timeout-error.js';
import { takeFromArguments } from './marks.js';
import type { Marked, Marking } from './marks.js';
import { fieldsText, wholeCall } from './protocol.js';
import type { AnswerMessage, Mark } from './protocol.js';
import { PendingCall, headOf, nameOf, plainText } from './pending-call.js';
import type { Ask, Rare } from './pending-call.js';
import { createExported } from './session-parts.js';
import type { Received, Scope, SessionParts } from './session-parts.js';
import { Settlement } from './settlement.js';
import type { CallHolder } from './settlement.js';

/** So many threads may die under an idempotent call, and it runs again. */
const maxDeaths = 3;

/** The signals that may abort a call, by the number of their marks. */
type Signals = readonly (readonly [number, AbortSignalLike])[];

const noSignals: readonly never[] = [];

/** The calls of one session. */
export class PendingCalls implements CallHolder {
  private readonly calls = new IdTable<PendingCall>();
  private readonly sites = new CallSites();
  private nextId = 1;

  constructor(private readonly session: SessionParts) {}

  get size(): number {
    return this.calls.size;
  }

  /** Makes a call. */
  ask(ask: Ask, args: readonly unknown[]): Promise<unknown> {
    const { maxCalls } = this.session.limits;
    if (this.calls.size >= maxCalls) return rejection(limitError('calls', maxCalls));
    return new Promise((resolve, reject) => {
      try {
        this.begin(ask, args, resolve, reject);
      } catch (error) {
        // It cannot be cloned, or was given up before it began: nothing was sent, nothing is held.
        reject(error);
      }
    });
  }

  private begin(
    ask: Ask,
    args: readonly unknown[],
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ): void {
    const { session, calls } = this;
    const { options, scope } = ask;
    const rank = options.priority === undefined ? defaultRank(scope) : rankOf(options.priority);
    const call = new PendingCall(0, ask, resolve, reject, rank, calls.size > 0);
    call.site = this.sites.take();
    const body = options === noOptions && rank === 1 && scope.deadlineMs === Infinity ? plainText(args) : '';
    if (body === '') this.prepare(call, args);
    else {
      this.mint(call);
      call.plain = args;
    }
    calls.add(call);
    if (session.isReady) this.post(call, body);
    else session.wake();
  }

  /** Gives a call its id, when nothing can come before it any more: ids are in the order of posting. */
  private mint(call: PendingCall): number {
    const id = this.calls.freeFrom(this.nextId);
    this.nextId = id + 1;
    return (call.id = id);
  }

  /** Looks at everything that a call may have beside plain arguments. */
  private prepare(call: PendingCall, args: readonly unknown[]): void {
    const { options } = call.ask;
    const marking = takeFromArguments(args);
    const signals = signalsOf(marking, options.signal);
    for (const [, signal] of signals) if (signal.aborted) throw reasonOf(signal);
    const runMs = runTimeOf(call.ask, signals);
    if (runMs !== Infinity) call.rare.runMs = runMs;
    if (runMs !== Infinity || options.waitTimeoutMs !== undefined) call.isTold = true;
    this.seal(call, marking, signals);
    this.watch(call, signals);
  }

  private seal(call: PendingCall, marking: Marking, signals: Signals): void {
    const { session } = this;
    const exported = marking.found.length > 0 ? (call.rare.exported = createExported()) : null;
    try {
      const marks = exported === null ? undefined : session.hold(marking, call.rank, exported, null);
      call.message = session.seal('', marking.args, marking.transfer);
      // Getters of the arguments may have called, aborted, or ended all; and a port may be sent through itself.
      session.requireOpen();
      for (const [, signal] of signals) if (signal.aborted) throw reasonOf(signal);
      this.mint(call);
      call.message.begin(headOf(call, marks));
    } catch (error) {
      this.takeBack(call);
      throw error;
    }
  }

  private watch(call: PendingCall, signals: Signals): void {
    if (signals.length > 0) call.rare.signals = signals.map(([, signal]) => signal);
    for (const [at, signal] of signals)
      call.rare.forget.push(addAbortAlgorithm(signal, () => this.abort(call, at, reasonOf(signal))));
    const { waitTimeoutMs = Infinity } = call.ask.options;
    if (waitTimeoutMs === Infinity) return;
    call.rare.waiting = new ForegroundTimer(waitTimeoutMs, () =>
      this.abort(call, wholeCall, timeoutError(nameOf(call.ask), 'begin', waitTimeoutMs)),
    );
  }

  private post(call: PendingCall, body = ''): void {
    const { message, ask, plain } = call;
    if (plain !== null) return this.postPlain(call, body === '' ? plainText(plain) : body);
    if (message === null) return;
    const keeps = ask.options.idempotent === true || (call.isTold && !message.moves);
    // What is moved is gone with the message; streams are read once.
    call.message = !keeps || hasStreams(call) ? null : message.moves ? message.copy() : message;
    call.state = 'sent';
    this.session.post(message);
  }

  private postPlain(call: PendingCall, body: string): void {
    const { ask, id, isTold } = call;
    // It may be posted again if it is told that it begins, and was not.
    if (!isTold) call.plain = null;
    call.state = 'sent';
    this.session.post(this.session.sealText(`${ask.start}${id}${isTold ? ask.told : ask.plain}${body}]`));
  }

  /** These calls begin to run. */
  started(ids: readonly number[]): void {
    for (const id of ids) {
      const call = this.calls.get(id);
      if (call !== undefined && call.state !== 'begun') this.began(call);
    }
  }

  private began(call: PendingCall): void {
    const { ask, found } = call;
    call.state = 'begun';
    if (ask.options.idempotent !== true) call.message = call.plain = null;
    if (found === null) return;
    const { waiting, runMs } = found;
    waiting?.cancel();
    if (runMs === Infinity) return;
    found.running = new ForegroundTimer(runMs, () =>
      this.abort(call, wholeCall, timeoutError(nameOf(ask), 'end', runMs)),
    );
  }

  /** How far a call has come. */
  noted(id: number, message: Received): void {
    const call = this.calls.get(id);
    const onProgress = call?.ask.options.onProgress;
    if (call === undefined || onProgress === undefined) return message.dispose();
    const value = message.openBody();
    currentRuntime().pump.post(call.rank, () => {
      // An answer that came meanwhile waits behind.
      if (call.state !== 'settled') onProgress(value as never);
    });
  }

  /** An answer came. */
  answered(message: AnswerMessage): void {
    const call = this.calls.get(message.first);
    const marks = message.op === 'done' ? message.second : 0;
    const arrival = marks === 0 ? null : this.session.firstSight(marks);
    if (call === undefined) {
      // Of a call that was aborted it comes late: remotes and streams in it are let go of.
      message.dispose();
      arrival?.refuse(marks);
      return;
    }
    if (marks === 0 || call.found === null || !this.linger(call.found, marks)) this.take(call);
    else this.leave(call, call.found);
    const settlement = new Settlement(call, message, arrival, this);
    const { pump } = currentRuntime();
    if (call.rank === 2 || !pump.runAtOnce(call.rank, settlement)) pump.enqueue(call.rank, settlement);
  }

  /**
   * What was held for a call whose answer has streams is held until they are read or left, and its signals reach the
   * callee so long; false where there are none.
   */
  private linger(found: Rare, marks: readonly Mark[]): boolean {
    let left = marks.filter(([, , kind]) => kind === 'stream').length;
    if (left === 0) return false;
    found.streamEnded = () => {
      if (--left === 0) this.letGoOf(found);
    };
    return true;
  }

  /** An answer came that cannot be read. */
  refused(id: number, error: Error): void {
    const call = this.calls.get(id);
    if (call !== undefined) this.reject(call, error);
  }

  private abort(call: PendingCall, at: number, reason: unknown): void {
    if (this.calls.get(call.id) === undefined) {
      // Its answer is here, but streams of that are not over.
      if (call.found !== null && call.found.streamEnded !== null)
        this.session.tellError(fieldsText('abort', call.id, at), reason);
      return;
    }
    if (call.state !== 'kept') this.session.tellError(fieldsText('abort', call.id, at), reason);
    else this.takeBack(call);
    this.reject(call, reason);
  }

  /** It is not posted any more. */
  private takeBack({ message, found }: PendingCall): void {
    message?.dispose();
    if (found !== null && found.exported !== null) this.session.takeBack(found.exported);
  }

  /** The targets that are held for calls under way. */
  held(): ReadonlySet<number> {
    const held = new Set<number>();
    for (const { found } of this.calls.all()) {
      const exported = found === null ? null : found.exported;
      if (exported !== null) for (const target of [...exported.targets, ...exported.kept]) held.add(target);
    }
    return held;
  }

  /** Ends what `scope` allows: its remote was released, or the call that it belongs to was given up. */
  release(scope: Scope, reason: unknown): void {
    for (const call of this.calls.all()) if (call.ask.scope === scope) this.abort(call, wholeCall, reason);
  }

  /** The other thread is gone, and another will take its place. */
  interrupted(reason: Error, certain: boolean): void {
    for (const call of this.calls.all()) {
      if (call.state === 'kept') continue;
      const { message, plain, ask } = call;
      const may =
        ask.options.idempotent === true ? ++call.rare.deaths <= maxDeaths : certain && isUnbegun(call);
      // What an object of that thread was asked cannot be asked of the next one.
      if ((message !== null || plain !== null) && may && ask.epoch === null) {
        call.state = 'kept';
        call.found?.running?.cancel();
      } else this.reject(call, reason);
    }
  }

  /** The other end is there. */
  resumed(): void {
    for (const call of this.calls.all())
      // The thread may die of what is posted.
      if (call.state === 'kept' && this.session.isReady) this.post(call);
  }

  /** Nothing comes any more. */
  end(reason: unknown): void {
    for (const call of this.calls.all()) {
      if (call.state === 'kept') call.message?.dispose();
      this.reject(call, reason);
    }
  }

  private reject(call: PendingCall, reason: unknown): void {
    this.take(call);
    call.state = 'settled';
    call.reject(reason);
  }

  /** The call is settled, or about to be. */
  private take(call: PendingCall): void {
    const { found } = call;
    if (found === null) return void this.calls.delete(call);
    this.leave(call, found);
    this.letGoOf(found);
  }

  private leave(call: PendingCall, { waiting, running }: Rare): void {
    this.calls.delete(call);
    waiting?.cancel();
    running?.cancel();
  }

  /** Lets go of what was held for a call that is over. */
  letGo({ found }: PendingCall): void {
    if (found !== null) this.letGoOf(found);
  }

  private letGoOf(found: Rare): void {
    found.streamEnded = null;
    for (const forget of found.forget) forget();
    if (found.exported !== null) this.session.letGo(found.exported);
  }
}

const isUnbegun = ({ isTold, state }: PendingCall): boolean => isTold && state === 'sent';

const hasStreams = ({ found }: PendingCall): boolean =>
  found !== null && found.exported !== null && found.exported.streams.length > 0;

function defaultRank({ rank }: Scope): Rank {
  return currentRuntime().pump.defaultRank === 0 ? 0 : rank;
}

/**
 * How long a call may run: as asked, and no longer than what it is made on behalf of. That of which no time is left was
 * aborted, or is about to be; unless the application was frozen meanwhile, and then its caller still waits.
 */
function runTimeOf(ask: Ask, signals: Signals): number {
  const { timeoutMs = Infinity } = ask.options;
  const { deadlineMs } = ask.scope;
  let limitMs = timeoutMs;
  const limit = (leftMs: number): void => {
    if (leftMs > 0 && leftMs < limitMs) limitMs = leftMs;
  };
  if (deadlineMs !== Infinity) limit(deadlineMs - currentRuntime().now());
  for (const [, signal] of signals) limit(timeLeftMs(signal));
  return limitMs;
}

function signalsOf({ found }: Marking, own: AbortSignalLike | undefined): Signals {
  if (found.length === 0 && own === undefined) return noSignals;
  const signals: (readonly [number, AbortSignalLike])[] = own === undefined ? [] : [[wholeCall, own]];
  found.forEach(([, marked], at) => {
    if (isSignal(marked)) signals.push([at, marked.value]);
  });
  return signals;
}

const isSignal = (marked: Marked): marked is Extract<Marked, { kind: 'signal' }> => marked.kind === 'signal';

function reasonOf({ reason }: AbortSignalLike): unknown {
  return reason === undefined ? new DOMException('the call was aborted', 'AbortError') : reason;
}

/** What a remote rejects with that may not be used any more. */
export const released = (): LanesError =>
  new LanesError('ERR_CALL_RELEASED', 'the remote was released, or the call that it belonged to has ended');

/** A rejected promise that nobody need look at: a callback called too late is no fault of the thread's. */
export function rejection(reason: unknown): Promise<never> {
  const promise = Promise.reject(reason);
  promise.catch(() => undefined);
  return promise;
}
