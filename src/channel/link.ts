/**
 * A link: any number of ports over one pipe.
 *
 * What must always hold:
 * - A port id is in `legs` from the moment it is minted or received until one of its ends is closed, and no longer.
 * - A frame for an id that is not there is dropped and counted: it names a port that is closed, or that never was.
 * - A frame that is malformed is dropped, counted and told (`fault`); the frames beside it are not harmed.
 * - After the end nothing is sent, and each leg has told its side that it is closed.
 */
import { EventEmitter } from 'eventemitter3';
import { textToBuffers } from '../codec/base64.js';
import { LanesError } from '../core/errors.js';
import type { Pipe } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { PortMessageQueue } from './port-message-queue.js';
import type { Outgoing } from './entangled.js';
import { entangle } from './entangled.js';
import { Leg } from './leg.js';
import type { LegLink } from './leg.js';
import { WireMessage } from './message.js';
import type { PortTraits } from './message.js';
import { Outbox } from './outbox.js';
import type { CloseFrame, Envelope, HelloFrame, MessageFrame } from './protocol.js';
import {
  createPortId,
  isEnvelope,
  isFrame,
  libraryVersion,
  protocolVersion,
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

/** Our end of a pipe, shared by ports. */
export class Link implements LegLink {
  readonly events = new EventEmitter<LinkEvents>();
  readonly counters: LinkCounters = { dropped: 0, faults: 0, foreign: 0 };
  /** The side behind the implicit port of both ends. */
  readonly root: PortMessageQueue;
  private readonly legs = new Map<string, Leg>();
  private readonly outbox: Outbox;
  private state: 'opening' | 'ready' | 'ended' = 'opening';

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
        this.receive(message);
        // The host's turn that brought the message is used for it; not so what comes inside this very call.
        if (!inside) currentRuntime().pump.runSlice();
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

  /** Sends now what was posted in this slice. */
  flush(): void {
    this.outbox.flush();
  }

  /** Ends the link from our side: tells the other end, then closes the pipe. */
  close(): void {
    if (this.state === 'ended') return;
    this.outbox.add('["bye"]');
    this.outbox.flush();
    this.finish();
    this.pipe.close();
  }

  sendMessage(id: string, outgoing: Outgoing): void {
    const { text, buffers, sides } = outgoing.encode();
    const ids = sides.map(() => createPortId());
    if (this.state !== 'ended') {
      this.outbox.add(
        `["msg",${JSON.stringify(id)},${text},${buffers.length},${JSON.stringify(ids)}]`,
        buffers,
      );
    }
    // After the frame that names them, so that what waits in their queues follows it.
    sides.forEach((side, at) => {
      const leg = this.mint(ids[at] as string);
      side.replaceBy(leg);
      if (this.state === 'ended') leg.farEndClosed();
    });
  }

  sendClose(id: string): void {
    if (this.state !== 'ended') this.outbox.add(`["close",${JSON.stringify(id)}]`);
  }

  forget(id: string): void {
    this.legs.delete(id);
  }

  private sayHello(): void {
    this.outbox.sendAhead(`["hello",${protocolVersion},${JSON.stringify(libraryVersion)}]`);
  }

  /** A leg for a port that leaves; on a dead link it closes as soon as it has a peer. */
  private mint(id: string): Leg {
    const leg = new Leg(id, this);
    if (this.state !== 'ended') this.legs.set(id, leg);
    return leg;
  }

  /** An queue for a port that arrives. */
  private adopt(id: string): PortMessageQueue {
    const queue = new PortMessageQueue();
    entangle(queue, this.mint(id));
    return queue;
  }

  private receive(message: unknown): void {
    if (this.state === 'ended') return;
    if (!isEnvelope(message)) {
      this.counters.foreign++;
      return;
    }
    if (message.mpLanes !== protocolVersion) return this.refuse(message.mpLanes, 'unknown');
    this.unpack(message);
  }

  private unpack(envelope: Envelope): void {
    let frames: unknown;
    let buffers: readonly ArrayBuffer[];
    try {
      frames = JSON.parse(envelope.text);
      buffers = textToBuffers(envelope.buffers);
    } catch (error) {
      return this.fault('an envelope that cannot be read', envelope.text, error);
    }
    if (!Array.isArray(frames)) return this.fault('an envelope without frames', frames);
    let used = 0;
    for (const frame of frames) used += this.take(frame, buffers, used);
  }

  /** Handles one frame; gives how many buffers it took. */
  private take(frame: unknown, buffers: readonly ArrayBuffer[], from: number): number {
    if (!isFrame(frame)) {
      this.fault('a malformed frame', frame);
      return 0;
    }
    switch (frame[0]) {
      case 'hello':
        this.meet(frame);
        return 0;
      case 'msg':
        this.deliver(frame, buffers.slice(from, from + frame[3]));
        return frame[3];
      case 'close':
        this.closeLeg(frame);
        return 0;
      case 'bye':
        this.end();
        return 0;
    }
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
    this.finish();
    this.events.emit('incompatible', error);
  }

  private deliver(frame: MessageFrame, buffers: readonly ArrayBuffer[]): void {
    const [, id, payload, count, portIds] = frame;
    if (buffers.length !== count) return this.fault('a frame whose buffers are missing', id);
    if (portIds.some((port) => this.legs.has(port)) || new Set(portIds).size !== portIds.length) {
      return this.fault('a frame that brings a port which is here already', id);
    }
    const queues = portIds.map((port) => this.adopt(port));
    const message = new WireMessage(payload, buffers, queues, this.traits);
    const peer = this.legs.get(id)?.peer;
    if (peer) return peer.forward(message);
    this.counters.dropped++;
    message.dispose();
  }

  private closeLeg([, id]: CloseFrame): void {
    const leg = this.legs.get(id);
    if (leg === undefined) this.counters.dropped++;
    else leg.farEndClosed();
  }

  private fault(what: string, value: unknown, cause?: unknown): void {
    this.counters.faults++;
    this.events.emit(
      'fault',
      new LanesError('ERR_PROTOCOL', `the other thread sent ${what}`, { value, cause }),
    );
  }

  private end(error?: unknown): void {
    if (this.state === 'ended') return;
    this.finish();
    this.events.emit('end', error);
  }

  private finish(): void {
    this.state = 'ended';
    this.outbox.clear();
    Array.from(this.legs.values()).forEach((leg) => leg.farEndClosed());
  }
}
