/**
 * What an abort signal is apart from its events: state, algorithms and dependent signals. Below `EventTarget`, whose
 * listeners end by a signal, and below `AbortSignal`, which is an `EventTarget`.
 *
 * What must always hold:
 * - An algorithm runs at most once, before the signal's `abort` event; afterwards the signal holds none.
 * - Only signals that are not dependent have dependents: a dependent signal depends on the roots behind its sources.
 * - A root holds its dependents weakly, except those that somebody listens to, and a dependent its roots weakly:
 *
 *       root.dependents ──► link ──weak──► dependent          (nobody listens)
 *       root.dependents ──► link ──pinned─► dependent         (it has listeners or algorithms)
 *       dependent.sources ──► link ──weak──► root
 *
 *   Without `WeakRef` links are strong; they end when either side has aborted.
 * - A foreign signal (the platform's, or the other bundle's) has one state here that follows it by one listener, however
 *   many algorithms and dependents it gets: native `addEventListener` looks through all listeners each time.
 *
 * https://dom.spec.whatwg.org/#interface-AbortSignal
 */
import { DOMException } from './dom-exception.js';
import { environment } from './environment.js';
import { internalSlot, isObject } from './webidl.js';
import type { Slot } from './webidl.js';

/** What is asked of a signal that is not ours. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** A reference to a signal that does not keep it, unless it is pinned. */
export interface Link {
  readonly weak: { deref(): AbortSignalLike | undefined };
  pinned: AbortSignalLike | null;
}

/** Steps to run, by the function that removes them. */
export type Algorithms = Map<() => void, () => void>;

/** Who hears of a change: most signals never have either, so both are made at their first use. */
export interface Audience {
  algorithms: Algorithms | null;
  dependents: Set<Link> | null;
}

/** The state of an abort signal. */
export interface SignalState extends Slot, Audience {
  readonly owner: AbortSignalLike;
  aborted: boolean;
  reason: unknown;
  /** The roots it depends on; `null` when the signal is not dependent. */
  sources: Iterable<Link> | null;
  link: Link | null;
  /** How many listeners and algorithms wait for the signal. */
  holds: number;
  /** Fires the `abort` event; `null` for a foreign signal, which fires its own. */
  readonly fire: ((signal: AbortSignalLike) => void) | null;
  /** What a task signal has besides. */
  task: object | null;
}

/** The slot of our own signals. */
export const signalSlot = internalSlot<SignalState>();

const foreign = new WeakMap<object, SignalState>();
// A built-in of ECMAScript 2021, above the engine floor.
const Weak = typeof WeakRef === 'function' ? WeakRef : null;

export function createSignalState(owner: AbortSignalLike, fire: SignalState['fire']): SignalState {
  return {
    owner,
    aborted: false,
    reason: undefined,
    algorithms: null,
    dependents: null,
    sources: null,
    link: null,
    holds: 0,
    fire,
    task: null,
  };
}

/** Whether `value` is an `AbortSignal`, ours or any other, by its public members. */
export function isAbortSignal(value: unknown): value is AbortSignalLike {
  if (!isObject(value)) return false;
  const { aborted, addEventListener } = value as Partial<AbortSignalLike>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

/** The state of a signal of ours, or the state that follows a foreign one. */
export function signalState(signal: AbortSignalLike): SignalState {
  return signalSlot.find(signal) || follow(signal);
}

function follow(signal: AbortSignalLike): SignalState {
  let state = foreign.get(signal);
  const abort = (): void => signalAbort(state as SignalState, signal.reason);
  if (state === undefined) {
    foreign.set(signal, (state = createSignalState(signal, null)));
    signal.addEventListener('abort', abort);
  }
  // Also inside the foreign signal's own dispatch, before it has come to our listener.
  if (signal.aborted) abort();
  return state;
}

/** Adds to the algorithms of `audience`, who wait for `state`; gives the way to take `algorithm` back. */
export function addAlgorithm(state: SignalState, audience: Audience, algorithm: () => void): () => void {
  const algorithms: Algorithms =
    audience.algorithms || (audience.algorithms = new Map<() => void, () => void>());
  const remove = (): void => {
    if (algorithms.delete(remove)) hold(state, -1);
  };
  algorithms.set(remove, algorithm);
  hold(state, 1);
  return remove;
}

/** Runs the algorithms in order; what one throws is reported and stops none. With `once` each is removed before. */
export function runAlgorithms({ algorithms }: Audience, once: boolean): void {
  if (algorithms !== null)
    for (const [remove, algorithm] of algorithms)
      try {
        if (once) remove();
        algorithm();
      } catch (error) {
        environment().reportError(error);
      }
}

/** The states of the signals that depend on `audience` and still exist. */
export function dependentsOf({ dependents }: Audience): SignalState[] {
  const states: SignalState[] = [];
  if (dependents !== null)
    for (const link of dependents) {
      const state = linkedState(link);
      if (state !== undefined) states.push(state);
    }
  return states;
}

/**
 * Runs `algorithm` once when `signal` aborts, before any of its listeners hears of it; never when it has aborted
 * already. Gives the way to take it back; idempotent, and of no effect after the run.
 */
export function addAbortAlgorithm(signal: AbortSignalLike, algorithm: () => void): () => void {
  const state = signalState(signal);
  return state.aborted ? () => undefined : addAlgorithm(state, state, algorithm);
}

/** https://dom.spec.whatwg.org/#abortsignal-signal-abort */
export function signalAbort(state: SignalState, reason: unknown): void {
  if (state.aborted) return;
  settle(
    state,
    reason === undefined ? new DOMException('signal is aborted without reason', 'AbortError') : reason,
  );
  const dependents = dependentsOf(state).filter((each) => !each.aborted);
  state.dependents = null;
  for (const each of dependents) settle(each, state.reason);
  for (const each of [state, ...dependents]) {
    runAlgorithms(each, true);
    if (each.fire) each.fire(each.owner);
  }
}

function settle(state: SignalState, reason: unknown): void {
  state.aborted = true;
  state.reason = reason;
  if (state.sources === null) return;
  for (const source of state.sources) {
    const root = linkedState(source);
    if (root && root.dependents) root.dependents.delete(linkOf(state));
  }
  state.sources = [];
}

/** Makes `state`, which is new, depend on `signals`. https://dom.spec.whatwg.org/#create-a-dependent-abort-signal */
export function dependOn(state: SignalState, signals: readonly AbortSignalLike[]): void {
  const states = signals.map(signalState);
  const roots = new Set<Link>();
  state.sources = roots;
  for (const { aborted, reason } of states) if (aborted) return settle(state, reason);
  for (const source of states) {
    const { sources } = source;
    for (const root of sources === null ? [linkOf(source)] : sources) roots.add(root);
  }
  for (const root of roots) {
    const source = linkedState(root);
    if (source) addDependent(source, state);
  }
}

export function linkOf(state: SignalState): Link {
  const { owner, link } = state;
  return (
    link || (state.link = { weak: Weak === null ? { deref: () => owner } : new Weak(owner), pinned: null })
  );
}

export function linkedState({ weak }: Link): SignalState | undefined {
  const signal = weak.deref();
  return signal && signalState(signal);
}

/** Adds a dependent signal and, at each doubling, drops those that are gone. */
export function addDependent(audience: Audience, state: SignalState): void {
  const dependents: Set<Link> = audience.dependents || (audience.dependents = new Set());
  const { size } = dependents;
  // A power of two from 64: the sweeps of a set that keeps growing cost, in all, as much as the additions.
  if (size > 63 && (size & (size - 1)) === 0)
    for (const link of dependents) if (!linkedState(link)) dependents.delete(link);
  dependents.add(linkOf(state));
}

/** Counts one more (or less) who waits for a signal; a dependent signal that somebody waits for is kept by its roots. */
export function hold(state: SignalState, change: number): void {
  state.holds += change;
  if (state.sources !== null) linkOf(state).pinned = state.holds > 0 ? state.owner : null;
}
