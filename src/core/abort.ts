/** `AbortController` and `AbortSignal`. https://dom.spec.whatwg.org/#aborting-ongoing-activities */
import { DOMException } from './dom-exception.js';
import { environment } from './environment.js';
import {
  EventTarget,
  fireEvent,
  getEventHandler,
  hasListeners,
  setEventHandler,
  watchListeners,
} from './event-target.js';
import { Event } from './event.js';
import {
  abortReason,
  createSignalState,
  dependOn,
  hold,
  isAbortSignal,
  signalAbort,
  signalSlot,
  signalState,
} from './signal-state.js';
import {
  defineInterface,
  illegalConstructor,
  illegalInvocation,
  notA,
  required,
  sequence,
  unsignedLongLong,
} from './webidl.js';
import type { EventHandler } from './event-target.js';
import type { AbortSignalLike, SignalState } from './signal-state.js';
import type { Slot } from './webidl.js';

export { addAbortAlgorithm, isAbortSignal } from './signal-state.js';
export type { AbortSignalLike } from './signal-state.js';

/** The key to the constructors of signals, which users may not call. */
const key = {};

function slotOf(signal: unknown): SignalState {
  const state = (signal as { [signalSlot]?: SignalState })[signalSlot];
  return state !== undefined && state.owner === signal ? state : illegalInvocation();
}

function fireAbort(signal: AbortSignalLike): void {
  // Invariant: only our own signals get this function.
  const target = signal as AbortSignal;
  if (hasListeners(target, 'abort')) fireEvent(target, new Event('abort'));
}

/**
 * Tells an operation that it is no longer wanted. Made by an `AbortController`, or by the static methods.
 * @example
 * ```js
 * const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(5000)]);
 * scheduler.postTask(work, { signal });
 * ```
 * @see https://dom.spec.whatwg.org/#interface-AbortSignal
 */
export class AbortSignal extends EventTarget {
  /** @internal */
  constructor(secret: unknown = undefined) {
    if (secret !== key) illegalConstructor();
    super();
    (this as { [signalSlot]?: SignalState })[signalSlot] = createSignalState(this, fireAbort);
  }

  /** A signal that has aborted already. @param reason - @defaultValue a `DOMException` named `AbortError` */
  static abort(reason: unknown = undefined): AbortSignal {
    const signal = createSignal(AbortSignal);
    signalAbort(slotOf(signal), reason);
    return signal;
  }

  /**
   * A signal that aborts with a `TimeoutError` when `milliseconds` (an integer from 0 to 2^53 - 1) have passed.
   * The timer of the host keeps the signal until then.
   */
  static timeout(milliseconds: number): AbortSignal {
    required(arguments.length, 1);
    const delayMs = unsignedLongLong(milliseconds);
    const signal = createSignal(AbortSignal);
    environment().after(delayMs, () => {
      signalAbort(slotOf(signal), new DOMException('signal timed out', 'TimeoutError'));
    });
    return signal;
  }

  /** A signal that aborts as the first of `signals` does, with its reason. Any kind of `AbortSignal` will do. */
  static any(signals: Iterable<AbortSignalLike>): AbortSignal {
    required(arguments.length, 1);
    return createDependentSignal(AbortSignal, abortSignals(signals));
  }

  get aborted(): boolean {
    return slotOf(this).aborted;
  }

  /** What `abort(reason)` was told; `undefined` before. */
  get reason(): unknown {
    return slotOf(this).reason;
  }

  /** @throws the reason, when the signal has aborted. */
  throwIfAborted(): void {
    const { aborted, reason } = slotOf(this);
    if (aborted) throw reason;
  }

  get onabort(): EventHandler<AbortSignal> {
    slotOf(this);
    return getEventHandler(this, 'abort');
  }

  set onabort(value: EventHandler<AbortSignal>) {
    slotOf(this);
    setEventHandler(this, 'abort', value);
  }
}

defineInterface(AbortSignal, 'AbortSignal');

/** Makes a signal of `type`, which users cannot. */
export function createSignal<S extends AbortSignal>(type: new (secret: unknown) => S): S {
  return new type(key);
}

/** https://dom.spec.whatwg.org/#create-a-dependent-abort-signal, of `type` */
export function createDependentSignal<S extends AbortSignal>(
  type: new (secret: unknown) => S,
  sources: readonly AbortSignalLike[],
): S {
  const signal = createSignal(type);
  const state = slotOf(signal);
  dependOn(state, sources);
  watchListeners(signal, (change) => hold(state, change));
  return signal;
}

/** Converts an argument. @throws TypeError unless it is an iterable of abort signals. */
export function abortSignals(value: unknown): AbortSignalLike[] {
  return sequence(value, (signal) => {
    if (!isAbortSignal(signal)) throw notA('an AbortSignal', signal);
    return signal;
  });
}

interface ControllerSlot extends Slot {
  /** Made at its first use. */
  signal: AbortSignal | null;
}

const controllerSlot = Symbol('AbortController');

function controllerOf(controller: unknown): ControllerSlot {
  const state = (controller as { [controllerSlot]?: ControllerSlot })[controllerSlot];
  return state !== undefined && state.owner === controller ? state : illegalInvocation();
}

function signalOfController(controller: unknown): AbortSignal {
  const state = controllerOf(controller);
  return (state.signal ??= createSignal(AbortSignal));
}

/**
 * Aborts what was given its signal.
 * @example
 * ```js
 * const controller = new AbortController();
 * scheduler.postTask(work, { signal: controller.signal }).catch(() => {});
 * controller.abort();
 * ```
 * @see https://dom.spec.whatwg.org/#interface-abortcontroller
 */
export class AbortController<S extends AbortSignal = AbortSignal> {
  constructor() {
    const state: ControllerSlot = { owner: this, signal: null };
    (this as { [controllerSlot]?: ControllerSlot })[controllerSlot] = state;
  }

  /** The same object always. */
  get signal(): S {
    return signalOfController(this) as S;
  }

  /** Aborts the signal, once. @param reason - @defaultValue a `DOMException` named `AbortError` */
  abort(reason: unknown = undefined): void {
    signalAbort(slotOf(signalOfController(this)), reason);
  }
}

defineInterface(AbortController, 'AbortController');

/** Gives a new controller a signal of another kind. */
export function setControllerSignal(controller: AbortController, signal: AbortSignal): void {
  controllerOf(controller).signal = signal;
}

/** Holds (1) or lets go (-1) of a signal for somebody who waits for something else than its abort. */
export function holdSignal(signal: AbortSignalLike, change: number): void {
  hold(signalState(signal), change);
}

export { abortReason };
