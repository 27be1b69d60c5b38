/** `CustomEvent`. https://dom.spec.whatwg.org/#interface-customevent */
import { Event } from './event.js';
import { defineInterface, dictionary, internalSlot, required } from './webidl.js';
import type { EventInit } from './event.js';
import type { Slot } from './webidl.js';

/** What a custom event may be told at its making. */
export interface CustomEventInit<T = unknown> extends EventInit {
  /** @defaultValue `null` */
  readonly detail?: T;
}

interface CustomSlot extends Slot {
  detail: unknown;
}

const customSlot = internalSlot<CustomSlot>();

/**
 * An event that carries a value of the user's own.
 * @example
 * ```js
 * target.dispatchEvent(new CustomEvent('progress', { detail: 0.5 }));
 * ```
 * @see https://dom.spec.whatwg.org/#interface-customevent
 */
export class CustomEvent<T = unknown> extends Event {
  constructor(type: string, eventInitDict: CustomEventInit<T> = {}) {
    required(arguments.length, 1);
    super(type, eventInitDict);
    const { detail = null } = dictionary(eventInitDict);
    customSlot.put({ owner: this, detail });
  }

  get detail(): T {
    return customSlot.of(this).detail as T;
  }

  /** The legacy way to set up a custom event; does nothing while the event is dispatched. */
  initCustomEvent(type: string, bubbles = false, cancelable = false, detail: unknown = null): void {
    const state = customSlot.of(this);
    required(arguments.length, 1);
    const free = this.eventPhase === Event.NONE;
    this.initEvent(type, bubbles, cancelable);
    if (free) state.detail = detail;
  }
}

defineInterface(CustomEvent, 'CustomEvent');
