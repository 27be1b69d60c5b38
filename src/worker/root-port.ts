/**
 * The implicit port of `Worker` and of `self`: the root of a link, with an event target on top.
 *
 * Unlike the standard's, which is open from the start and loses what arrives before anybody listens, it opens with the
 * first `message` listener: code that sets itself up asynchronously loses nothing.
 */
import type { EventTarget } from '../core/event-target.js';
import { hasListeners, watchListeners } from '../core/event-target.js';
import type { Link } from '../channel/link.js';
import { postThrough } from '../channel/message-port.js';
import { deliverTo } from '../channel/message-target.js';
import { readTransferList } from '../channel/transfer-list.js';
import { required } from '../core/webidl.js';

/** Puts `target` on top of the root of `link`. `onClosed` hears, after the last message, that nothing more comes. */
export function openRootPort(link: Link, target: EventTarget, onClosed: () => void): void {
  link.root.setOwner({
    deliver: (parcel) => deliverTo(target, parcel),
    closed: onClosed,
  });
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
