/**
 * Gathers the frames of one slice into one message of the pipe. In Chromium a message costs by the `postMessage`, in
 * Node by the object: one text for many frames is the cheapest carrier on both.
 *
 * What must always hold: frames leave in the order of `add`; a frame never waits beyond the slice that added it,
 * except while the outbox is held because the other end is not there yet.
 */
import { buffersToText } from '../codec/base64.js';
import type { Pipe } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import type { Envelope } from './protocol.js';
import { protocolVersion } from './protocol.js';

const none: readonly ArrayBuffer[] = [];

/** The sending half of a link. */
export class Outbox {
  private frames: string[] = [];
  private buffers: ArrayBuffer[] = [];
  private armed = false;

  constructor(
    private readonly pipe: Pipe,
    /** Whether frames wait for `release`, because the other end may not be there yet. */
    private held: boolean,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The place that the next buffer will have in its envelope. */
  get bufferCount(): number {
    return this.buffers.length;
  }

  /** Adds a frame, given as JSON text. */
  add(frame: string, buffers: readonly ArrayBuffer[] = none): void {
    this.frames.push(frame);
    for (const buffer of buffers) this.buffers.push(buffer);
    if (!this.held) this.arm();
  }

  /** Sends `frame` at once and alone, ahead of all that is held. */
  sendAhead(frame: string): void {
    this.send([frame], []);
  }

  /** The other end is there: what was held leaves with this slice, all else as it comes. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    if (this.frames.length > 0) this.arm();
  }

  /** Sends now what was added in this slice. */
  readonly flush = (): void => {
    this.armed = false;
    if (this.held || this.frames.length === 0) return;
    const { frames, buffers } = this;
    this.frames = [];
    this.buffers = [];
    this.send(frames, buffers);
  };

  /** Drops all that has not been sent: the pipe is at its end. */
  clear(): void {
    this.frames = [];
    this.buffers = [];
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    currentRuntime().pump.atSliceEnd(this.flush);
  }

  private send(frames: readonly string[], buffers: readonly ArrayBuffer[]): void {
    const { binary, transfer } = this.pipe.traits;
    const envelope: Envelope = {
      mpLanes: protocolVersion,
      text: `[${frames.join(',')}]`,
      buffers: binary ? buffers : buffersToText(buffers),
    };
    try {
      this.pipe.send(envelope, binary && transfer ? buffers : undefined);
    } catch (error) {
      this.onFailure(error);
    }
  }
}
