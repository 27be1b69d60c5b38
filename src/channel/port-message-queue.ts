/**
 * The queue behind a `MessagePort`, a `Worker` or `self`.
 *
 * What must always hold:
 * - The queue is in the order of posting. While it is enabled, the pump holds one task of the current generation for
 *   each parcel in it; while it is not, none. So the parcel whose task runs is always the head.
 * - After the other side closed, nothing is added; the owner is told `closed` once, after the last parcel.
 * - While its owner has a reader, it is not enabled, and control messages that nobody listens for lie apart.
 * - Moving it loses nothing that was posted, and its order is kept.
 * - An owner that nobody listens to, with its other side in another thread, is not kept alive (`host/collection.ts`).
 *
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#port-message-queue
 */
import { QueuedTask } from '../core/task.js';
import { Ring } from '../core/ring.js';
import { currentRuntime } from '../host/runtime.js';
import { forgetReference, refer, tellsCollection } from '../host/collection.js';
import type { WeakReference } from '../host/collection.js';
import type { ControlListener, ControlParcel } from './control-form.js';
import type { Entangled, Movable, Outgoing, Parcel } from './entangled.js';
import { disentangle, entangle } from './entangled.js';
import type { IntakeReader } from './intake-form.js';

/** The user's object on top of a queue. */
export interface QueueOwner {
  /** Whether anybody would notice if the owner were collected; taken for true when absent. */
  readonly isHeard?: boolean;
  /** Who hears control messages; `null` while nobody does, absent where they are delivered as any other. */
  readonly control?: ControlListener | null;
  /** Who asks for messages, so that none is delivered; `null` or absent while nobody does. */
  readonly reader?: IntakeReader | null;
  deliver(parcel: Parcel): void;
  /** Nothing more comes; `reason` where it is known. */
  closed(reason: Error | undefined): void;
  /** What was posted and waits for credit has become less; it was `before` bytes. */
  drained?(before: number): void;
}

// Messages are "user-visible": a port must not starve taps, and background work must not starve a port.
const messageRank = 1;

/** The task that delivers one parcel; of no effect once the queue was paused after it was made. */
class Delivery extends QueuedTask {
  /** See `QueuedTask`. */
  static readonly kept: Delivery = new Delivery(null as never, 0);

  constructor(
    private readonly queue: PortMessageQueue,
    private readonly generation: number,
  ) {
    super();
  }

  execute(): void {
    this.queue.deliverHead(this.generation);
  }

  discard(): void {
    // Holds nothing of its own.
  }
}

/** Parcels on their way to one owner. */
export class PortMessageQueue implements Entangled, Movable {
  peer: Entangled | null = null;
  readonly isFar = false;
  // What waits in a queue of this thread takes no memory of another's.
  readonly bufferedAmount = 0;
  private owner: QueueOwner | null = null;
  /** In place of `owner` while that may be collected. */
  private reference: WeakReference<QueueOwner> | null = null;
  private readonly parcels = new Ring<Parcel>();
  private enabled = false;
  private generation = 0;
  private state: 'open' | 'peer-closed' | 'close-queued' | 'closed' = 'open';
  private closeReason: Error | undefined;
  /** Control messages that nobody has listened for, ahead of all in `parcels`. */
  private unclaimed: Parcel[] | null = null;

  /** Names the object that gets the messages, or `null` while the queue travels. */
  setOwner(owner: QueueOwner | null): void {
    if (this.reference !== null) forgetReference(this);
    this.reference = null;
    this.owner = owner;
    this.peerChanged();
    if (owner !== null && this.state === 'peer-closed') this.queueClose();
  }

  /** Lets go of the owner, or holds it again, as its listeners and the place of the other side ask. */
  peerChanged(): void {
    const owner = this.currentOwner();
    if (!tellsCollection || owner === null) return;
    const mayGo = this.peer !== null && this.peer.isFar && owner.isHeard === false;
    if (mayGo) this.reference ??= refer(owner, this);
    this.owner = mayGo ? null : owner;
  }

  /** Lets messages flow (the standard's "enabled"); those that waited are queued as tasks, in order. */
  enable(): void {
    if (this.enabled || this.state === 'closed' || this.currentOwner()?.reader != null) return;
    this.enabled = true;
    for (let left = this.parcels.length; left > 0; left--) this.schedule();
  }

  /** The owner has a reader from now on: messages wait until they are asked for. */
  hold(): void {
    this.stopDelivery();
    const control: Parcel[] = (this.unclaimed ??= []);
    this.parcels.retain((parcel) => parcel.isControl !== true || control.push(parcel) === 0);
    if (this.state !== 'open') this.currentOwner()?.reader?.closed();
    if (this.state === 'peer-closed') this.queueClose();
  }

  /** How many messages wait. */
  get length(): number {
    return this.parcels.length;
  }

  /** Takes the oldest message out. */
  shift(): Parcel | undefined {
    const parcel = this.parcels.shift();
    if (this.state === 'peer-closed') this.queueClose();
    return parcel;
  }

  post(outgoing: Outgoing): void {
    this.forward(outgoing.clone());
  }

  forward(parcel: Parcel): void {
    if (this.state !== 'open') {
      parcel.dispose();
      return;
    }
    if (parcel.isControl === true && this.takeControl(parcel)) return;
    this.parcels.push(parcel);
    if (this.enabled) this.schedule();
    else this.currentOwner()?.reader?.arrived();
  }

  /** False where the control message has to wait in line. */
  private takeControl(parcel: Parcel): boolean {
    const owner = this.currentOwner();
    if (owner?.control != null) owner.control.take(parcel as ControlParcel);
    else if (owner?.reader != null) (this.unclaimed ??= []).push(parcel);
    else return false;
    return true;
  }

  /** Hands over the control messages that waited for somebody who listens. */
  claimControls(listener: ControlListener): void {
    const claimed = this.takeUnclaimed();
    // What is left of their tasks finds nothing to do, or delivers what came later a little early.
    this.parcels.retain((parcel) => parcel.isControl !== true || claimed.push(parcel) === 0);
    for (const parcel of claimed) listener.take(parcel as ControlParcel);
    if (this.state === 'peer-closed') this.queueClose();
  }

  private takeUnclaimed(): Parcel[] {
    const { unclaimed } = this;
    this.unclaimed = null;
    return unclaimed ?? [];
  }

  peerDrained(before: number): void {
    const owner = this.currentOwner();
    owner?.control?.drained?.();
    owner?.reader?.drained();
    owner?.drained?.(before);
  }

  flush(): void {
    // Messages of this thread wait for nothing but their turn.
  }

  peerClosed(reason?: Error): void {
    if (this.state !== 'open') return;
    this.state = 'peer-closed';
    this.closeReason = reason;
    this.currentOwner()?.reader?.closed();
    this.queueClose();
  }

  /** Closes this side. What waited here is dropped, as the standard has it; the other side is told. */
  close(): void {
    if (this.state === 'closed') return;
    this.end();
    for (const parcel of this.takeUnclaimed()) parcel.dispose();
    this.parcels.drain((parcel) => parcel.dispose());
    disentangle(this)?.peerClosed();
  }

  /** Puts `side` into the place of this queue, which is of no use afterwards: what waited goes ahead of the rest. */
  replaceBy(side: Entangled): void {
    this.end();
    for (const parcel of this.takeUnclaimed()) side.forward(parcel);
    // The other side may lie in what waited here, and so be replaced meanwhile: it is asked for afterwards.
    this.parcels.drain((parcel) => side.forward(parcel));
    const peer = disentangle(this);
    if (peer === null) side.peerClosed();
    else entangle(side, peer);
  }

  /** Stops delivery while the queue moves to another port of this thread; what waits in it stays. */
  pause(): void {
    this.stopDelivery();
    if (this.state === 'close-queued') this.state = 'peer-closed';
  }

  /** Delivers the first parcel, unless the queue was paused since this was asked for. */
  deliverHead(generation: number): void {
    if (generation !== this.generation) return;
    const parcel = this.shift();
    if (parcel === undefined) return;
    const owner = this.currentOwner();
    if (owner === null) parcel.dispose();
    else if (parcel.isControl !== true || owner.control === undefined) owner.deliver(parcel);
    else if (owner.control !== null) owner.control.take(parcel as ControlParcel);
    else (this.unclaimed ??= []).push(parcel);
  }

  private currentOwner(): QueueOwner | null {
    return this.owner ?? this.reference?.deref() ?? null;
  }

  private stopDelivery(): void {
    this.enabled = false;
    this.generation++;
  }

  private end(): void {
    this.pause();
    this.state = 'closed';
    this.setOwner(null);
  }

  private schedule(): void {
    const { pump } = currentRuntime();
    const delivery = new Delivery(this, this.generation);
    if (!pump.runAtOnce(messageRank, delivery)) pump.enqueue(messageRank, delivery);
  }

  /** The close event follows the last message; with none in the way it needs no `start()`. */
  private queueClose(): void {
    if (this.parcels.length > 0 || this.currentOwner() === null) return;
    this.state = 'close-queued';
    currentRuntime().pump.post(messageRank, () => {
      const owner = this.currentOwner();
      if (this.state !== 'close-queued') return;
      this.close();
      if (owner !== null) owner.closed(this.closeReason);
    });
  }
}
