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
import { barePrefix, protocolVersion } from './protocol.js';

const none: readonly ArrayBuffer[] = [];

/**
 * Characters beyond which frames do not wait for the end of the slice: the other thread can begin with them. Some hundred
 * small messages cost little more in one message of the pipe than in several, and a thousand calls are answered sooner by a
 * quarter at 16 kB than at 64 (`npm run bench -- rpc`); at 8 nothing more is gained.
 */
const fullLength = 16 * 1024;

/** The sending half of a link. */
export class Outbox {
  /** The frames, without the bracket at the end; where a run is open, without that of the last frame either. */
  private text = '';
  /** The port whose run the text ends with: messages with nothing beside their payload, one after the other. */
  private run: string | null = null;
  /** The session of a run of control messages; `null` in a run of others. */
  private runSession: string | null = null;
  private buffers: ArrayBuffer[] = [];
  private armed = false;
  private readonly onSliceEnd = (): void => {
    this.armed = false;
    this.flush();
  };

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
    this.closeRun();
    this.append(frame);
    for (let at = 0; at < buffers.length; at++) this.buffers.push(buffers[at] as ArrayBuffer);
    this.added();
  }

  /** Adds a message for the port `id` that is nothing but its payload. */
  addPlain(id: string, payload: string): void {
    if (this.run === id && this.runSession === null) this.text += `,${payload}`;
    else {
      this.closeRun();
      this.append(`["msg","${id}",${payload}`);
      this.run = id;
    }
    this.added();
  }

  /** Adds a control message for the port `id` that is nothing but its item. */
  addControl(id: string, session: string, item: string): void {
    if (this.run === id && this.runSession === session) this.text += `,${item}`;
    else {
      this.closeRun();
      this.append(`["ctl","${id}","${session}",${item}`);
      this.run = id;
      this.runSession = session;
    }
    this.added();
  }

  private append(frame: string): void {
    this.text = this.text === '' ? `[${frame}` : `${this.text},${frame}`;
  }

  private closeRun(): void {
    if (this.run !== null) this.text += ']';
    this.run = this.runSession = null;
  }

  private added(): void {
    if (this.held) return;
    if (this.text.length > fullLength) this.flush();
    else this.arm();
  }

  /** Sends `frame` at once and alone, ahead of all that is held. */
  sendAhead(frame: string): void {
    this.send(`[${frame}`, none);
  }

  /** The other end is there: what was held leaves with this slice, all else as it comes. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    if (this.text !== '') this.arm();
  }

  /** Sends now what was added in this slice. */
  flush(): void {
    if (this.held || this.text === '') return;
    this.closeRun();
    const { text, buffers } = this;
    this.clear();
    this.send(text, buffers);
  }

  /** Drops all that has not been sent: the pipe is at its end. */
  clear(): void {
    this.text = '';
    this.run = this.runSession = null;
    if (this.buffers.length > 0) this.buffers = [];
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    currentRuntime().pump.atSliceEnd(this.onSliceEnd);
  }

  private send(text: string, buffers: readonly ArrayBuffer[]): void {
    const { binary, transfer, bare } = this.pipe.traits;
    try {
      if (bare && buffers.length === 0) return this.pipe.send(`${barePrefix}${text}]`);
      const envelope: Envelope = {
        mpLanes: protocolVersion,
        text: `${text}]`,
        buffers: binary ? buffers : buffersToText(buffers),
      };
      this.pipe.send(envelope, binary && transfer ? buffers : undefined);
    } catch (error) {
      this.onFailure(error);
    }
  }
}
