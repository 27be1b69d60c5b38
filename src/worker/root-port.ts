/**
 * The implicit port of `Worker` and of `self`: the root of a link, with an event target on top.
 *
 * Unlike the standard's, which is open from the start and loses what arrives before anybody listens, it opens with the
 * first `message` listener: code that sets itself up asynchronously loses nothing.
 */
import type { EventTarget } from '../core/event-target.js';
import { hasListeners, watchListeners } from '../core/event-target.js';
import type { ControlListener, ControlPort } from '../channel/control-form.js';
import type { Outgoing } from '../channel/entangled.js';
import type { Link } from '../channel/link.js';
import { postThrough } from '../channel/message-port.js';
import { deliverTo } from '../channel/message-target.js';
import type { PortMessageQueue } from '../channel/port-message-queue.js';
import { readTransferList } from '../channel/transfer-list.js';
import { required } from '../core/webidl.js';

/** The control messages of an implicit port, of whichever link is behind it now. */
export class RootControl implements ControlPort {
  isReady = false;
  listener: ControlListener | null = null;
  /** Counts what goes and comes through the implicit port, roughly: for whoever wants to know whether it is used. */
  uses = 0;
  /** Called when something wants to leave and no link is there. */
  onWake: (() => void) | null = null;
  /** What is behind the port now. */
  link: Link | null = null;
  private reason: Error | null = null;

  get bufferedAmount(): number {
    return this.link?.root.peer?.bufferedAmount ?? 0;
  }

  post(message: Outgoing): void {
    this.uses++;
    this.link?.root.peer?.post(message);
  }

  wake(): void {
    this.onWake?.();
  }

  flush(): void {
    this.link?.flush();
  }

  listen(listener: ControlListener): void {
    if (this.reason !== null) return listener.closed(this.reason);
    this.listener = listener;
    this.link?.root.claimControls(listener);
  }

  /** What is posted can leave. */
  resume(): void {
    this.isReady = true;
    this.listener?.resumed?.();
  }

  /** The thread at the other end is gone, and another will take its place. */
  interrupt(reason: Error, certain: boolean): void {
    const { isReady, listener } = this;
    this.isReady = false;
    if (isReady && listener?.interrupted) listener.interrupted(reason, certain);
  }

  /** Nothing more comes or goes. Idempotent. */
  close(reason: Error): void {
    const { listener } = this;
    this.isReady = false;
    this.link = null;
    this.reason ??= reason;
    this.listener = null;
    listener?.closed(this.reason);
  }
}

/**
 * Puts `target` and `control` on top of the root of `link`, which joins `roots` until it is closed, after its last message;
 * `onClosed` hears of that.
 */
export function openRootPort(
  link: Link,
  target: EventTarget,
  control: RootControl,
  roots: Set<PortMessageQueue>,
  onClosed: () => void,
): void {
  const { root } = link;
  roots.add(root);
  control.link = link;
  root.setOwner({
    // Asked for each control message that arrives.
    get control() {
      control.uses++;
      return control.listener;
    },
    deliver(parcel) {
      control.uses++;
      deliverTo(target, parcel);
    },
    closed() {
      roots.delete(root);
      onClosed();
    },
  });
  if (control.listener !== null) root.claimControls(control.listener);
  const enableIfHeard = (): void => {
    if (hasListeners(target, 'message')) roots.forEach((each) => each.enable());
  };
  watchListeners(target, enableIfHeard);
  enableIfHeard();
}

/** `postMessage` of the implicit port, of whatever arguments. @throws as `MessagePort.postMessage` does */
export function postToRoot(link: Link | null, args: readonly unknown[]): void {
  required(args.length, 1);
  postThrough(link === null ? null : link.root, args[0], readTransferList(args[1]));
}
