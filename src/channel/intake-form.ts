/**
 * How messages of a port are asked for one at a time, which HTML has no way for: `go/` receives like that. What nobody asks
 * for waits in the port unread, so its sender gets no credit for it.
 */

/** Who asks for the messages of a port. */
export interface IntakeReader {
  /** One more message waits in the port. */
  arrived(): void;
  /** What waited for credit at this end has become less. */
  drained(): void;
  /** Nothing goes any more, and nothing comes but what waits: the port was closed, by either end, or transferred. Idempotent. */
  closed(): void;
  /** Somebody else wants the messages, too. @throws to that one */
  contested(): void;
}

/** A port, for its reader. */
export interface Intake {
  /** Whether a message waits. */
  readonly canTake: boolean;
  /** The data of the oldest message, which there is. @throws for one that cannot be read; it is gone, too */
  take(): unknown;
  /** Whatever comes is for `reader` from now on, and what waits already. @throws where messages have a listener or a reader */
  listen(reader: IntakeReader): void;
}

/** What leads from a port of ours to its intake, also from one of another copy of this library. */
export const intakeSteps: unique symbol = Symbol.for('mp-lanes.intake') as never;

/** A port of ours. */
export interface HasIntake {
  readonly [intakeSteps]: Intake;
}
