/**
 * A link: any number of ports over one pipe.
 *
 * What must always hold:
 * - A port id is in `legs` from the moment it is minted or received until one of its ends is closed, and no longer.
 * - A frame for an id that is not there is dropped and counted: it names a port that is closed, or that never was.
 * - A frame that is malformed is dropped and counted, and told: to the port that it names (`messageerror`), or else as
 *   a `fault`. The frames beside it are not harmed.
 * - After the end nothing is sent, and each leg has told its side that it is closed.
 */
import { EventEmitter } from 'eventemitter3';
import { LanesError } from '../core/errors.js';
import type { Pipe } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { PortMessageQueue } from './port-message-queue.js';
import { itemLength, payloadText, readControlPayload } from './control-form.js';
import { ControlMessage } from './control-message.js';
import type { EncodedMessage, Parcel } from './entangled.js';
import { entangle } from './entangled.js';
import { Leg, drop } from './leg.js';
import type { LegLink } from './leg.js';
import { EnvelopeBuffers } from './envelope-buffers.js';
import { BrokenMessage, WireMessage } from './message.js';
import type { PortTraits } from './message.js';
import { Outbox } from './outbox.js';
import type { Envelope, FullMessageFrame, HelloFrame } from './protocol.js';
import {
  createPortId,
  isFrame,
  libraryVersion,
  portNamedIn,
  protocolVersion,
  readEnvelope,
  rootPortId,
} from './protocol.js';

/** What a link tells. */
export interface LinkEvents {
  /** The other end is there and speaks our protocol. */
  ready: () => void;
  /** The other end speaks another protocol; the link is at its end. */
  incompatible: (error: LanesError) => void;
  /** A message of the pipe that we did not understand was dropped. */
  fault: (error: LanesError) => void;
  /** The other end is gone: of its own accord (`error` absent) or not. Told once. */
  end: (error?: unknown) => void;
}

/** Plain counters, for tests and metrics. */
export interface LinkCounters {
  /** Frames dropped because no port has their id (any more). */
  dropped: number;
  /** Malformed envelopes and frames. */
  faults: number;
  /** Messages of the pipe that were not ours at all. */
  foreign: number;
}

const none: readonly never[] = [];

/** Our end of a pipe, shared by ports. */
export class Link implements LegLink {
  readonly events = new EventEmitter<LinkEvents>();
  readonly counters: LinkCounters = { dropped: 0, faults: 0, foreign: 0 };
  /** The side behind the implicit port of both ends. */
  readonly root: PortMessageQueue;
  private readonly legs = new Map<string, Leg>();
  private readonly outbox: Outbox;
  private state: 'opening' | 'ready' | 'ended' = 'opening';

  /** When a message of the other end last came, in milliseconds of the runtime's clock. */
  lastHeardMs = currentRuntime().now();
  /** How long the last ping took to come back; `null` before the first. */
  roundTripMs: number | null = null;
  /** When the ping that is under way was sent. */
  private pingedMs: number | null = null;
  /** Whether the other end said that it ends the link, rather than being gone. */
  saidBye = false;
  /** Whether a ping of the envelope that is being read was answered. */
  private answered = false;

  /** Why ports are closed by the end of the link, for whoever calls through them. */
  reasonOf: ((error: unknown) => Error) | null = null;

  constructor(
    private readonly pipe: Pipe,
    private readonly traits: PortTraits,
    /** Whether the other end may still have to be started; its own end of the pipe knows that we are there. */
    waits = true,
  ) {
    this.outbox = new Outbox(pipe, waits, (error) => this.end(error));
    this.root = this.adopt(rootPortId);
  }

  /** Listens and says hello. */
  open(): void {
    let inside = true;
    this.pipe.listen({
      message: (message) => {
        // The host's turn that brought the message is used for it; not so what comes inside this very call.
        if (inside) this.receive(message);
        else currentRuntime().pump.runSlice(() => this.receive(message));
      },
      end: (error) => this.end(error),
    });
    inside = false;
    if (this.state === 'opening') this.sayHello();
  }

  /** How many ports cross here at the moment, the implicit one included. */
  get size(): number {
    return this.legs.size;
  }

  /** Whether a ping is under way. */
  get isAsked(): boolean {
    return this.pingedMs !== null;
  }

  /** Sends now what was posted in this slice. */
  flush(): void {
    this.outbox.flush();
  }

  /** Asks the other end for a sign of life, unless it is asked already. */
  ping(): void {
    if (this.state !== 'ready' || this.pingedMs !== null) return;
    this.pingedMs = currentRuntime().now();
    this.sendNow('["ping"]');
  }

  /** Ends the link from our side: tells the other end, then closes the pipe. Ports are closed for `reason`. */
  close(reason?: Error): void {
    if (this.state === 'ended') return;
    this.sendNow('["bye"]');
    this.finish(reason);
    this.pipe.close();
  }

  sendMessage(id: string, message: EncodedMessage, asksConfirmation: boolean): void {
    if (this.state === 'ended') return drop(message);
    const { outbox } = this;
    const { buffers, sides = none, hops = 0, session, item } = message;
    const isPlain = !asksConfirmation && buffers.length === 0 && sides.length === 0;
    if (session !== undefined && item !== undefined && isPlain) return outbox.addControl(id, session, item);
    // Invariant: what has no item has a text.
    const text =
      session === undefined || item === undefined ? (message.text as string) : payloadText(session, item);
    if (isPlain) return outbox.addPlain(id, text);
    const ids = sides.map(() => createPortId());
    const names = ids.map((each) => `"${each}"`).join(',');
    const confirm = asksConfirmation ? 1 : 0;
    outbox.add(
      `["more","${id}",${text},${confirm},${outbox.bufferCount},${buffers.length},[${names}],${hops}]`,
      buffers,
    );
    // After the frame that names them, so that what waits in their queues follows it.
    sides.forEach((side, at) => {
      const leg = this.mint(ids[at] as string);
      side.replaceBy(leg);
      this.askToJoin(leg);
    });
  }

  sendClose(id: string): void {
    if (this.state !== 'ended') this.outbox.add(`["close","${id}"]`);
  }

  sendFence(id: string): void {
    if (this.state !== 'ended') this.outbox.add(`["fence","${id}"]`);
  }

  forget(id: string): void {
    this.legs.delete(id);
  }

  private sendNow(frame: string): void {
    this.outbox.add(frame);
    this.outbox.flush();
  }

  private sayHello(): void {
    this.outbox.sendAhead(`["hello",${protocolVersion},${JSON.stringify(libraryVersion)}]`);
  }

  private mint(id: string): Leg {
    const leg = new Leg(id, this);
    this.legs.set(id, leg);
    return leg;
  }

  /** Where a port goes back to the thread that its other side is in, its messages need not come here any more. */
  private askToJoin(leg: Leg): void {
    const { peer } = leg;
    if (!(peer instanceof Leg) || this.legs.get(peer.id) !== peer || !peer.isSteady()) return;
    leg.relayTo(peer);
    this.outbox.add(`["join","${peer.id}","${leg.id}"]`);
  }

  /** Joins two legs behind which are sides of this thread; else they stay a way round, which is as good but longer. */
  private join(first: string, second: string): void {
    const [a, b] = [this.legs.get(first), this.legs.get(second)];
    if (a !== undefined && b !== undefined && a !== b && this.isEnd(a) && this.isEnd(b)) a.joinWith(b);
  }

  private isEnd(leg: Leg): boolean {
    return leg.id !== rootPortId && leg.isSteady() && !(leg.peer instanceof Leg);
  }

  /** A queue for a port that arrives. */
  private adopt(id: string): PortMessageQueue {
    const queue = new PortMessageQueue();
    entangle(queue, this.mint(id));
    return queue;
  }

  private receive(message: unknown): void {
    if (this.state === 'ended') return;
    // A slice has begun with this message, or goes on: no need to ask again.
    this.lastHeardMs = Math.max(this.lastHeardMs, currentRuntime().pump.lastReadMs);
    this.answered = false;
    const envelope = readEnvelope(message);
    if (envelope === null) this.counters.foreign++;
    else if (envelope.mpLanes === protocolVersion) this.unpack(envelope);
    else this.refuse(envelope.mpLanes, versionIn(envelope));
  }

  private unpack(envelope: Envelope): void {
    let frames: unknown;
    try {
      frames = JSON.parse(envelope.text);
    } catch (error) {
      return this.fault('an envelope that cannot be read', envelope.text, error);
    }
    if (!Array.isArray(frames)) return this.fault('an envelope without frames', frames);
    const buffers = new EnvelopeBuffers(envelope.buffers);
    for (let at = 0; at < frames.length; at++) this.take(frames[at], buffers);
  }

  private take(frame: unknown, buffers: EnvelopeBuffers): void {
    // A frame may end the link; what follows it comes too late.
    if (this.state === 'ended') return;
    if (!isFrame(frame)) return this.fault('a malformed frame', frame);
    switch (frame[0]) {
      case 'msg':
        for (let at = 2; at < frame.length; at++)
          this.deliver(frame[1], new WireMessage(frame[at], none, none, this.traits, null));
        return;
      case 'ctl':
        for (let at = 3; at < frame.length; at += itemLength)
          this.deliver(frame[1], new ControlMessage(frame[2], frame, at, null));
        return;
      case 'more':
        return this.unwrap(frame, buffers);
      case 'hello':
        return this.meet(frame);
      case 'join':
        return this.join(frame[1], frame[2]);
      case 'ping':
        return this.answer();
      case 'pong':
        return this.measure();
      case 'bye':
        this.saidBye = true;
        return this.end();
      default:
        return this.tellLeg(frame[0], frame[1]);
    }
  }

  /** Once an envelope, so that a flood of pings is not answered by one of messages. */
  private answer(): void {
    if (!this.answered) this.sendNow('["pong"]');
    this.answered = true;
  }

  private measure(): void {
    if (this.pingedMs === null) return this.fault('a pong that was not asked for', null);
    this.roundTripMs = this.lastHeardMs - this.pingedMs;
    this.pingedMs = null;
  }

  private meet([, protocol, version]: HelloFrame): void {
    if (protocol !== protocolVersion) return this.refuse(protocol, version);
    if (this.state !== 'opening') return;
    this.state = 'ready';
    // Ours may have been sent before the other end listened.
    this.sayHello();
    this.outbox.release();
    this.events.emit('ready');
  }

  private refuse(protocol: number, version: string): void {
    const error = new LanesError(
      'ERR_PROTOCOL_VERSION',
      `the other thread speaks protocol ${protocol} (mp-lanes ${version}), this one ${protocolVersion} ` +
        `(mp-lanes ${libraryVersion}); build both files from one version of mp-lanes`,
      { value: protocol },
    );
    if (this.state === 'ended') return;
    this.finish(error);
    this.events.emit('incompatible', error);
  }

  private deliver(id: string, message: Parcel): void {
    const peer = this.legs.get(id)?.peer;
    if (peer) return peer.forward(message);
    this.counters.dropped++;
    message.dispose();
  }

  /** Delivers a message with more than its payload, if that is what it says. */
  private unwrap(frame: FullMessageFrame, buffers: EnvelopeBuffers): void {
    const [, id, payload, confirm, first, count, ids, hops] = frame;
    let own: readonly ArrayBuffer[];
    try {
      own = buffers.take(first, count);
    } catch (error) {
      return this.fault('a frame whose buffers are missing or cannot be read', frame, error);
    }
    if (ids.some((port) => this.legs.has(port)) || new Set(ids).size !== ids.length) {
      return this.fault('a frame that brings a port which is here already', frame);
    }
    const queues = ids.map((port) => this.adopt(port));
    const taken = confirm === 1 ? () => this.sendCredit(id) : null;
    const { traits } = this;
    const control = readControlPayload(payload);
    const message =
      control === null
        ? new WireMessage(payload, own, queues, traits, taken, hops)
        : new ControlMessage(control[0], control, 1, { buffers: own, queues, traits, taken, hops });
    this.deliver(id, message);
  }

  private sendCredit(id: string): void {
    if (this.legs.has(id)) this.outbox.add(`["credit","${id}"]`);
  }

  private tellLeg(what: 'credit' | 'fence' | 'close', id: string): void {
    const leg = this.legs.get(id);
    if (leg === undefined) this.counters.dropped++;
    else if (what === 'close') leg.farEndClosed();
    else if (!(what === 'credit' ? leg.confirmed() : leg.fenceArrived()))
      this.fault(`a ${what} that was not asked for`, id);
  }

  /** Tells of what cannot be used: the port that it names, if there is one, else whoever looks after the link. */
  private fault(what: string, value: unknown, cause?: unknown): void {
    this.counters.faults++;
    const error = new LanesError('ERR_PROTOCOL', `the other thread sent ${what}`, { value, cause });
    const id = portNamedIn(value);
    const peer = id === null ? null : this.legs.get(id)?.peer;
    if (peer) peer.forward(new BrokenMessage(error));
    else this.events.emit('fault', error);
  }

  private end(error?: unknown): void {
    if (this.state === 'ended') return;
    this.finish(this.reasonOf?.(error));
    this.events.emit('end', error);
  }

  private finish(reason?: Error): void {
    this.state = 'ended';
    this.outbox.clear();
    Array.from(this.legs.values()).forEach((leg) => leg.farEndClosed(reason));
  }
}

/** The version of the library that a hello of another protocol names; a hello has always looked like this. */
function versionIn({ text }: Envelope): string {
  const [, version = 'unknown'] = /^\[\["hello",\d+,"([\w.+-]{1,32})"/.exec(text) ?? [];
  return version;
}
