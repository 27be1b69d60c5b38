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
import { readTransferList } from '../channel/transfer-list.js';
import { required } from '../core/webidl.js';

/** The control messages of an implicit port, of whichever link is behind it now. */
export class RootControl implements ControlPort {
  isReady = false;
  listener: ControlListener | null = null;
  private link: Link | null = null;
  private reason: Error | null = null;

  get bufferedAmount(): number {
    return this.link?.root.peer?.bufferedAmount ?? 0;
  }

  post(message: Outgoing): void {
    this.link?.root.peer?.post(message);
  }

  flush(): void {
    this.link?.flush();
  }

  listen(listener: ControlListener): void {
    if (this.reason !== null) return listener.closed(this.reason);
    this.listener = listener;
    this.link?.root.claimControls(listener);
  }

  /** `link` is behind the port from now on. */
  connect(link: Link): void {
    this.link = link;
  }

  /** What is posted can leave. */
  resume(): void {
    this.isReady = true;
    this.listener?.resumed?.();
  }

  /** The thread at the other end is gone, and another will take its place. */
  interrupt(reason: Error, certain: boolean): void {
    this.isReady = false;
    this.link = null;
    this.listener?.interrupted?.(reason, certain);
  }

  /** Nothing more comes or goes. Idempotent. */
  close(reason: Error): void {
    const { listener } = this;
    this.isReady = false;
    this.reason ??= reason;
    this.listener = null;
    listener?.closed(this.reason);
  }
}

/**
 * Puts `target` and `control` on top of the root of `link`. `onClosed` hears, after the last message, that nothing more
 * comes.
 */
export function openRootPort(
  link: Link,
  target: EventTarget,
  control: RootControl,
  onClosed: () => void,
): void {
  control.connect(link);
  link.root.setOwner({
    get control() {
      return control.listener;
    },
    deliver: (parcel) => deliverTo(target, parcel),
    closed: onClosed,
  });
  if (control.listener !== null) link.root.claimControls(control.listener);
  const enableIfHeard = (): void => {
    if (hasListeners(target, 'message')) link.root.enable();
  };
  watchListeners(target, enableIfHeard);
  enableIfHeard();
}

/** `postMessage` of the implicit port, of whatever arguments. @throws as `MessagePort.postMessage` does */
export function postToRoot(link: Link | null, args: readonly unknown[]): void {
  required(args.length, 1);
  postThrough(link === null ? null : link.root, args[0], readTransferList(args[1]));
}
