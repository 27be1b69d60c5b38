/**
 * What travels on a pipe. No logic beyond telling a well-formed frame from anything else.
 *
 * One message of the pipe is an {@link Envelope}: the text of an array of frames, parsed once, and the binary data that
 * the frames refer to by position. Frames of one slice share an envelope; their order is the order of the calls. Without
 * binary data, on a pipe that takes bare strings, it is `mpLanes3` and the text in one string: half the cost to the engine.
 *
 * | frame    | fields                    | meaning                                                                          |
 * | -------- | ------------------------- | -------------------------------------------------------------------------------- |
 * | `hello`  | protocol, library version | first frame of each end, sent again in answer to the other's first               |
 * | `msg`    | port, payload, …          | one message for a port, or several in a row                                      |
 * | `ctl`    | port, session, field × 6, … | control messages in a row, of one session: `control-form.ts`                  |
 * | `more`   | port, payload, confirm, first buffer, buffer count, port ids, hops | a message with more: whether to confirm it (0 or 1), its buffers in the envelope, ids that become ports at the receiver, how often it was sent on |
 * | `credit` | port                      | the oldest message for that port that asked to be confirmed was taken             |
 * | `close`  | port                      | the sender's end of that port is closed; nothing follows on it                   |
 * | `join`   | port, port                | the two ports are one way round through the sender: `splice.ts`                   |
 * | `fence`  | port                      | the last frame of that port on its way round                                     |
 * | `ping`   |                           | to be answered at once, wherever the other thread's own work stands               |
 * | `pong`   |                           | the answer to a `ping`; one answers all that came in one envelope                 |
 * | `bye`    |                           | the sender ends the link of its own accord                                       |
 */
import { keep } from '../core/keep.js';
import { isSessionName, itemLength } from './control-form.js';

/** Raised when a frame changes its meaning. Both ends must have the same. */
export const protocolVersion = 3;

/** Version of the library, named where two ends do not fit. */
export const libraryVersion = '0.1.0';

/** The port that every link has from its start: that of `Worker.postMessage` and of `self.postMessage`. */
export const rootPortId = '0';

/** One message of the pipe. The first key tells it from a message of somebody else's. */
export interface Envelope {
  readonly mpLanes: number;
  readonly text: string;
  /** `ArrayBuffer`s, or base64 texts on a pipe that is not binary. */
  readonly buffers: readonly unknown[];
}

export type HelloFrame = readonly ['hello', protocol: number, version: string];
export type MessageFrame = readonly ['msg', port: string, ...payloads: unknown[]];
export type ControlFrame = readonly ['ctl', port: string, session: string, ...fields: unknown[]];
export type FullMessageFrame = readonly [
  'more',
  port: string,
  payload: unknown,
  confirm: 0 | 1,
  firstBuffer: number,
  bufferCount: number,
  ports: readonly string[],
  hops: number,
];
export type CreditFrame = readonly ['credit', port: string];
export type CloseFrame = readonly ['close', port: string];
export type JoinFrame = readonly ['join', first: string, second: string];
export type FenceFrame = readonly ['fence', port: string];
export type BareFrame = readonly ['ping' | 'pong' | 'bye'];
export type Frame =
  | HelloFrame
  | MessageFrame
  | ControlFrame
  | FullMessageFrame
  | CreditFrame
  | CloseFrame
  | JoinFrame
  | FenceFrame
  | BareFrame;

/** Most ports that one message may carry, and the longest id: far above any use, far below an attack. */
export const maxPortsPerMessage = 1024;
const maxIdLength = 64;

const bareMark = 'mpLanes';

/** What an envelope in one string begins with; the array's bracket follows. */
export const barePrefix = `${bareMark}${protocolVersion}`;

const noBuffers: readonly unknown[] = [];

/** The envelope in a message of the pipe, of any protocol version; `null` where the message is not ours. */
export function readEnvelope(message: unknown): Envelope | null {
  if (typeof message === 'string') {
    if (!message.startsWith(bareMark)) return null;
    const at = message.indexOf('[');
    const text = message.slice(at);
    return { mpLanes: Number(message.slice(bareMark.length, at)), text, buffers: noBuffers };
  }
  if (typeof message !== 'object' || message === null) return null;
  const { mpLanes, text, buffers } = message as Partial<Record<keyof Envelope, unknown>>;
  return typeof mpLanes === 'number' && typeof text === 'string' && Array.isArray(buffers)
    ? (message as Envelope)
    : null;
}

keep(readEnvelope(`${barePrefix}[]`));

const isId = (value: unknown): value is string => typeof value === 'string' && value.length <= maxIdLength;

/** Ids are written into frames as they are. */
const isNewId = (value: unknown): boolean => isId(value) && /^[\w-]+$/.test(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && Math.floor(value) === value;

function isFullMessage(frame: readonly unknown[]): boolean {
  if (!isId(frame[1])) return false;
  const [, , , confirm, firstBuffer, bufferCount, ports, hops] = frame;
  if (frame.length !== 8 || !isCount(hops) || (confirm !== 0 && confirm !== 1)) return false;
  if (!isCount(firstBuffer) || !isCount(bufferCount) || !Array.isArray(ports)) return false;
  return ports.length <= maxPortsPerMessage && ports.every(isNewId);
}

/** The port that a frame names, well-formed or not; `null` where it names none. */
export function portNamedIn(frame: unknown): string | null {
  return Array.isArray(frame) && (frame[0] === 'msg' || frame[0] === 'more') && isId(frame[1])
    ? frame[1]
    : null;
}

/** Whether `value`, fresh from `JSON.parse`, has the shape of a frame. Payloads are checked when they are decoded. */
export function isFrame(value: unknown): value is Frame {
  if (!Array.isArray(value)) return false;
  switch (value[0]) {
    case 'hello':
      return value.length >= 3 && isCount(value[1]) && typeof value[2] === 'string';
    case 'msg':
      return value.length >= 3 && isId(value[1]);
    case 'ctl':
      return (
        isId(value[1]) && isSessionName(value[2]) && value.length > 3 && (value.length - 3) % itemLength === 0
      );
    case 'more':
      return isFullMessage(value);
    case 'credit':
    case 'fence':
    case 'close':
      return value.length === 2 && isId(value[1]);
    case 'join':
      return value.length === 3 && isId(value[1]) && isId(value[2]);
    case 'ping':
    case 'pong':
    case 'bye':
      return value.length === 1;
    default:
      return false;
  }
}

// Ids are secrets between the two ends of one link: 72 bits of Math.random, so that a third party that can get frames
// onto the pipe (a plugin, a confused library) cannot name a port that it was not given. Not a defence against code
// that can read the pipe: see the threat model in src/README.md.
const idDigits = 36;
const chunk = (): string => Math.random().toString(idDigits).slice(2, 9);

/** A fresh port id, unique on any link and not to be guessed from others. */
export function createPortId(): string {
  return `${chunk()}-${chunk()}-${(serial++).toString(idDigits)}`;
}
let serial = 1;
