/** What ports, workers and `self` have in common as receivers of messages. */
import type { EventHandler, EventTarget } from '../core/event-target.js';
import { fireEvent, hasListeners } from '../core/event-target.js';
import { currentRuntime } from '../host/runtime.js';
import type { Parcel } from './entangled.js';
import { Arrived, MessageEvent, noPorts } from './message-event.js';

/** A listener's attribute for messages that carry `T`. */
export type MessageHandler<Target, T = unknown> = EventHandler<Target, MessageEvent<T>>;

/**
 * Fires `message`, or `messageerror` where the message does not decode.
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps step 7
 */
export function deliverTo(target: EventTarget, parcel: Parcel): void {
  const event = openEvent(parcel);
  if (!hasListeners(target, event.type)) return;
  // As after any task, promise jobs of the listener run before the next message does.
  currentRuntime().pump.letJobsRun();
  fireEvent(target, event);
}

/** One lives for ever, so that its shape does; see `core/task.ts`. */
let kept: MessageEvent | undefined;

function openEvent(parcel: Parcel): MessageEvent {
  kept ??= new MessageEvent('message', Arrived.kept);
  try {
    return new MessageEvent('message', parcel.open());
  } catch (error) {
    // The ports it brought are of no use to anybody.
    parcel.dispose();
    return new MessageEvent('messageerror', new Arrived(error, noPorts));
  }
}
