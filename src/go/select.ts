/**
 * `select`. https://go.dev/ref/spec#Select_statements
 *
 * Passes, as in Go's own (https://go.dev/src/runtime/select.go): look whether a case is ready, and choose among those that
 * are; else wait in all of them; else, woken by one, leave all others.
 *
 * What must always hold: of a select's cases one happens, or none where it was aborted, cancelled or fails.
 */
import { LanesError } from '../core/errors.js';
import { dictionary } from '../core/webidl.js';
import { CaseWaiter, ReceiveCase, SendCase, SignalCase } from './cases.js';
import type { Decision, Outcome, SelectCase, Sink, Source } from './cases.js';
import type { Chan, Receivable, Received } from './chan.js';
import type { Operation } from './operation.js';
import { below, chance } from './chance.js';
import type { PortChan } from './port-chan.js';
import { isPort, sourceOf } from './port-source.js';
import type { PortLike } from './port-source.js';
import { currentMachine } from './run-queue.js';
import type { Ready } from './run-queue.js';
import { WaitList } from './wait-list.js';
import type { Waiter } from './wait-list.js';
import { done as granted, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';
import type { AbortSignalLike } from '../core/signal-state.js';

/** How a select is done. */
export interface SelectOptions extends WaitOptions {
  /** Whether it gives `{ case: 'default' }` where no case is ready, instead of waiting. @defaultValue `false` */
  readonly default?: boolean | undefined;
}

/** Cases by their names. */
export type SelectCases = Readonly<Record<string, SelectCase<object> | Receivable<unknown>>>;

type OutcomeOf<C, K> =
  C extends Receivable<infer T>
    ? { readonly case: K } & Received<T>
    : C extends SelectCase<infer O>
      ? { readonly case: K } & Readonly<O>
      : never;

/** What `select` gives: which case happened, and what came with it. */
export type Selected<C extends SelectCases> = {
  [K in keyof C]: OutcomeOf<C[K], K>;
}[keyof C];

/** A select of so many cases lets what is ready run first, before it takes its place in as many lists. */
const MANY_CASES = 16;

/** A select: its cases, and the list in which its one operation waits. */
class Selecting extends WaitList implements Decision, Ready {
  readonly cases: CaseWaiter[] = [];
  private isEnlisted = false;

  constructor(
    given: SelectCases,
    /** Whether the cases that it was given cannot change, so that it can be used again for them. */
    private readonly isKept: boolean,
  ) {
    super(given, 'select');
    // What a program adds to Object.prototype is no case.
    for (const name of Object.keys(given)) this.cases.push(this.waiterFor(name, given[name]));
  }

  get isTaken(): boolean {
    return this.isKept || this.length > 0;
  }

  override get isInner(): boolean {
    return this.cases.every((each) => each.isInnerCase);
  }

  override get text(): string {
    return `select ${this.cases.map(({ name }) => name).join(', ')}`;
  }

  /** Its operation waits, so all cases do. */
  override push(waiter: Waiter): void {
    super.push(waiter);
    if (this.cases.length < MANY_CASES) this.enlist();
    else currentMachine().soon(this);
  }

  /** Its operation does not wait any more, for whatever reason. */
  override remove(waiter: Waiter): void {
    super.remove(waiter);
    if (this.isEnlisted) for (const each of this.cases) each.withdraw();
    this.isEnlisted = false;
  }

  /** Of `Ready`: what was ready has run. */
  run(): void {
    if (this.length === 0 || this.isEnlisted) return;
    const ready = chooseReady(this.cases);
    if (ready === null) return this.enlist();
    try {
      this.decide(ready.happen());
    } catch (error) {
      this.fail(error);
    }
  }

  decide(outcome: Outcome): void {
    const waiter = this.shift();
    if (waiter !== null) waiter.grant(outcome);
  }

  fail(error: unknown): void {
    const waiter = this.shift();
    if (waiter !== null) waiter.refuse(error);
  }

  /** In any order: of two that wait for the same channel either may be first in its list. */
  private enlist(): void {
    const { cases } = this;
    const { length } = cases;
    const step = chance(2) ? 1 : length - 1;
    this.isEnlisted = true;
    for (let at = below(length), left = length; left > 0; left--, at = (at + step) % length)
      cases[at]?.enlist();
  }

  /** The case `given`, or one like it where that is in use: by this select under another name, or by another. */
  private waiterFor(name: string, given: unknown): CaseWaiter {
    let waiter: CaseWaiter;
    if (given instanceof CaseWaiter) {
      const { decision } = given as CaseWaiter;
      const isFree = decision === null || !(decision === this || decision.isTaken);
      waiter = isFree ? (given as CaseWaiter) : given.clone();
    } else waiter = receiveCaseOf(given, `case "${name}" must be made by from, to, done, after or tick`);
    waiter.name = name;
    waiter.decision = this;
    return waiter;
  }
}

/** Selects of cases that cannot change any more. */
const kept = new WeakMap<object, Selecting>();

function selectingOf(cases: SelectCases): Selecting {
  const known = kept.get(cases);
  if (known !== undefined && known.length === 0) return known;
  const isKept = known === undefined && Object.isFrozen(cases);
  const selecting = new Selecting(cases, isKept);
  if (isKept) kept.set(cases, selecting);
  return selecting;
}

/** One of the cases that are ready, each as likely as any other. */
function chooseReady(cases: readonly CaseWaiter[]): CaseWaiter | null {
  let chosen: CaseWaiter | null = null;
  let ready = 0;
  for (const each of cases) {
    if (!each.isReady) continue;
    ready++;
    if (ready === 1 || chance(ready)) chosen = each;
  }
  return chosen;
}

/**
 * Waits until one of the cases can happen, and lets that one happen and no other. Of several that are ready one is chosen at
 * random, each as likely as any other.
 *
 * Cancel safety: when the signal aborts, or the routine is cancelled, while it waits, no case has happened or will.
 *
 * Cases that are used again and again may be frozen (`Object.freeze`): then they are read once.
 *
 * @param cases - by name: `from(chan)`, `to(chan, value)`, `done(ctx)`, `after(ms)`, `from(port)`; a `Chan` itself means
 * `from` of it. Receiving from or sending to `null` never happens: so a case is switched off, as with Go's nil channels.
 * @returns what happened: `{ case: name }`, with `value` and `ok` of a receive, `reason` of a context that is done
 * @throws (rejects) LanesError `ERR_CHAN_CLOSED` when the case that happens is a send on a closed channel; the signal's reason;
 * LanesError `ERR_INVALID_ARGUMENT` for what is no case
 * @example
 * const got = await select({ job: from(jobs), stop: done(ctx), late: after(1000) });
 * if (got.case === 'job' && got.ok) handle(got.value);
 * @see https://go.dev/ref/spec#Select_statements
 */
export function select<C extends SelectCases>(
  cases: C,
  options: SelectOptions & { readonly default: true },
): Operation<Selected<C> | { readonly case: 'default' }>;
export function select<C extends SelectCases>(cases: C, options?: SelectOptions): Operation<Selected<C>>;
export function select(cases: SelectCases, options?: SelectOptions): Operation<Outcome> {
  const selecting = selectingOf(dictionary(cases) as SelectCases);
  const end = obstacle(options);
  if (end !== null) return failed(end.reason);
  const ready = chooseReady(selecting.cases);
  if (ready !== null) return happen(ready);
  if (options !== undefined && options.default === true) return granted<Outcome>({ case: 'default' });
  return waitIn(selecting, undefined, options);
}

function happen(ready: CaseWaiter): Operation<Outcome> {
  let outcome: Outcome;
  try {
    outcome = ready.happen();
  } catch (error) {
    return failed(error);
  }
  return granted(outcome);
}

/**
 * A case of `select`: receiving from `source`, a channel or a `MessagePort`. The result has `value` and `ok`, as that of
 * `recv`; of a port `value` is the data of a message, and `ok` false when it is closed, by either end, or transferred. From
 * `null` it never happens.
 *
 * A message that nobody waits for stays in its port, so that `bufferedAmount` at the other end holds its sender back. From
 * then on the port is received from by `from` alone, however many selects use it: its messages cause no events. From a `Worker`,
 * `self` or a port of the platform's messages are taken as they come, and wait in memory. A message that cannot be read makes one
 * select fail; the next gets the next.
 * @throws LanesError `ERR_INVALID_ARGUMENT` for anything else, and for a port that has a listener for its messages
 * @example
 * const got = await select({ reply: from<Reply>(port), late: after(1000) });
 * if (got.case === 'reply' && got.ok) show(got.value);
 * @see https://go.dev/ref/spec#Receive_operator
 */
export function from<T>(source: Receivable<T> | PortLike | null | undefined): SelectCase<Received<T>> {
  if (source === null || source === undefined) return new ReceiveCase<T>(null);
  return receiveCaseOf<T>(source, 'from takes a Chan, a port, or null');
}

function receiveCaseOf<T>(source: unknown, wanted: string): ReceiveCase<T> {
  if (isPort(Object(source) as object)) return new ReceiveCase(sourceOf<T>(source as PortLike));
  if (typeof (Object(source) as Partial<Source<T>>).tryRecv === 'function')
    return new ReceiveCase(source as Source<T>);
  throw new LanesError('ERR_INVALID_ARGUMENT', wanted, { value: source });
}

/** A case of `select`: sending `value` on `chan`. To `null` it never happens. */
export function to<T>(chan: Chan<T> | PortChan<T> | null | undefined, value: T): SelectCase<object> {
  return new SendCase(chan ? (chan as unknown as Sink<T>) : null, value);
}

/** A case of `select`: `context`, or any signal, is done. The result has its `reason`. */
export function done(context: AbortSignalLike): SelectCase<{ readonly reason: unknown }> {
  return new SignalCase(context);
}
