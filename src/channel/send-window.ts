/**
 * Credit: how much one port may have under way to the other thread, so that a fast sender cannot fill its memory.
 *
 * The sender counts what it sends, and asks for a confirmation with every message that crosses a quarter of the window.
 * The receiver confirms such a message when its listener gets it. Nothing is counted at the receiver, and a stream of
 * small messages costs one frame of confirmation each megabyte.
 *
 * What must always hold:
 * - `used` is what was sent and is not known to be taken; no message leaves while it is at the high-water mark or above,
 *   so what is under way is below the mark plus one message.
 * - While the window is shut, a confirmation is under way: three quarters of it at least belong to marked messages.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9113#section-5.2 flow control of HTTP/2
 */
import { Ring } from '../core/ring.js';

/** Bytes (characters of text, bytes of buffers) that one port may have under way. */
export const highWaterMark = 4 * 1024 * 1024;

const markEvery = highWaterMark / 4;

/** What a confirmation stands for. */
interface Mark {
  readonly cost: number;
}

/** The credit of one port in one direction. */
export class SendWindow {
  private used = 0;
  private unmarked = 0;
  private marks: Ring<Mark> | null = null;

  /** Whether another message may leave. */
  get isOpen(): boolean {
    return this.used < highWaterMark;
  }

  /** Counts a message that leaves; tells whether it asks for a confirmation. */
  take(cost: number): boolean {
    this.used += cost;
    this.unmarked += cost;
    if (this.unmarked < markEvery) return false;
    (this.marks ??= new Ring<Mark>()).push({ cost: this.unmarked });
    this.unmarked = 0;
    return true;
  }

  /** The oldest message that asked for it was taken at the other end; false when none had asked. */
  confirm(): boolean {
    const mark = this.marks?.shift();
    if (mark === undefined) return false;
    this.used -= mark.cost;
    return true;
  }
}
