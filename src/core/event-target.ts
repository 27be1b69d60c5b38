/**
 * `EventTarget` without a tree: an event's path is its target alone. https://dom.spec.whatwg.org/#interface-eventtarget
 *
 * What must always hold:
 * - The list keeps the order of registration; no two entries share type, callback and capture.
 * - A removed listener is never called again, not even by a dispatch that has begun.
 * - What a listener throws is reported and stops neither the other listeners nor the dispatch.
 */
import { environment } from './environment.js';
import {
  CANCELED,
  IN_PASSIVE_LISTENER,
  STOP_IMMEDIATE,
  STOP_PROPAGATION,
  TRUSTED,
  cancelEvent,
  dispatchable,
  eventSlot,
} from './event.js';
import { addAbortAlgorithm, isAbortSignal } from './signal-state.js';
import { defineInterface, domString, internalSlot, isObject, notA, required } from './webidl.js';
import type { Event, EventSlot } from './event.js';
import type { AbortSignalLike } from './signal-state.js';
import type { Members, Slot } from './webidl.js';

/** A callback of `addEventListener`: a function, or an object whose `handleEvent` is looked up at each event. */
export type EventListener<E extends Event = Event> =
  ((event: E) => unknown) | { handleEvent(event: E): unknown };

/** What identifies a listener beside its type and callback. */
export interface EventListenerOptions {
  /** Called before those without it. @defaultValue `false` */
  readonly capture?: boolean;
}

export interface AddEventListenerOptions extends EventListenerOptions {
  /** Removed before its first call. @defaultValue `false` */
  readonly once?: boolean;
  /** `preventDefault()` inside the listener does nothing. @defaultValue `false` */
  readonly passive?: boolean;
  /** The listener is removed when the signal aborts. Any `AbortSignal` will do. */
  readonly signal?: AbortSignalLike;
}

/** A value of an `on…` attribute. */
export type EventHandler<T, E extends Event = Event> = ((this: T, event: E) => unknown) | null;

interface Listener {
  readonly type: string;
  /** Replaced in place for an event handler, which thereby keeps its place in the order. */
  callback: object;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  /** Whether it belongs to an `on…` attribute. */
  readonly handler: boolean;
  removed: boolean;
  /** Takes back the algorithm on the listener's signal. */
  forget: (() => void) | null;
}

interface TargetSlot extends Slot {
  readonly listeners: Listener[];
  /** Told how many listeners came (1) or went (-1). */
  watch: ((change: number) => void) | null;
}

const targetSlot = internalSlot<TargetSlot>();

/**
 * An object that tells listeners of events.
 * @example
 * ```js
 * const target = new EventTarget();
 * target.addEventListener('refresh', () => console.log('again'), { once: true });
 * target.dispatchEvent(new Event('refresh'));
 * ```
 * @see https://dom.spec.whatwg.org/#interface-eventtarget
 */
export class EventTarget {
  constructor() {
    targetSlot.put({ owner: this, listeners: [], watch: null });
  }

  /**
   * Calls `callback` at each event of `type`. Adding the same callback for the same type and `capture` again does
   * nothing. A `signal` that has aborted already adds nothing.
   * @throws TypeError for a callback that is neither an object nor `null`, and a `signal` that is none.
   */
  addEventListener<E extends Event = Event>(
    type: string,
    callback: EventListener<E> | null,
    options: AddEventListenerOptions | boolean = {},
  ): void {
    const state = targetSlot.of(this);
    required(arguments.length, 2);
    const name = domString(type);
    const listener = callbackOf(callback);
    const given = flatten(options);
    const capture = !!given['capture'];
    const once = !!given['once'];
    const passive = !!given['passive'];
    const signal = signalOf(given['signal']);
    if (listener === null || (signal && signal.aborted) || find(state, name, listener, capture)) return;
    const added = append(state, name, listener, false, capture, once, passive);
    if (signal) added.forget = addAbortAlgorithm(signal, () => remove(state, added));
  }

  /** Undoes `addEventListener` of the same type, callback and `capture`. */
  removeEventListener<E extends Event = Event>(
    type: string,
    callback: EventListener<E> | null,
    options: EventListenerOptions | boolean = {},
  ): void {
    const state = targetSlot.of(this);
    required(arguments.length, 2);
    const name = domString(type);
    const listener = callbackOf(callback);
    const capture = !!flatten(options)['capture'];
    if (listener !== null) remove(state, find(state, name, listener, capture));
  }

  /**
   * Calls the listeners of the event's type, now and in order. Gives `false` when one of them prevented the default.
   * An event of the platform's own is taken too.
   * @throws TypeError for what is no event; DOMException `InvalidStateError` for one that is being dispatched.
   */
  dispatchEvent(event: Event): boolean {
    const state = targetSlot.of(this);
    required(arguments.length, 1);
    return dispatch(state, event, dispatchable(event), 0);
  }
}

defineInterface(EventTarget, 'EventTarget');

/** https://webidl.spec.whatwg.org/#js-callback-interface, nullable */
function callbackOf(value: unknown): object | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw notA('an event listener', value);
  return value;
}

/** https://dom.spec.whatwg.org/#concept-flatten-options: what is no dictionary is a boolean, and that is `capture`. */
function flatten(options: unknown): Members {
  return isObject(options) ? (options as Members) : { capture: options };
}

function signalOf(value: unknown): AbortSignalLike | undefined {
  if (value === undefined || isAbortSignal(value)) return value;
  throw notA('an AbortSignal', value);
}

function find(state: TargetSlot, type: string, callback: object, capture: boolean): Listener | undefined {
  return state.listeners.find(
    (each) => each.callback === callback && each.type === type && each.capture === capture && !each.handler,
  );
}

function findHandler(state: TargetSlot, type: string): Listener | undefined {
  return state.listeners.find((each) => each.handler && each.type === type);
}

function append(
  state: TargetSlot,
  type: string,
  callback: object,
  handler: boolean,
  capture: boolean,
  once: boolean,
  passive: boolean,
): Listener {
  const listener = { type, callback, handler, capture, once, passive, removed: false, forget: null };
  state.listeners.push(listener);
  if (state.watch) state.watch(1);
  return listener;
}

function remove(state: TargetSlot, listener: Listener | undefined): void {
  if (!listener || listener.removed) return;
  listener.removed = true;
  state.listeners.splice(state.listeners.indexOf(listener), 1);
  if (listener.forget) listener.forget();
  if (state.watch) state.watch(-1);
}

/** https://dom.spec.whatwg.org/#concept-event-dispatch, for a path of one */
function dispatch(state: TargetSlot, event: Event, about: EventSlot, trusted: number): boolean {
  about.flags = (about.flags & ~TRUSTED) | trusted;
  about.target = about.currentTarget = state.owner;
  // A target hears its capturing listeners first. https://dom.spec.whatwg.org/#dom-event-at_target
  if (!(about.flags & STOP_PROPAGATION)) invoke(state, event, about, true);
  if (!(about.flags & STOP_PROPAGATION)) invoke(state, event, about, false);
  about.currentTarget = null;
  about.flags &= ~(STOP_PROPAGATION | STOP_IMMEDIATE);
  return !(about.flags & CANCELED);
}

/** https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke over the listeners as they are now */
function invoke(state: TargetSlot, event: Event, about: EventSlot, capture: boolean): void {
  const { type } = about;
  const { listeners } = state;
  // A listener may add others, which are not called, and remove some; of one alone no copy is needed.
  const list = listeners.length > 1 ? listeners.slice() : listeners;
  const count = list.length;
  for (let at = 0; at < count; at++) {
    const listener = list[at];
    if (listener === undefined) return;
    if (listener.removed || listener.type !== type || listener.capture !== capture) continue;
    if (listener.once) remove(state, listener);
    if (listener.passive) about.flags |= IN_PASSIVE_LISTENER;
    try {
      call(listener, event, about);
    } catch (error) {
      environment().reportError(error);
    }
    about.flags &= ~IN_PASSIVE_LISTENER;
    if (about.flags & STOP_IMMEDIATE) return;
  }
}

function call({ callback, handler }: Listener, event: Event, about: EventSlot): void {
  if (typeof callback === 'function') {
    const result: unknown = Reflect.apply(callback, about.currentTarget, [event]);
    // https://html.spec.whatwg.org/#the-event-handler-processing-algorithm
    if (handler && result === false) cancelEvent(about);
  } else if (!handler) {
    const { handleEvent } = callback as { handleEvent?: unknown };
    if (typeof handleEvent !== 'function') throw notA('a function', handleEvent);
    Reflect.apply(handleEvent, callback, [event]);
  }
}

/** Dispatches an event on the library's own account: `isTrusted` is true. */
export function fireEvent(target: EventTarget, event: Event): boolean {
  return dispatch(targetSlot.of(target), event, eventSlot.of(event), TRUSTED);
}

/** Whether anybody would hear an event of `type`: where nobody does, none need be made. */
export function hasListeners(target: EventTarget, type: string): boolean {
  const { listeners } = targetSlot.of(target);
  for (let at = 0; at < listeners.length; at++) if ((listeners[at] as Listener).type === type) return true;
  return false;
}

/** Whether anybody listens to anything. */
export function isHeard(target: EventTarget): boolean {
  return targetSlot.of(target).listeners.length > 0;
}

/** Tells `watch` of each listener that comes (1) or goes (-1). One watcher a target. */
export function watchListeners(target: EventTarget, watch: (change: number) => void): void {
  targetSlot.of(target).watch = watch;
}

/** The value of an `on…` attribute. https://html.spec.whatwg.org/#event-handler-idl-attributes */
export function getEventHandler<H>(target: EventTarget, type: string): H | null {
  const found = findHandler(targetSlot.of(target), type);
  return found ? (found.callback as unknown as H) : null;
}

/** Sets an `on…` attribute: a new value takes the old one's place in the order; anything but an object removes it. */
export function setEventHandler(target: EventTarget, type: string, value: unknown): void {
  const state = targetSlot.of(target);
  const found = findHandler(state, type);
  if (!isObject(value)) remove(state, found);
  else if (found) found.callback = value;
  else append(state, type, value, true, false, false, false);
}
