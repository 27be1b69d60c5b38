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
import { isObject } from './webidl.js';
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
  readonly weak: WeakRef<AbortSignalLike> | null;
  pinned: AbortSignalLike | null;
}

/** The state of an abort signal. */
export interface SignalState extends Slot {
  readonly owner: AbortSignalLike;
  aborted: boolean;
  reason: unknown;
  /** By the function that removes it. */
  algorithms: Map<() => void, () => void> | null;
  dependents: Set<Link> | null;
  /** The roots it depends on; `null` when the signal is not dependent. */
  sources: Link[] | null;
  link: Link | null;
  /** How many listeners and algorithms wait for the signal. */
  holds: number;
  /** Fires the `abort` event; `null` for a foreign signal, which fires its own. */
  readonly fire: ((signal: AbortSignalLike) => void) | null;
}

/** The slot of our own signals. */
export const signalSlot = Symbol('AbortSignal');

const foreign = new WeakMap<object, SignalState>();
// A built-in of ECMAScript 2021, above the engine floor.
const Weak = typeof WeakRef === 'function' ? WeakRef : null;
const nothing = (): void => undefined;

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
  };
}

/** Whether `value` is an `AbortSignal`, ours or any other, by its public members. */
export function isAbortSignal(value: unknown): value is AbortSignalLike {
  if (!isObject(value)) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignalLike>;
  return (
    typeof aborted === 'boolean' &&
    typeof addEventListener === 'function' &&
    typeof removeEventListener === 'function'
  );
}

/** The state of a signal of ours, or the state that follows a foreign one. */
export function signalState(signal: AbortSignalLike): SignalState {
  const state = (signal as { [signalSlot]?: SignalState })[signalSlot];
  return state !== undefined && state.owner === signal ? state : follow(signal);
}

function follow(signal: AbortSignalLike): SignalState {
  let state = foreign.get(signal);
  if (state === undefined) {
    const made = (state = createSignalState(signal, null));
    foreign.set(signal, made);
    if (!signal.aborted) signal.addEventListener('abort', () => signalAbort(made, signal.reason));
  }
  // Also inside the foreign signal's own dispatch, before it has come to our listener.
  if (signal.aborted) signalAbort(state, signal.reason);
  return state;
}

/** The reason in force when none is given. https://dom.spec.whatwg.org/#dom-abortcontroller-abort */
export function abortReason(reason: unknown): unknown {
  return reason === undefined ? new DOMException('signal is aborted without reason', 'AbortError') : reason;
}

/**
 * Runs `algorithm` once when `signal` aborts, before any of its listeners hears of it; never when it has aborted
 * already. Gives the way to take it back; idempotent, and of no effect after the run.
 */
export function addAbortAlgorithm(signal: AbortSignalLike, algorithm: () => void): () => void {
  const state = signalState(signal);
  if (state.aborted) return nothing;
  const algorithms = state.algorithms ?? (state.algorithms = new Map<() => void, () => void>());
  const remove = (): void => {
    if (algorithms.delete(remove)) hold(state, -1);
  };
  algorithms.set(remove, algorithm);
  hold(state, 1);
  return remove;
}

/** https://dom.spec.whatwg.org/#abortsignal-signal-abort */
export function signalAbort(state: SignalState, reason: unknown): void {
  if (state.aborted) return;
  settle(state, abortReason(reason));
  const settled = [state];
  const { dependents } = state;
  state.dependents = null;
  if (dependents !== null)
    for (const link of dependents) {
      const dependent = linkedState(link);
      if (dependent === undefined || dependent.aborted) continue;
      settle(dependent, state.reason);
      settled.push(dependent);
    }
  settled.forEach(runAbortSteps);
}

function settle(state: SignalState, reason: unknown): void {
  state.aborted = true;
  state.reason = reason;
  const { sources, link } = state;
  if (sources === null || link === null) return;
  for (const source of sources) linkedState(source)?.dependents?.delete(link);
  state.sources = [];
}

function runAbortSteps(state: SignalState): void {
  const { algorithms } = state;
  if (algorithms !== null) {
    state.algorithms = null;
    for (const [remove, algorithm] of algorithms) {
      remove();
      try {
        algorithm();
      } catch (error) {
        environment().reportError(error);
      }
    }
  }
  if (state.fire !== null) state.fire(state.owner);
}

/** Makes `state`, which is new, depend on `signals`. https://dom.spec.whatwg.org/#create-a-dependent-abort-signal */
export function dependOn(state: SignalState, signals: readonly AbortSignalLike[]): void {
  const states = signals.map(signalState);
  const aborted = states.find((source) => source.aborted);
  if (aborted !== undefined) {
    settle(state, aborted.reason);
    return;
  }
  const roots = new Set<Link>();
  for (const source of states) for (const root of source.sources ?? [linkOf(source)]) roots.add(root);
  state.sources = [...roots];
  for (const root of roots) {
    const source = linkedState(root);
    if (source !== undefined) source.dependents = addLink(source.dependents, linkOf(state));
  }
}

export function linkOf(state: SignalState): Link {
  return (state.link ??=
    Weak === null ? { weak: null, pinned: state.owner } : { weak: new Weak(state.owner), pinned: null });
}

export function linked(link: Link): AbortSignalLike | undefined {
  return link.weak === null ? (link.pinned ?? undefined) : link.weak.deref();
}

function linkedState(link: Link): SignalState | undefined {
  const signal = linked(link);
  return signal === undefined ? undefined : signalState(signal);
}

/** Adds a link and, at each doubling, drops those whose signal is gone. */
export function addLink(links: Set<Link> | null, link: Link): Set<Link> {
  const set = links ?? new Set<Link>();
  const { size } = set;
  // A power of two from 64: the sweeps of a set that keeps growing cost, in all, as much as the additions.
  if (size > 63 && (size & (size - 1)) === 0)
    for (const each of set) if (linked(each) === undefined) set.delete(each);
  return set.add(link);
}

/** Counts one more (or less) who waits for a signal; a dependent signal that somebody waits for is kept by its roots. */
export function hold(state: SignalState, change: number): void {
  state.holds += change;
  if (state.sources !== null && Weak !== null) linkOf(state).pinned = state.holds > 0 ? state.owner : null;
}
