/**
 * The implicit port of a `Worker`, over all its threads.
 *
 * What must always hold:
 * - What is posted while no thread is there waits here, encoded, and leaves in order ahead of what is posted later.
 * - What arrived from a thread is heard before what the next one sends; that the thread died loses none of it.
 * - The end is told once, after the last message that somebody listens for.
 */
import type { EncodedMessage, Outgoing } from '../channel/entangled.js';
import { drop } from '../channel/leg.js';
import type { Link } from '../channel/link.js';
import { GivenMessage } from '../channel/message.js';
import { portTraits, postThrough } from '../channel/message-port.js';
import type { PortMessageQueue } from '../channel/port-message-queue.js';
import { readTransferList } from '../channel/transfer-list.js';
import type { EventTarget } from '../core/event-target.js';
import { hasListeners } from '../core/event-target.js';
import { Ring } from '../core/ring.js';
import { required } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { RootControl, openRootPort } from './root-port.js';

/** A message that is encoded already, and waits. */
class KeptMessage implements Outgoing {
  constructor(private readonly message: EncodedMessage) {}

  clone(): never {
    throw new Error('mp-lanes: what waits for a thread is not for this one');
  }

  encode(): EncodedMessage {
    return this.message;
  }

  dispose(): void {
    drop(this.message);
  }
}

/** What leaves for whichever thread there is, and arrives from it. */
export class WorkerPort {
  readonly control = new RootControl();
  /** The queues of this thread, the oldest first; more than one while nobody has heard what a dead thread sent. */
  private readonly roots = new Set<PortMessageQueue>();
  private readonly waiting = new Ring<KeptMessage>();
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
    const { control } = this;
    const { link } = control;
    if (control.isReady || this.state !== 'open')
      return postThrough(link === null ? null : link.root, args[0], transfer);
    const message = new KeptMessage(new GivenMessage(args[0], transfer, portTraits).encode());
    // Whoever hears that a thread starts may post ahead of this, or end it all.
    control.wake();
    if (this.state !== 'open') message.dispose();
    else if (control.isReady) control.post(message);
    else this.waiting.push(message);
  }

  /** `link` is behind the port from now on; it is not open yet. */
  connect(link: Link): void {
    openRootPort(link, this.target, this.control, this.roots, () => this.settle());
  }

  /** The thread is there: what waited leaves. */
  resume(): void {
    const { control, waiting } = this;
    const { link } = control;
    // The thread may die of what it is sent; what is left then is for the next one.
    while (waiting.length > 0 && control.link === link) control.post(waiting.shift() as KeptMessage);
    if (control.link === link) control.resume();
  }

  /** The thread is gone. */
  disconnect(): void {
    this.control.link = null;
  }

  /** Whether calls are under way, or objects held for the other end. */
  get isCalled(): boolean {
    const { listener } = this.control;
    return listener !== null && listener.isBusy !== undefined && listener.isBusy();
  }

  /** Whether something would be lost if the thread were stopped now. */
  get isBusy(): boolean {
    const { link, bufferedAmount } = this.control;
    return this.isCalled || bufferedAmount > 0 || (link !== null && link.size > 1);
  }

  /** Nothing will come or go any more. */
  end(reason: Error): void {
    this.state = 'ending';
    this.waiting.drain((message) => message.dispose());
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
