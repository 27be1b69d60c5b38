/**
 * The receiving half of every adapter's pipe: keeps what comes before `listen`, and makes sure that the end comes once.
 *
 * Invariants: messages are handed on in the order of arrival; nothing is handed on after the end or after `close`.
 */
import type { PipeEvents } from '../host/pipe.js';

type State = 'open' | 'ended' | 'closed';

/** What a transport's events are told to. */
export class Inbox {
  /** Whether anything was ever received: before that, a failure is a failure to start. */
  heard = false;
  private state: State = 'open';
  private events: PipeEvents | null = null;
  private early: unknown[] = [];
  private endError: { readonly error: unknown } | null = null;

  get isOpen(): boolean {
    return this.state === 'open';
  }

  listen(events: PipeEvents): void {
    this.events = events;
    const { early } = this;
    this.early = [];
    // The end is told after the early messages, as it came; a listener may close in between.
    for (const message of early) if (this.state !== 'closed') events.message(message);
    if (this.endError !== null && this.state === 'ended') events.end(this.endError.error);
  }

  receive(message: unknown): void {
    if (this.state !== 'open') return;
    this.heard = true;
    if (this.events === null) this.early.push(message);
    else this.events.message(message);
  }

  /** The transport is gone; `error` when it failed. */
  end(error?: unknown): void {
    if (this.state !== 'open') return;
    this.state = 'ended';
    if (this.events === null) this.endError = { error };
    else this.events.end(error);
  }

  /** We closed: nothing is heard any more. False when it was over before. */
  close(): boolean {
    const wasOpen = this.state === 'open';
    this.state = 'closed';
    this.early = [];
    return wasOpen;
  }
}

/** Whatever a client passes for an error, as an `Error` that says the same. */
export function toError(value: unknown): Error {
  if (value instanceof Error) return value;
  if (typeof value !== 'object' || value === null) return new Error(String(value));
  const { error, message, errMsg, name, stack } = value as Record<string, unknown>;
  if (error instanceof Error) return error;
  const made = new Error(String(message ?? errMsg ?? JSON.stringify(value)));
  if (typeof name === 'string') made.name = name;
  if (typeof stack === 'string') made.stack = stack;
  return made;
}
