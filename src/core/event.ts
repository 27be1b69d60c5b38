/** `Event`. https://dom.spec.whatwg.org/#interface-event */
import { environment } from './environment.js';
import {
  defineConstants,
  defineInterface,
  dictionary,
  domString,
  illegalInvocation,
  required,
} from './webidl.js';
import type { Slot } from './webidl.js';

/** What an event may be told at its making. */
export interface EventInit {
  /** @defaultValue `false` */
  readonly bubbles?: boolean;
  /** Whether `preventDefault` has a meaning. @defaultValue `false` */
  readonly cancelable?: boolean;
  /** @defaultValue `false` */
  readonly composed?: boolean;
}

/** The state of an event; the flags are the standard's. https://dom.spec.whatwg.org/#stop-propagation-flag */
export interface EventSlot extends Slot {
  type: string;
  bubbles: boolean;
  cancelable: boolean;
  readonly composed: boolean;
  readonly timeStamp: number;
  target: object | null;
  currentTarget: object | null;
  phase: number;
  stopPropagation: boolean;
  stopImmediate: boolean;
  canceled: boolean;
  inPassiveListener: boolean;
  dispatching: boolean;
  trusted: boolean;
}

const slot = Symbol('Event');

/** The state of `event`. @throws TypeError when it is not one of our events. */
export function eventSlot(event: unknown): EventSlot {
  const state = (event as { [slot]?: EventSlot })[slot];
  return state !== undefined && state.owner === event ? state : illegalInvocation();
}

/** Whether `value` is an event of ours. */
export function isEvent(value: unknown): value is Event {
  return (
    typeof value === 'object' && value !== null && (value as { [slot]?: EventSlot })[slot]?.owner === value
  );
}

/** https://dom.spec.whatwg.org/#set-the-canceled-flag */
export function cancelEvent(state: EventSlot): void {
  if (state.cancelable && !state.inPassiveListener) state.canceled = true;
}

/** `[LegacyUnforgeable]`: an own accessor of each event that cannot be redefined. */
const isTrusted: PropertyDescriptor = {
  ...Object.getOwnPropertyDescriptor(
    {
      get isTrusted(): boolean {
        return eventSlot(this).trusted;
      },
    },
    'isTrusted',
  ),
  configurable: false,
};

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
    const name = domString(type);
    const init = dictionary(eventInitDict);
    const state: EventSlot = {
      owner: this,
      type: name,
      bubbles: !!init['bubbles'],
      cancelable: !!init['cancelable'],
      composed: !!init['composed'],
      timeStamp: environment().now(),
      target: null,
      currentTarget: null,
      phase: 0,
      stopPropagation: false,
      stopImmediate: false,
      canceled: false,
      inPassiveListener: false,
      dispatching: false,
      trusted: false,
    };
    (this as { [slot]?: EventSlot })[slot] = state;
    Object.defineProperty(this, 'isTrusted', isTrusted);
  }

  get type(): string {
    return eventSlot(this).type;
  }

  /** The object the event is or was dispatched to. */
  get target(): object | null {
    return eventSlot(this).target;
  }

  /** The legacy name of `target`. */
  get srcElement(): object | null {
    return eventSlot(this).target;
  }

  /** The object whose listener runs now. */
  get currentTarget(): object | null {
    return eventSlot(this).currentTarget;
  }

  composedPath(): object[] {
    const { currentTarget } = eventSlot(this);
    return currentTarget === null ? [] : [currentTarget];
  }

  get eventPhase(): number {
    return eventSlot(this).phase;
  }

  stopPropagation(): void {
    eventSlot(this).stopPropagation = true;
  }

  /** The legacy form of `stopPropagation()`. */
  get cancelBubble(): boolean {
    return eventSlot(this).stopPropagation;
  }

  set cancelBubble(value: boolean) {
    const state = eventSlot(this);
    if (value) state.stopPropagation = true;
  }

  stopImmediatePropagation(): void {
    const state = eventSlot(this);
    state.stopPropagation = state.stopImmediate = true;
  }

  get bubbles(): boolean {
    return eventSlot(this).bubbles;
  }

  get cancelable(): boolean {
    return eventSlot(this).cancelable;
  }

  /** The legacy form of `defaultPrevented`, inverted. */
  get returnValue(): boolean {
    return !eventSlot(this).canceled;
  }

  set returnValue(value: boolean) {
    const state = eventSlot(this);
    if (!value) cancelEvent(state);
  }

  preventDefault(): void {
    cancelEvent(eventSlot(this));
  }

  get defaultPrevented(): boolean {
    return eventSlot(this).canceled;
  }

  get composed(): boolean {
    return eventSlot(this).composed;
  }

  /** When the event was made, in milliseconds on the host's monotonic clock. */
  get timeStamp(): number {
    return eventSlot(this).timeStamp;
  }

  /** The legacy way to set up an event; does nothing while the event is dispatched. */
  initEvent(type: string, bubbles = false, cancelable = false): void {
    const state = eventSlot(this);
    required(arguments.length, 1);
    const name = domString(type);
    if (state.dispatching) return;
    state.stopPropagation = state.stopImmediate = state.canceled = state.trusted = false;
    state.target = null;
    state.type = name;
    state.bubbles = !!bubbles;
    state.cancelable = !!cancelable;
  }
}

defineInterface(Event, 'Event');
defineConstants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
