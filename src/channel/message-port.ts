/**
 * `MessagePort` and `MessageChannel`.
 *
 * What must always hold: a port has a queue from its making until it is closed or transferred; from then on the object
 * is dead: it posts nowhere, hears nothing, and cannot be transferred (the standard's [[Detached]]).
 *
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels
 */
import type { StructuredSerializeOptions } from '../codec/clone.js';
import { transferSteps } from '../codec/transfer.js';
import type { EventHandler } from '../core/event-target.js';
import {
  EventTarget,
  fireEvent,
  getEventHandler,
  hasListeners,
  isHeard,
  setEventHandler,
  watchListeners,
} from '../core/event-target.js';
import { Event } from '../core/event.js';
import { LanesError } from '../core/errors.js';
import type { Slot } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import {
  defineInterface,
  illegalConstructor,
  illegalInvocation,
  isObject,
  required,
} from '../core/webidl.js';
import { controlSteps } from './control-form.js';
import type { ControlListener, ControlPort, HasControl } from './control-form.js';
import type { Parcel } from './entangled.js';
import { entangle } from './entangled.js';
import { intakeSteps } from './intake-form.js';
import type { HasIntake, Intake, IntakeReader } from './intake-form.js';
import { GivenMessage } from './message.js';
import type { PortTraits } from './message.js';
import type { MessageHandler } from './message-target.js';
import { deliverTo } from './message-target.js';
import { adoptNative } from './native-port.js';
import type { QueueOwner } from './port-message-queue.js';
import { PortMessageQueue } from './port-message-queue.js';
import type { TransferList } from './transfer-list.js';
import { readTransferList, refusal } from './transfer-list.js';

/** What lies inside a port. */
class PortSlot implements Slot, QueueOwner {
  control: ControlListener | null = null;
  reader: IntakeReader | null = null;
  queue: PortMessageQueue | null = null;
  lowThreshold = 0;

  constructor(readonly owner: MessagePort) {}

  get isHeard(): boolean {
    return this.control !== null || this.reader !== null || isHeard(this.owner);
  }

  deliver(parcel: Parcel): void {
    deliverTo(this.owner, parcel);
  }

  closed(reason: Error | undefined): void {
    this.queue = null;
    endInside(this, reason ?? new LanesError('ERR_PORT_CLOSED', 'the port was closed at the other end'));
    fireEvent(this.owner, new Event('close'));
  }

  drained(before: number): void {
    const { owner, lowThreshold } = this;
    if (before > lowThreshold && bufferedBy(this) <= lowThreshold) {
      currentRuntime().pump.post(1, () => fireEvent(owner, new Event('bufferedamountlow')));
    }
  }
}

const slot = Symbol('MessagePort');
const key = {};

function slotOf(port: unknown): PortSlot {
  const state = (port as { [slot]?: PortSlot })[slot];
  return state !== undefined && state.owner === port ? state : illegalInvocation();
}

/**
 * One end of a channel. Messages wait until `start()` is called or `onmessage` is set; each is delivered as a task of
 * its own, in the order of posting, never inside `postMessage`. A port can be sent to another thread: list it in the
 * second argument of `postMessage`, and it continues there with all that waited in it.
 *
 * @example
 * ```js
 * const { port1, port2 } = new MessageChannel();
 * port2.onmessage = (event) => console.log(event.data.n); // 1
 * port1.postMessage({ n: 1 });
 * ```
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports
 */
export class MessagePort extends EventTarget implements HasControl, HasIntake {
  /** @internal Ports are made by `MessageChannel`, or arrive with a message. */
  constructor(secret?: unknown) {
    if (secret !== key) illegalConstructor();
    super();
    const state = new PortSlot(this);
    watchListeners(this, () => {
      if (state.queue !== null) state.queue.peerChanged();
    });
    (this as { [slot]?: PortSlot })[slot] = state;
  }

  /**
   * Sends `message` to the other end. It is copied now: what you change later does not change it.
   *
   * @param message - anything that can be cloned; see `structuredClone`
   * @param transfer - `ArrayBuffer`s and ports to move instead, or `{ transfer }`; they are detached here. A port of the
   *   platform's is used up: leave it alone afterwards. The receiver gets one of ours, entangled with it.
   * @throws DOMException `DataCloneError` when `message` has a part that cannot be cloned (the error says where), or the
   * list names this port, a dead port, something twice, or what cannot be moved. Nothing is sent or detached then.
   * @throws TypeError when the list is not a list of objects
   */
  postMessage(message: unknown, transfer?: Iterable<object> | StructuredSerializeOptions | null): void {
    const { queue } = slotOf(this);
    required(arguments.length, 1);
    const list = readTransferList(transfer);
    if (list.ports.indexOf(this) >= 0) throw refusal('a port cannot be transferred through itself');
    postThrough(queue, message, list);
  }

  /**
   * How much of what was posted here waits because the other thread has not taken what is under way: characters of text
   * and bytes of buffers. A port has at most 4 MiB under way, and one message more; what is posted beyond that is kept
   * here, in order, until the listener at the other end has got what came before. Nothing is refused or lost, so whoever
   * produces without end should stop while this is above 0 and go on at `bufferedamountlow`. Always 0 where both ends
   * are in one thread.
   *
   * @example
   * ```js
   * if (port.bufferedAmount > 0) await new Promise((resolve) => port.addEventListener('bufferedamountlow', resolve, { once: true }));
   * port.postMessage(next);
   * ```
   * @see https://www.w3.org/TR/webrtc/#dom-datachannel-bufferedamount the same member of `RTCDataChannel`
   */
  get bufferedAmount(): number {
    return bufferedBy(slotOf(this));
  }

  /** `bufferedamountlow` is fired when `bufferedAmount` falls to this or below. @defaultValue 0 */
  get bufferedAmountLowThreshold(): number {
    return slotOf(this).lowThreshold;
  }

  set bufferedAmountLowThreshold(value: number) {
    slotOf(this).lowThreshold = value >>> 0;
  }

  /**
   * Hands what was posted in this slice to the other thread now instead of at the end of the slice: for a message that
   * should be under way while this thread goes on computing.
   */
  flush(): void {
    slotOf(this).queue?.peer?.flush();
  }

  /**
   * Lets messages in. Setting `onmessage` does the same; a listener added otherwise needs it.
   * @throws LanesError `ERR_INVALID_ARGUMENT` where the messages are received as from a `Chan`, by `mp-lanes/go`
   */
  start(): void {
    enable(slotOf(this));
  }

  /**
   * Closes the channel at this end. The other end gets what was posted before, then its `close` event; what waits here
   * is dropped. Closing twice does nothing.
   */
  close(): void {
    const state = slotOf(this);
    const { queue } = state;
    state.queue = null;
    queue?.close();
    endInside(state, new LanesError('ERR_PORT_CLOSED', 'the port was closed at this end'));
  }

  /** @internal For calls. */
  get [controlSteps](): ControlPort {
    return controlPortOf(slotOf(this));
  }

  /** @internal For `mp-lanes/go`. */
  get [intakeSteps](): Intake {
    return intakeOf(slotOf(this));
  }

  /** @internal How `structuredClone` moves a port; `undefined` where the port is dead. */
  get [transferSteps](): (() => object) | undefined {
    return slotOf(this).queue === null ? undefined : () => move(this);
  }

  /** Hears messages. Setting it starts the port. */
  get onmessage(): MessageHandler<this> {
    slotOf(this);
    return getEventHandler(this, 'message');
  }

  set onmessage(value: MessageHandler<this>) {
    const state = slotOf(this);
    if (isObject(value)) state.reader?.contested();
    setEventHandler(this, 'message', value);
    state.queue?.enable();
  }

  /** Hears of messages that arrived but could not be read. */
  get onmessageerror(): MessageHandler<this> {
    slotOf(this);
    return getEventHandler(this, 'messageerror');
  }

  set onmessageerror(value: MessageHandler<this>) {
    slotOf(this);
    setEventHandler(this, 'messageerror', value);
  }

  /** Hears, once, that the other end is closed or its thread gone. Not told at the end that called `close()`. */
  get onclose(): EventHandler<this> {
    slotOf(this);
    return getEventHandler(this, 'close');
  }

  set onclose(value: EventHandler<this>) {
    slotOf(this);
    setEventHandler(this, 'close', value);
  }

  /** Hears that `bufferedAmount` has fallen to `bufferedAmountLowThreshold`. */
  get onbufferedamountlow(): EventHandler<this> {
    slotOf(this);
    return getEventHandler(this, 'bufferedamountlow');
  }

  set onbufferedamountlow(value: EventHandler<this>) {
    slotOf(this);
    setEventHandler(this, 'bufferedamountlow', value);
  }
}

defineInterface(MessagePort, 'MessagePort');

function controlPortOf(state: PortSlot): ControlPort {
  return {
    isReady: true,
    get bufferedAmount() {
      return bufferedBy(state);
    },
    post(message) {
      const peer = state.queue === null ? null : state.queue.peer;
      const { sides } = message.encode();
      if (peer !== null && (sides === undefined || sides.indexOf(peer as PortMessageQueue) < 0))
        peer.post(message);
      // It cannot arrive: the other sides of its ports are told.
      else message.clone().dispose();
    },
    flush: () => state.queue?.peer?.flush(),
    listen(listener) {
      const { queue } = state;
      if (queue === null)
        return listener.closed(new LanesError('ERR_PORT_CLOSED', 'the port is closed, or was transferred'));
      state.control = listener;
      queue.peerChanged();
      queue.claimControls(listener);
      queue.enable();
    },
  };
}

function enable({ reader, queue }: PortSlot): void {
  reader?.contested();
  queue?.enable();
}

function intakeOf(state: PortSlot): Intake {
  return {
    get canTake() {
      return state.queue !== null && state.queue.length > 0;
    },
    take() {
      const parcel = state.queue?.shift() as Parcel; // Invariant: one waits.
      try {
        return parcel.open().data;
      } catch (error) {
        parcel.dispose();
        throw error;
      }
    },
    listen(reader) {
      const { queue, owner } = state;
      if (queue === null) return reader.closed();
      if (state.reader !== null || hasListeners(owner, 'message')) reader.contested();
      state.reader = reader;
      queue.peerChanged();
      queue.hold();
    },
  };
}

/** Tells those inside the library who use the port that it is at its end, here. */
function endInside(state: PortSlot, reason: Error): void {
  const { control, reader } = state;
  state.control = state.reader = null;
  control?.closed(reason);
  reader?.closed();
}

function bufferedBy({ queue }: PortSlot): number {
  return queue?.peer?.bufferedAmount ?? 0;
}

/** Posts from `queue` to whatever it is entangled with; where that is nothing, the message is lost as it should be. */
export function postThrough(queue: PortMessageQueue | null, message: unknown, transfer: TransferList): void {
  const outgoing = new GivenMessage(message, transfer, portTraits);
  const peer = queue === null ? null : queue.peer;
  if (peer === null || isDoomed(peer, transfer)) outgoing.clone().dispose();
  else peer.post(outgoing);
}

/** Whether the port that would get the message is among what it moves: the message cannot arrive. */
function isDoomed(target: unknown, { ports }: TransferList): boolean {
  return ports.length > 0 && ports.some((port) => isOurs(port) && slotOf(port).queue === target);
}

/** Not the platform's, nor of another copy of this library. */
function isOurs(port: object): boolean {
  return slot in port;
}

function attach(port: object, queue: PortMessageQueue): void {
  const state = slotOf(port);
  state.queue = queue;
  queue.setOwner(state);
}

function detach(port: object): PortMessageQueue {
  if (!isOurs(port)) return adoptNative(port, portTraits);
  const state = slotOf(port);
  const { queue, control } = state;
  // Invariant: asked of live ports only, see `requireAttached`.
  if (queue === null) throw new Error('mp-lanes: a dead port was moved');
  state.queue = null;
  queue.pause();
  queue.setOwner(null);
  // Nothing comes to this place any more, so what is answered at once is for the next.
  if (control !== null && control.farewell !== undefined) queue.peer?.post(control.farewell());
  endInside(state, new LanesError('ERR_PORT_CLOSED', 'the port was transferred'));
  return queue;
}

function move(port: MessagePort): MessagePort {
  const successor = new MessagePort(key);
  attach(successor, detach(port));
  return successor;
}

/** What messages need to know of ports. */
export const portTraits: PortTraits = {
  createDetached: () => new MessagePort(key),
  attach,
  detach,
};

interface ChannelSlot extends Slot {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}

const channelSlot = Symbol('MessageChannel');

function channelOf(channel: unknown): ChannelSlot {
  const state = (channel as { [channelSlot]?: ChannelSlot })[channelSlot];
  return state !== undefined && state.owner === channel ? state : illegalInvocation();
}

/**
 * Two ports that are entangled with each other. Keep one and send the other away.
 *
 * @example
 * ```js
 * const channel = new MessageChannel();
 * worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
 * channel.port2.onmessage = (event) => console.log(event.data);
 * ```
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels
 */
export class MessageChannel {
  constructor() {
    const port1 = new MessagePort(key);
    const port2 = new MessagePort(key);
    const [queue1, queue2] = [new PortMessageQueue(), new PortMessageQueue()];
    entangle(queue1, queue2);
    attach(port1, queue1);
    attach(port2, queue2);
    const state: ChannelSlot = { owner: this, port1, port2 };
    (this as { [channelSlot]?: ChannelSlot })[channelSlot] = state;
  }

  get port1(): MessagePort {
    return channelOf(this).port1;
  }

  get port2(): MessagePort {
    return channelOf(this).port2;
  }
}

defineInterface(MessageChannel, 'MessageChannel');
