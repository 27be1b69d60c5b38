/**
 * A pipe: a raw two-way message transport to another thread. It carries JSON-like data and, as members of the message
 * or one level below, `ArrayBuffer`s; order is kept, nothing is lost while both ends live.
 */

/** What a pipe is known to do without asking the other end. */
export interface PipeTraits {
  /** `binary`: an `ArrayBuffer` in a message arrives as one. Without it binary data travels as text. */
  readonly binary: boolean;
  /** `transfer`: `send`'s second argument moves buffers instead of copying them. */
  readonly transfer: boolean;
  /** `bare`: a string may be a message by itself. Old mini-program clients take objects only. */
  readonly bare: boolean;
  /** Whether small messages go through memory that both threads share, from now on; taken for false when absent. */
  readonly sharedMemory?: boolean;
}

/** What happens at our end of a pipe. */
export interface PipeEvents {
  /** A message arrived. Its content is untrusted until it is decoded. */
  message(message: unknown): void;
  /** The pipe is gone and will say nothing more: the other thread ended (`error` absent) or failed. */
  end(error?: unknown): void;
}

/** Our end of the transport. */
export interface Pipe {
  readonly traits: PipeTraits;
  /** Hands `message` to the transport now. Throws only what the transport throws. */
  send(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Connects the listener; what arrived before is delivered then. Called once. */
  listen(events: PipeEvents): void;
  /** Closes our end; on a worker's pipe seen from outside, ends the worker. Idempotent; `end` is not called for it. */
  close(): void;
}

/** A pipe to a thread that we started. An error inside it that does not end it is told by `onError`. */
export interface HostWorker extends Pipe {
  /** An uncaught error in the worker: the payload as normalised to an `Error`. */
  onError(listener: (error: Error) => void): void;
  /**
   * Whether the worker, idle or not, holds the process open; only Node has this, and starts with `true`. Turn it off
   * while nothing is awaited from the worker.
   */
  keepAlive?(on: boolean): void;
}
