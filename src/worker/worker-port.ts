/**
 * The implicit port of a `Worker`, over all its threads.
 *
 * What must always hold:
 * - What is posted while no thread is there waits here, encoded, and leaves in order ahead of what is posted later.
 * - What arrived from a thread is heard before what the next one sends; that the thread died loses none of it.
 * - The end is told once, after the last message that somebody listens for.
 */
import { SealedMessage } from '../channel/control.js';
import type { Link } from '../channel/link.js';
import { GivenMessage } from '../channel/message.js';
import { portTraits, postThrough } from '../channel/message-port.js';
import type { PortMessageQueue } from '../channel/port-message-queue.js';
import { readTransferList } from '../channel/transfer-list.js';
import type { EventTarget } from '../core/event-target.js';
import { hasListeners } from '../core/event-target.js';
import { required } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { RootControl, openRootPort } from './root-port.js';

/** What leaves for whichever thread there is, and arrives from it. */
export class WorkerPort {
  readonly control = new RootControl();
  /** The queues of this thread, the oldest first; more than one while nobody has heard what a dead thread sent. */
  private readonly roots = new Set<PortMessageQueue>();
  private readonly waiting: SealedMessage[] = [];
  private state: 'open' | 'ending' | 'ended' = 'open';

  constructor(
    private readonly target: EventTarget,
    /** Called after the last message. */
    private readonly onEnded: () => void,
  ) {}

  /** `postMessage` of whatever arguments. @throws as `MessagePort.postMessage` does */
  post(args: readonly unknown[]): void {
    required(args.length, 1);
    const transfer = readTransferList(args[1]);
    this.control.uses++;
    const { link, isReady } = this.control;
    if (isReady || this.state !== 'open')
      return postThrough(link === null ? null : link.root, args[0], transfer);
    const { text, buffers, sides = [] } = new GivenMessage(args[0], transfer, portTraits).encode();
    // Invariant: the sides of a message that is only just encoded are queues.
    this.waiting.push(new SealedMessage(text, buffers, sides as readonly PortMessageQueue[]));
    this.control.wake();
  }

  /** `link` is behind the port from now on; it is not open yet. */
  connect(link: Link): void {
    openRootPort(link, this.target, this.control, this.roots, () => this.settle());
  }

  /** The thread is there: what waited leaves. */
  resume(): void {
    for (const message of this.waiting.splice(0)) this.control.post(message);
    this.control.resume();
  }

  /** The thread is gone. */
  disconnect(): void {
    const { link, listener } = this.control;
    this.control.link = null;
    // What its library said to nobody is of no use any more, and must not keep the queue.
    if (link !== null && listener === null) link.root.claimControls({ take: (message) => message.dispose() });
  }

  /** Whether something would be lost if the thread were stopped now. */
  get isBusy(): boolean {
    const { link, listener, bufferedAmount } = this.control;
    const isCalled = listener !== null && listener.isBusy !== undefined && listener.isBusy();
    return isCalled || bufferedAmount > 0 || (link !== null && link.size > 1);
  }

  /** Nothing will come or go any more. */
  end(reason: Error): void {
    this.state = 'ending';
    for (const message of this.waiting.splice(0)) message.dispose();
    this.control.close(reason);
    currentRuntime().pump.post(1, () => this.settle());
  }

  /** Drops what arrived and was not heard. */
  drop(): void {
    this.roots.forEach((root) => root.close());
    this.roots.clear();
  }

  /** Tells the end when nothing is left to be heard. */
  settle(): void {
    if (this.state !== 'ending') return;
    if (!hasListeners(this.target, 'message')) this.drop();
    if (this.roots.size > 0) return;
    this.state = 'ended';
    this.onEnded();
  }
}
