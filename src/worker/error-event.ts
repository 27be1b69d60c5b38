/** `ErrorEvent`. https://html.spec.whatwg.org/multipage/webappapis.html#errorevent */
import type { EventInit } from '../core/event.js';
import { Event } from '../core/event.js';
import type { Slot } from '../core/webidl.js';
import { defineInterface, dictionary, domString, illegalInvocation, required } from '../core/webidl.js';

/** What an error event may be told at its making. */
export interface ErrorEventInit extends EventInit {
  /** @defaultValue `''` */
  readonly message?: string;
  /** What was thrown. @defaultValue `undefined` */
  readonly error?: unknown;
}

interface ErrorSlot extends Slot {
  readonly message: string;
  readonly error: unknown;
}

const slot = Symbol('ErrorEvent');

function slotOf(event: unknown): ErrorSlot {
  const state = (event as { [slot]?: ErrorSlot })[slot];
  return state !== undefined && state.owner === event ? state : illegalInvocation();
}

/**
 * Tells of an error that happened in a worker. The platform's `filename`, `lineno` and `colno` are left out: no
 * mini-program host gives them; `error.stack` says where.
 *
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#errorevent
 */
export class ErrorEvent extends Event {
  constructor(type: string, eventInitDict: ErrorEventInit = {}) {
    required(arguments.length, 1);
    super(type, eventInitDict);
    const { message, error } = dictionary(eventInitDict);
    const state: ErrorSlot = { owner: this, message: message === undefined ? '' : domString(message), error };
    (this as { [slot]?: ErrorSlot })[slot] = state;
  }

  /** What the error says. */
  get message(): string {
    return slotOf(this).message;
  }

  /** What was thrown. */
  get error(): unknown {
    return slotOf(this).error;
  }
}

defineInterface(ErrorEvent, 'ErrorEvent');
