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
import { createSignalState, dependOn, hold, isAbortSignal, signalAbort, signalSlot } from './signal-state.js';
import {
  defineInterface,
  illegalConstructor,
  internalSlot,
  notA,
  required,
  sequence,
  unsignedLongLong,
} from './webidl.js';
import type { EventHandler } from './event-target.js';
import type { AbortSignalLike } from './signal-state.js';
import type { Slot } from './webidl.js';

export { addAbortAlgorithm, isAbortSignal } from './signal-state.js';
export type { AbortSignalLike } from './signal-state.js';

/** The key to the constructors of signals, which users may not call. */
const key = {};

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
    signalSlot.put(createSignalState(this, fireAbort));
  }

  /** A signal that has aborted already. @param reason - @defaultValue a `DOMException` named `AbortError` */
  static abort(reason: unknown = undefined): AbortSignal {
    const signal = createSignal(AbortSignal);
    signalAbort(signalSlot.of(signal), reason);
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
      signalAbort(signalSlot.of(signal), new DOMException('signal timed out', 'TimeoutError'));
    });
    return signal;
  }

  /** A signal that aborts as the first of `signals` does, with its reason. Any kind of `AbortSignal` will do. */
  static any(signals: Iterable<AbortSignalLike>): AbortSignal {
    required(arguments.length, 1);
    return createDependentSignal(AbortSignal, abortSignals(signals));
  }

  get aborted(): boolean {
    return signalSlot.of(this).aborted;
  }

  /** What `abort(reason)` was told; `undefined` before. */
  get reason(): unknown {
    return signalSlot.of(this).reason;
  }

  /** @throws the reason, when the signal has aborted. */
  throwIfAborted(): void {
    const { aborted, reason } = signalSlot.of(this);
    if (aborted) throw reason;
  }

  get onabort(): EventHandler<AbortSignal> {
    signalSlot.of(this);
    return getEventHandler(this, 'abort');
  }

  set onabort(value: EventHandler<AbortSignal>) {
    signalSlot.of(this);
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
  const state = signalSlot.of(signal);
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

export const controllerSlot = internalSlot<ControllerSlot>();

function signalOf(controller: unknown): AbortSignal {
  const state = controllerSlot.of(controller);
  return state.signal || (state.signal = createSignal(AbortSignal));
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
    controllerSlot.put({ owner: this, signal: null });
  }

  /** The same object always. */
  get signal(): S {
    return signalOf(this) as S;
  }

  /** Aborts the signal, once. @param reason - @defaultValue a `DOMException` named `AbortError` */
  abort(reason: unknown = undefined): void {
    signalAbort(signalSlot.of(signalOf(this)), reason);
  }
}

defineInterface(AbortController, 'AbortController');
