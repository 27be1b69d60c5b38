/**
 * A port as what `go/` receives from.
 *
 * What must always hold
 * - One port has one source, however many selects and channels use it, so who waits is served in the order of coming.
 * - Receivers wait only while no message does. A message is in one place: in the port, unread, or handed over.
 */
import { LanesError } from '../core/errors.js';
import { Ring } from '../core/ring.js';
import { intakeSteps } from '../channel/intake-form.js';
import type { HasIntake, Intake, IntakeReader } from '../channel/intake-form.js';
import type { Source } from './cases.js';
import type { Received } from './chan.js';
import { WaitList } from './wait-list.js';

/**
 * What messages come through: a `MessagePort`, a `Worker`, `self` of a worker; ours and the platform's. Only a `MessagePort`
 * of ours keeps messages until they are asked for, which is what holds a fast sender back. From any other all that arrives is
 * taken at once, and waits in memory.
 */
export interface PortLike {
  postMessage(message: unknown, transfer?: object[]): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  /** See `MessagePort.bufferedAmount`; without it sending never waits. */
  readonly bufferedAmount?: number;
  start?(): void;
  close?(): void;
}

/** What sends through a port that is also received from. */
export interface PortSender {
  /** What waited for credit has become less. */
  drained(): void;
  /** Nothing can be sent any more. */
  closed(): void;
}

/** Who waits for messages, which come from elsewhere. */
export class PortList extends WaitList {
  override get isInner(): boolean {
    return false;
  }
}

/** Receives from a port. */
export class PortSource<T> implements Source<T>, IntakeReader {
  readonly receivers: WaitList = new PortList(this, 'receive');
  sender: PortSender | null = null;
  isClosed = false;

  constructor(private readonly intake: Intake) {
    intake.listen(this);
  }

  get ready(): number {
    return this.isClosed || this.intake.canTake ? 1 : 0;
  }

  /** @throws for a message that cannot be read */
  tryRecv(): Received<T> | undefined {
    if (this.intake.canTake) return { value: this.intake.take() as T, ok: true };
    return this.isClosed ? { value: undefined, ok: false } : undefined;
  }

  arrived(): void {
    const receiver = this.receivers.shift();
    if (receiver === null) return;
    let received: unknown;
    try {
      received = this.tryRecv();
    } catch (error) {
      return receiver.refuse(error);
    }
    receiver.grant(received);
  }

  drained(): void {
    this.sender?.drained();
  }

  closed(): void {
    this.isClosed = true;
    const { receivers, sender } = this;
    for (let left = receivers.length; left > 0; left--) this.arrived();
    sender?.closed();
  }

  contested(): never {
    throw new LanesError(
      'ERR_INVALID_ARGUMENT',
      'a port is either received from, by from(port) and PortChan, or has listeners for its messages',
    );
  }
}

/** A message that was pushed, or why it could not be read. */
interface Pushed {
  readonly data: unknown;
  readonly isBroken: boolean;
}

/** Somebody else's port, which cannot be asked: what it delivers waits here. */
class PushedIntake implements Intake {
  private readonly pushed = new Ring<Pushed>();

  constructor(private readonly port: PortLike) {}

  get canTake(): boolean {
    return this.pushed.length > 0;
  }

  take(): unknown {
    const { data, isBroken } = this.pushed.shift() as Pushed; // Invariant: one waits.
    if (!isBroken) return data;
    throw data instanceof Error
      ? data
      : new LanesError('ERR_PROTOCOL', 'a message came that cannot be read', { value: data });
  }

  listen(reader: IntakeReader): void {
    const { port, pushed } = this;
    const push =
      (isBroken: boolean) =>
      ({ data }: { readonly data: unknown }): void => {
        pushed.push({ data, isBroken });
        reader.arrived();
      };
    port.addEventListener('message', push(false));
    port.addEventListener('messageerror', push(true));
    port.addEventListener('close', () => reader.closed());
    port.start?.();
  }
}

const sources = new WeakMap<object, PortSource<unknown>>();

/** Whether `value` is a port, by its public members. */
export function isPort(value: object): value is PortLike {
  const { postMessage, addEventListener } = value as Partial<PortLike>;
  return typeof postMessage === 'function' && typeof addEventListener === 'function';
}

/** The source of `port`. @throws LanesError `ERR_INVALID_ARGUMENT` where its messages have a listener */
export function sourceOf<T>(port: PortLike): PortSource<T> {
  let source = sources.get(port);
  if (source === undefined) {
    source = new PortSource(intakeSteps in port ? (port as HasIntake)[intakeSteps] : new PushedIntake(port));
    sources.set(port, source);
  }
  return source as PortSource<T>;
}
