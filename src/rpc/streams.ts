/**
 * The streams of a session, both ways.
 *
 * What must always hold:
 * - A stream is known here from its crossing until it is over, or nobody reads it, or the other thread is gone.
 * - Streams among the arguments of a call end with the call; those of a result when they are read or left, or a signal of
 *   their call aborts.
 */
import { addAbortAlgorithm } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import { closeWithObject } from '../host/collection.js';
import { limitError } from './call-options.js';
import { thrownIn } from './error-wire.js';
import { takeFromResult } from './marks.js';
import { fieldsText, marksText } from './protocol.js';
import type { ItemMessage, Mark, StreamMessage } from './protocol.js';
import { createExported, freeScope } from './session-parts.js';
import type { Scope, SessionParts } from './session-parts.js';
import type { AnyIterable } from './stream.js';
import { StreamSink, createRemoteStream } from './stream-sink.js';
import type { SinkWire, StreamItem } from './stream-sink.js';
import { StreamSource } from './stream-source.js';
import type { SourceWire } from './stream-source.js';

const noMarks: readonly Mark[] = [];

/** Sources and sinks by their numbers. */
export class Streams implements SinkWire, SourceWire {
  private readonly sources = new Map<number, StreamSource>();
  private readonly sinks = new Map<number, StreamSink>();
  /** The sinks of calls that run here, which end with them. */
  private readonly sinksOf = new Map<Scope, StreamSink[]>();

  constructor(private readonly session: SessionParts) {}

  get size(): number {
    return this.sources.size + this.sinks.size;
  }

  /** Reads an iterable for the other end, when that asks. @throws LanesError `ERR_CALL_LIMIT` */
  send(stream: number, iterable: AnyIterable, rank: Rank): void {
    this.checkRoom();
    this.sources.set(stream, new StreamSource(stream, iterable, rank, this));
  }

  /** The other end does not read it any more. */
  stop(stream: number): void {
    this.sources.get(stream)?.stop();
  }

  /** What a user iterates of a stream of the other end. @throws LanesError `ERR_CALL_LIMIT` */
  open(stream: number, scope: Scope, ofCall: boolean): object {
    this.checkRoom();
    const sink = new StreamSink(stream, this);
    this.sinks.set(stream, sink);
    if (ofCall) {
      const sinks = this.sinksOf.get(scope);
      if (sinks === undefined) this.sinksOf.set(scope, [sink]);
      else sinks.push(sink);
    }
    for (const signal of scope.signals ?? [])
      sink.forget.push(addAbortAlgorithm(signal, () => sink.abort(signal.reason)));
    const remote = createRemoteStream(sink);
    closeWithObject(remote, sink);
    return remote;
  }

  private checkRoom(): void {
    const { maxStreams } = this.session.limits;
    if (this.size >= maxStreams) throw limitError('streams', maxStreams);
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
    const { first: stream, second: number, third } = message;
    const marks = third === 0 ? noMarks : third;
    const sink = this.sinks.get(stream);
    if (sink === undefined) return message.dispose();
    const item: StreamItem = {
      open: () => this.session.revive([message.openBody()], marks, freeScope(), null)[0],
      dispose: () => message.dispose(),
    };
    sink.receive(number, item);
  }

  /** A call that ran here is over. */
  callEnded(scope: Scope): void {
    if (this.sinksOf.size === 0) return;
    this.sinksOf.get(scope)?.forEach((sink) => sink.close());
    this.sinksOf.delete(scope);
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

  sinkEnded(stream: number): void {
    this.sinks.delete(stream);
  }

  sendItem(stream: number, number: number, value: unknown): number {
    const { session } = this;
    const marking = takeFromResult(value);
    const exported = createExported();
    try {
      const marks = marking.found.length === 0 ? noMarks : session.hold(marking, 1, exported);
      const fields = fieldsText('item', stream, number, marksText(marks));
      const message = session.seal(fields, marking.args[0], marking.transfer);
      const { cost } = message;
      session.post(message);
      return cost;
    } catch (error) {
      session.takeBack(exported);
      throw error;
    }
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
  }
}
