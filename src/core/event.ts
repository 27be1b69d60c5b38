/** `Event`. https://dom.spec.whatwg.org/#interface-event */
import { DOMException } from './dom-exception.js';
import { environment } from './environment.js';
import { defineInterface, dictionary, domString, internalSlot, notA, required } from './webidl.js';
import type { Members, Slot } from './webidl.js';

/** What an event may be told at its making. */
export interface EventInit {
  /** @defaultValue `false` */
  readonly bubbles?: boolean;
  /** Whether `preventDefault` has a meaning. @defaultValue `false` */
  readonly cancelable?: boolean;
  /** @defaultValue `false` */
  readonly composed?: boolean;
}

// The flags of an event. https://dom.spec.whatwg.org/#stop-propagation-flag
export const STOP_PROPAGATION = 1;
export const STOP_IMMEDIATE = 2;
export const CANCELED = 4;
export const IN_PASSIVE_LISTENER = 8;
export const TRUSTED = 16;
const BUBBLES = 32;
const CANCELABLE = 64;
const COMPOSED = 128;

/** The state of an event. */
export interface EventSlot extends Slot {
  type: string;
  flags: number;
  readonly timeStamp: number;
  target: object | null;
  /** Not `null` while the event is dispatched: its target is all of its path. */
  currentTarget: object | null;
}

export const eventSlot = internalSlot<EventSlot>();

/** https://dom.spec.whatwg.org/#set-the-canceled-flag */
export function cancelEvent(state: EventSlot): void {
  if ((state.flags & (CANCELABLE | IN_PASSIVE_LISTENER)) === CANCELABLE) state.flags |= CANCELED;
}

function has(event: object, flag: number): boolean {
  return (eventSlot.of(event).flags & flag) !== 0;
}

function putState(owner: object, type: string, init: Members): void {
  const { bubbles, cancelable, composed } = init;
  eventSlot.put({
    owner,
    type,
    flags: (bubbles ? BUBBLES : 0) | (cancelable ? CANCELABLE : 0) | (composed ? COMPOSED : 0),
    timeStamp: environment().now(),
    target: null,
    currentTarget: null,
  });
}

/** `[LegacyUnforgeable]`: an own accessor of each event that cannot be redefined. */
const isTrusted = Object.getOwnPropertyDescriptor(
  {
    get isTrusted(): boolean {
      return has(this as object, TRUSTED);
    },
  },
  'isTrusted',
) as PropertyDescriptor;
isTrusted.configurable = false;

/**
 * What an event of the library's own is made with that is fired at once: its `isTrusted` is a plain property, `true`, until
 * somebody else dispatches or initialises it. To define the accessor takes ten times as long as all else in an event.
 */
export const ofOurOwn: EventInit = {};

/** Makes an accessor of the plain property, where it is one. */
function guardTrust(event: object): void {
  const { writable } = Object(Object.getOwnPropertyDescriptor(event, 'isTrusted')) as PropertyDescriptor;
  if (writable === true) Object.defineProperty(event, 'isTrusted', isTrusted);
}

/**
 * Something that happened, as told to the listeners of an `EventTarget`.
 * @example
 * ```js
 * target.dispatchEvent(new Event('refresh', { cancelable: true }));
 * ```
 * @see https://dom.spec.whatwg.org/#interface-event
 */
export class Event {
  declare static readonly NONE: 0;
  declare static readonly CAPTURING_PHASE: 1;
  declare static readonly AT_TARGET: 2;
  declare static readonly BUBBLING_PHASE: 3;
  declare readonly NONE: 0;
  declare readonly CAPTURING_PHASE: 1;
  declare readonly AT_TARGET: 2;
  declare readonly BUBBLING_PHASE: 3;

  /** Whether the library itself fired the event. */
  declare readonly isTrusted: boolean;

  constructor(type: string, eventInitDict: EventInit = {}) {
    required(arguments.length, 1);
    putState(this, domString(type), dictionary(eventInitDict));
    if (eventInitDict === ofOurOwn) (this as { isTrusted: boolean }).isTrusted = true;
    else Object.defineProperty(this, 'isTrusted', isTrusted);
  }

  get type(): string {
    return eventSlot.of(this).type;
  }

  /** The object the event is or was dispatched to. */
  get target(): object | null {
    return eventSlot.of(this).target;
  }

  /** The legacy name of `target`. */
  get srcElement(): object | null {
    return eventSlot.of(this).target;
  }

  /** The object whose listener runs now. */
  get currentTarget(): object | null {
    return eventSlot.of(this).currentTarget;
  }

  composedPath(): object[] {
    const { currentTarget } = eventSlot.of(this);
    return currentTarget === null ? [] : [currentTarget];
  }

  get eventPhase(): number {
    return eventSlot.of(this).currentTarget === null ? 0 : 2;
  }

  stopPropagation(): void {
    eventSlot.of(this).flags |= STOP_PROPAGATION;
  }

  /** The legacy form of `stopPropagation()`. */
  get cancelBubble(): boolean {
    return has(this, STOP_PROPAGATION);
  }

  set cancelBubble(value: boolean) {
    const state = eventSlot.of(this);
    if (value) state.flags |= STOP_PROPAGATION;
  }

  stopImmediatePropagation(): void {
    eventSlot.of(this).flags |= STOP_PROPAGATION | STOP_IMMEDIATE;
  }

  get bubbles(): boolean {
    return has(this, BUBBLES);
  }

  get cancelable(): boolean {
    return has(this, CANCELABLE);
  }

  /** The legacy form of `defaultPrevented`, inverted. */
  get returnValue(): boolean {
    return !has(this, CANCELED);
  }

  set returnValue(value: boolean) {
    const state = eventSlot.of(this);
    if (!value) cancelEvent(state);
  }

  preventDefault(): void {
    cancelEvent(eventSlot.of(this));
  }

  get defaultPrevented(): boolean {
    return has(this, CANCELED);
  }

  get composed(): boolean {
    return has(this, COMPOSED);
  }

  /** When the event was made, in milliseconds on the host's monotonic clock. */
  get timeStamp(): number {
    return eventSlot.of(this).timeStamp;
  }

  /** The legacy way to set up an event; does nothing while the event is dispatched. */
  initEvent(type: string, bubbles = false, cancelable = false): void {
    const state = eventSlot.of(this);
    required(arguments.length, 1);
    const name = domString(type);
    if (state.currentTarget !== null) return;
    guardTrust(this);
    state.type = name;
    state.flags = (state.flags & COMPOSED) | (bubbles ? BUBBLES : 0) | (cancelable ? CANCELABLE : 0);
    state.target = null;
  }
}

defineInterface(Event, 'Event', { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

/**
 * The state of any event that may be dispatched now. The platform's own event is made to answer from a state of ours: by
 * itself it would know no target, and its `stopImmediatePropagation` would not reach us.
 * @throws TypeError for what is no event; DOMException `InvalidStateError` for one that is being dispatched.
 */
export function dispatchable(event: unknown): EventSlot {
  if (eventSlot.find(event) === undefined) {
    const { type, eventPhase, stopImmediatePropagation } = Object(event) as Partial<Event>;
    if (typeof type !== 'string' || typeof stopImmediatePropagation !== 'function')
      throw notA('an Event', event);
    if (eventPhase === 0) adopt(event as Event);
  }
  const state = eventSlot.find(event);
  if (state === undefined || state.currentTarget !== null)
    throw new DOMException('the event is being dispatched', 'InvalidStateError');
  guardTrust(event as object);
  return state;
}

function adopt(event: Event): void {
  const { type, defaultPrevented } = event;
  putState(event, type, event as unknown as Members);
  if (defaultPrevented) cancelEvent(eventSlot.of(event));
  for (const key of Object.keys(Event.prototype))
    Object.defineProperty(
      event,
      key,
      Object.getOwnPropertyDescriptor(Event.prototype, key) as PropertyDescriptor,
    );
}
