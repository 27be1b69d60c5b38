/**
 * The streams of a session, both ways.
 *
 * What must always hold:
 * - A stream is known here from its crossing until it is over, or nobody reads it, or the other thread is gone.
 * - Streams among the arguments of a call end with the call; those of a result when they are read or left, or a signal of
 *   their call aborts.
 */
import type { SealedMessage } from '../channel/control.js';
import { addAbortAlgorithm } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import { closeWithObject } from '../host/collection.js';
import type { CallInside } from './call-context.js';
import { limitError } from './call-options.js';
import { thrownIn } from './error-wire.js';
import { takeFromResult } from './marks.js';
import { fieldsText, marksText } from './protocol.js';
import type { ItemMessage, Mark, StreamMessage } from './protocol.js';
import { createExported, freeScope } from './session-parts.js';
import type { Arrival, Scope, SessionParts } from './session-parts.js';
import type { AnyIterable } from './stream.js';
import { StreamSink, createRemoteStream } from './stream-sink.js';
import type { SinkWire, StreamItem } from './stream-sink.js';
import { StreamSource, brokenStream } from './stream-source.js';
import type { SourceWire } from './stream-source.js';

const noMarks: readonly Mark[] = [];
const noSignals: readonly never[] = [];

/** Sources and sinks by their numbers. */
export class Streams implements SinkWire, SourceWire {
  private readonly sources = new Map<number, StreamSource>();
  private readonly sinks = new Map<number, StreamSink>();
  /** The sinks of calls that run here, which end with them. */
  private readonly sinksOf = new Map<Scope, StreamSink[]>();
  private readonly onOver = new Map<number, () => void>();

  constructor(private readonly session: SessionParts) {}

  get size(): number {
    return this.sources.size + this.sinks.size;
  }

  /** Reads an iterable, of the code of `call`, for the other end, when that asks. @throws LanesError `ERR_CALL_LIMIT` */
  send(stream: number, iterable: AnyIterable, rank: Rank, call: CallInside | null): void {
    this.checkRoom(1);
    this.sources.set(stream, new StreamSource(stream, iterable, rank, this, call));
  }

  /** The other end does not read it any more. */
  stop(stream: number): void {
    this.sources.get(stream)?.stop();
  }

  /** What a user iterates of a stream of the other end; `gone`: why nothing will come of it. */
  open(stream: number, scope: Scope, ofCall: boolean, gone: { readonly reason: unknown } | null): object {
    const sink = new StreamSink(stream, this);
    const remote = createRemoteStream(sink);
    const { streamEnded, signals = noSignals } = scope;
    if (streamEnded !== undefined) sink.onLeave.push(streamEnded);
    if (gone !== null) sink.fail(gone.reason);
    // Somebody reads one of that number: it stays his.
    else if (this.sinks.has(stream)) sink.fail(brokenStream());
    else {
      this.sinks.set(stream, sink);
      if (ofCall) this.join(scope, sink);
      for (const signal of signals)
        if (signal.aborted) sink.abort(signal.reason);
        else sink.onLeave.push(addAbortAlgorithm(signal, () => sink.abort(signal.reason)));
      closeWithObject(remote, sink);
    }
    return remote;
  }

  private join(scope: Scope, sink: StreamSink): void {
    const sinks = this.sinksOf.get(scope);
    if (sinks === undefined) this.sinksOf.set(scope, [sink]);
    else sinks.push(sink);
  }

  /** @throws LanesError `ERR_CALL_LIMIT` where `count` more are too many */
  checkRoom(count: number): void {
    const { maxStreams } = this.session.limits;
    if (count > 0 && this.size + count > maxStreams) throw limitError('streams', maxStreams);
  }

  /** Calls `then` when streams that are sent from here are over. */
  whenOver(streams: readonly number[], then: () => void): void {
    let left = streams.length;
    const oneOver = (): void => {
      if (--left === 0) then();
    };
    for (const stream of streams) this.onOver.set(stream, oneOver);
  }

  /** Handles what the other end says of a stream. */
  receive(message: StreamMessage): void {
    const stream = message.first;
    switch (message.op) {
      case 'pull':
        return this.sources.get(stream)?.pull(message.second, message.third);
      case 'stop':
        return this.stop(stream);
      case 'item':
        return this.takeItem(message);
      case 'wait':
        return this.sinks.get(stream)?.urge();
      case 'last':
        return this.sinks
          .get(stream)
          ?.last(message.second, message.third === 1 ? { error: thrownIn(message) } : null);
    }
  }

  private takeItem(message: ItemMessage): void {
    const { first: stream, second: number, third: marks } = message;
    const sink = this.sinks.get(stream);
    const item =
      marks === 0 ? new PlainItem(message) : new MarkedItem(message, marks, this.session.firstSight(marks));
    if (sink === undefined) item.dispose();
    else sink.receive(number, item);
  }

  /** A call that ran here is over. */
  callEnded(scope: Scope): void {
    if (this.sinksOf.size === 0) return;
    this.sinksOf.get(scope)?.forEach((sink) => sink.close());
    this.sinksOf.delete(scope);
  }

  /** The caller gave a call up that runs here. */
  callAborted(scope: Scope, reason: unknown): void {
    if (this.sinksOf.size === 0) return;
    this.sinksOf.get(scope)?.forEach((sink) => sink.abort(reason));
  }

  /** The other thread is gone, or the session is at its end. */
  end(reason: unknown): void {
    for (const sink of Array.from(this.sinks.values())) sink.fail(reason);
    for (const source of Array.from(this.sources.values())) source.stop();
    this.sinksOf.clear();
  }

  sendPull(stream: number, taken: number, total: number): void {
    this.session.tell(fieldsText('pull', stream, taken, total));
  }

  sendStop(stream: number): void {
    this.session.tell(fieldsText('stop', stream));
  }

  sinkEnded(stream: number, sink: StreamSink): void {
    // Another thread may have one of that number.
    if (this.sinks.get(stream) === sink) this.sinks.delete(stream);
  }

  sealItem(stream: number, number: number, value: unknown): SealedMessage {
    const { session } = this;
    const marking = takeFromResult(value);
    const exported = createExported();
    try {
      const marks = marking.found.length === 0 ? noMarks : session.hold(marking, 1, exported, null);
      const fields = fieldsText('item', stream, number, marksText(marks));
      return session.seal(fields, marking.args[0], marking.transfer);
    } catch (error) {
      session.takeBack(exported);
      throw error;
    }
  }

  postItem(message: SealedMessage): void {
    this.session.post(message);
  }

  sendWait(stream: number): void {
    this.session.tell(fieldsText('wait', stream));
  }

  sendLast(stream: number, number: number, failure: { readonly error: unknown } | null): void {
    const fields = fieldsText('last', stream, number, failure === null ? 0 : 1);
    if (failure === null) this.session.tell(fields);
    else this.session.tellError(fields, failure.error);
  }

  sourceEnded(stream: number): void {
    this.sources.delete(stream);
    const then = this.onOver.get(stream);
    this.onOver.delete(stream);
    if (then !== undefined) then();
  }
}

/** An item with nothing but its value. */
class PlainItem implements StreamItem {
  constructor(private readonly message: ItemMessage) {}

  open(): unknown {
    return this.message.openBody();
  }

  dispose(): void {
    this.message.dispose();
  }
}

/** An item with remotes or streams in it. */
class MarkedItem implements StreamItem {
  constructor(
    private readonly message: ItemMessage,
    private readonly marks: readonly Mark[],
    private readonly arrival: Arrival,
  ) {}

  open(): unknown {
    try {
      return this.arrival.revive([this.message.openBody()], this.marks, freeScope())[0];
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  dispose(): void {
    this.message.dispose();
    this.arrival.refuse(this.marks);
  }
}
