/**
 * A session: the calls of one end of an endpoint, their answers, and the calls back. It puts the parts together: calls that
 * wait for an answer, calls that run here, streams both ways, and what is held for the other end.
 *
 * What must always hold:
 * - What was held for a call is forgotten when the call settles; what `proxy` exported, when it is released.
 * - Remotes, streams and calls of a thread that is gone are of no use any more; nothing of them reaches the next one.
 * - After the end nothing is sent and nothing is held.
 */
import { afterAll, beforeBody, beforeHead } from '../channel/control-form.js';
import { seal, sealText } from '../channel/control.js';
import { primitiveText } from '../codec/quick-text.js';
import type { SealedMessage } from '../channel/control.js';
import type { ControlPort } from '../channel/control-form.js';
import type { TransferList } from '../channel/transfer-list.js';
import { addAbortAlgorithm } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import { closeWithObject } from '../host/collection.js';
import type { CallLimits } from './call-options.js';
import { limitError } from './call-options.js';
import { fromWireError, isWireError, toWireError } from './error-wire.js';
import { putMarked, takeFromResult } from './marks.js';
import type { Marking } from './marks.js';
import { PendingCalls, rejection, released } from './pending-calls.js';
import type { Ask } from './pending-calls.js';
import { marksText, pathText, tellOnly } from './protocol.js';
import type { AskHead, Head, ItemHead, Mark, Target } from './protocol.js';
import { createRemote } from './remote.js';
import type { Caller } from './remote.js';
import { RunningCalls } from './running-calls.js';
import { nothingMoves } from './nothing-moves.js';
import type { Exported, Received, Scope, SessionParts } from './session-parts.js';
import { StreamSink, createRemoteStream } from './stream-sink.js';
import type { SinkWire, StreamItem } from './stream-sink.js';
import { StreamSource } from './stream-source.js';
import type { SourceWire } from './stream-source.js';

const noMarks: readonly Mark[] = [];

/** What would leak if it grew. */
export interface SessionCounters {
  readonly pending: number;
  readonly running: number;
  readonly callbacks: number;
  readonly streams: number;
}

/** One session, at one of its two ends. */
export class Session implements SessionParts, SinkWire, SourceWire {
  readonly pending: PendingCalls = new PendingCalls(this);
  readonly running: RunningCalls = new RunningCalls(this);
  private readonly exports = new Map<number, unknown>();
  private readonly sources = new Map<number, StreamSource>();
  private readonly sinks = new Map<number, StreamSink>();
  /** The sinks of calls that run here, which end with them. */
  private readonly sinksOf = new Map<Scope, StreamSink[]>();
  /** What every message of the session begins with. */
  private readonly start: string;
  private nextTarget = 1;
  /** Counts the threads that were at the other end. */
  private epoch = 0;
  private endReason: unknown = null;
  private ended = false;

  constructor(
    readonly id: string,
    private readonly port: ControlPort,
    private readonly readLimits: () => CallLimits,
    /** What a service is, by its name. */
    private readonly rootOf: (
      name: string,
      then: (root: unknown) => void,
      fail: (error: Error) => void,
    ) => void,
  ) {
    this.start = `${beforeHead}["${id}",`;
  }

  get limits(): CallLimits {
    return this.readLimits();
  }

  get isReady(): boolean {
    return this.port.isReady;
  }

  get bufferedAmount(): number {
    return this.port.bufferedAmount;
  }

  get counters(): SessionCounters {
    return {
      pending: this.pending.size,
      running: this.running.size,
      callbacks: this.exports.size,
      streams: this.sources.size + this.sinks.size,
    };
  }

  /** Handles what the other end sent; the head has the form that the table asks for. */
  receive(head: Head, message: Received): void {
    switch (head[1]) {
      case 'call':
      case 'new':
      case 'get':
      case 'set':
        return this.takeAsk(head, message);
      case 'done':
        return this.pending.answered(head[2], message, head);
      case 'fail':
        return this.pending.answered(head[2], message, null);
      case 'start':
        return this.pending.started(head[2]);
      case 'note':
        return this.pending.noted(head[2], message);
      case 'abort':
        return this.running.abort(head[2], head[3], message);
      case 'free':
        return void this.exports.delete(head[2]);
      case 'pull':
        return this.sources.get(head[2])?.pull(head[3], head[4]);
      case 'stop':
        return this.sources.get(head[2])?.stop();
      case 'item':
        return this.takeItem(head, message);
      case 'wait':
        return this.sinks.get(head[2])?.urge();
      case 'last':
        return this.sinks.get(head[2])?.last(head[3], head[4] === 1 ? { error: errorIn(message) } : null);
      case 'offer':
        return;
    }
  }

  private takeAsk(head: AskHead, message: Received): void {
    const [, , id, target] = head;
    if (typeof target === 'number') {
      if (this.exports.has(target)) this.running.take(head, message, this.exports.get(target));
      else this.running.refuse(id, message, released());
      return;
    }
    this.rootOf(
      target,
      (root) => {
        if (this.ended) message.dispose();
        else this.running.take(head, message, root);
      },
      (error) => this.running.refuse(id, message, error),
    );
  }

  private takeItem([, , stream, number, marks = noMarks]: ItemHead, message: Received): void {
    const sink = this.sinks.get(stream);
    if (sink === undefined) return message.dispose();
    const item: StreamItem = {
      open: () => this.revive([message.openBody()], marks, freeScope(), null)[0],
      dispose: () => message.dispose(),
    };
    sink.receive(number, item);
  }

  // ---- Remotes

  /** A remote for a target of the other end. */
  createRemote(target: Target, scope: Scope): object {
    const { epoch } = this;
    const targetText = JSON.stringify(target);
    const isService = typeof target === 'string';
    const caller: Caller = {
      prepare: (kind, path, options): Ask => {
        const place = `,${targetText},${pathText(path)}`;
        return {
          kind,
          path,
          options,
          place,
          start: `${this.start}"${kind}",`,
          plain: `${place}]${beforeBody}`,
          told: `${place},${tellOnly}]${beforeBody}`,
          scope,
          epoch: isService ? null : epoch,
        };
      },
      ask: (ask, args) => this.ask(ask as Ask, args),
      release: () => {
        if (!scope.open) return;
        scope.open = false;
        this.pending.release(scope, released());
        if (typeof target === 'number' && epoch === this.epoch) this.tell(`"free",${target}`);
      },
    };
    if (!isService) closeWithObject(caller, { close: () => this.free(target, epoch, scope) });
    return createRemote(caller);
  }

  /** Nobody holds the remote any more. */
  private free(target: Target, epoch: number, scope: Scope): void {
    if (!scope.open || epoch !== this.epoch) return;
    this.tell(`"free",${target}`);
  }

  private ask(ask: Ask, args: readonly unknown[]): Promise<unknown> {
    if (!ask.scope.open || (ask.epoch !== null && ask.epoch !== this.epoch)) return rejection(released());
    return this.ended ? rejection(this.endReason) : this.pending.ask(ask, args);
  }

  // ---- What crosses beside plain values

  hold({ found }: Marking, rank: Rank, exported: Exported | null): readonly Mark[] {
    return found.map(([[argument, member], marked]): Mark => {
      const target = marked.kind === 'signal' ? 0 : this.nextTarget++;
      if (marked.kind === 'stream') {
        this.checkStreams();
        this.sources.set(target, new StreamSource(target, marked.value, rank, this));
        exported?.streams.push(target);
      } else if (marked.kind !== 'signal') {
        const { maxCallbacks } = this.limits;
        if (this.exports.size >= maxCallbacks) throw limitError('callbacks', maxCallbacks);
        this.exports.set(target, marked.value);
        if (marked.kind === 'function') exported?.targets.push(target);
      }
      return [argument, member, marked.kind, target];
    });
  }

  private checkStreams(): void {
    const { maxStreams } = this.limits;
    if (this.sources.size + this.sinks.size >= maxStreams) throw limitError('streams', maxStreams);
  }

  letGo({ targets, streams }: Exported): void {
    for (const target of targets) this.exports.delete(target);
    for (const stream of streams) this.sources.get(stream)?.stop();
  }

  revive(
    args: readonly unknown[],
    marks: readonly Mark[],
    scope: Scope,
    signalAt: ((at: number) => unknown) | null,
  ): unknown[] {
    if (marks.length === 0) return args as unknown[];
    return putMarked(args, marks, (kind, target, at) => {
      if (kind === 'signal') return signalAt === null ? undefined : signalAt(at);
      if (kind === 'stream') return this.createStream(target, scope, signalAt !== null);
      return this.createRemote(
        target,
        kind === 'function' && signalAt !== null ? scope : freeScope(scope.rank),
      );
    });
  }

  private createStream(target: number, scope: Scope, ofCall: boolean): object {
    this.checkStreams();
    const sink = new StreamSink(target, this);
    this.sinks.set(target, sink);
    if (ofCall) {
      const sinks = this.sinksOf.get(scope);
      if (sinks === undefined) this.sinksOf.set(scope, [sink]);
      else sinks.push(sink);
    }
    for (const signal of scope.signals ?? [])
      addAbortAlgorithm(signal, () => {
        sink.fail(signal.reason);
        sink.close();
      });
    const stream = createRemoteStream(sink);
    closeWithObject(stream, sink);
    return stream;
  }

  /** A call that ran here is over. */
  callEnded(scope: Scope): void {
    if (this.sinksOf.size === 0) return;
    this.sinksOf.get(scope)?.forEach((sink) => sink.close());
    this.sinksOf.delete(scope);
  }

  // ---- Streams

  sendPull(stream: number, taken: number, total: number): void {
    this.tell(`"pull",${stream},${taken},${total}`);
  }

  sendStop(stream: number): void {
    this.tell(`"stop",${stream}`);
  }

  sinkEnded(stream: number): void {
    this.sinks.delete(stream);
  }

  sendItem(stream: number, number: number, value: unknown): number {
    const marking = takeFromResult(value);
    const exported: Exported = { targets: [], streams: [] };
    try {
      const marks = this.hold(marking, 1, exported);
      const [item] = marking.args;
      const message = this.seal(`"item",${stream},${number}${marksText(marks)}`, item, marking.transfer);
      const { cost } = message;
      this.post(message);
      return cost;
    } catch (error) {
      this.letGo(exported);
      throw error;
    }
  }

  sendWait(stream: number): void {
    this.tell(`"wait",${stream}`);
  }

  sendLast(stream: number, number: number, failure: { readonly error: unknown } | null): void {
    if (failure === null) this.tell(`"last",${stream},${number},0`);
    else this.tellWith(`"last",${stream},${number},1`, toWireError(failure.error));
  }

  sourceEnded(stream: number): void {
    this.sources.delete(stream);
  }

  // ---- The wire

  seal(head: string, body: unknown, transfer: TransferList): SealedMessage {
    const start = `${this.start}${head}]${beforeBody}`;
    const text = transfer === nothingMoves ? primitiveText(body) : '';
    return text === '' ? seal(start, body, transfer) : sealText(`${start}${text}${afterAll}`);
  }

  post(message: SealedMessage): void {
    if (this.ended) message.dispose();
    else this.port.post(message);
  }

  tell(head: string): void {
    if (!this.ended && this.isReady) this.port.post(sealText(`${this.start}${head}]${afterAll}`));
  }

  tellWith(head: string, body: unknown): void {
    if (!this.ended && this.isReady) this.port.post(this.seal(head, body, nothingMoves));
  }

  flush(): void {
    this.port.flush();
  }

  // ---- Life

  /** The other thread is gone, and another will take its place: what was of that one ends. */
  interrupted(reason: Error, certain: boolean): void {
    this.epoch++;
    this.endStreams(reason);
    this.running.end(reason, () => true, false);
    this.pending.interrupted(reason, certain);
  }

  resumed(): void {
    this.pending.resumed();
  }

  /** Ends the session: what waits rejects with `reason`, what runs here is aborted with it. */
  end(reason: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.endReason = reason;
    this.endStreams(reason);
    this.pending.end(reason);
    this.running.end(reason, () => true, false);
    this.exports.clear();
  }

  private endStreams(reason: unknown): void {
    for (const sink of Array.from(this.sinks.values())) sink.fail(reason);
    for (const source of Array.from(this.sources.values())) source.stop();
  }
}

/** Of remotes and streams that belong to no call. */
function freeScope(rank: Rank = 1): Scope {
  return { open: true, rank, deadlineMs: Infinity };
}

function errorIn(message: Received): unknown {
  try {
    const body = message.openBody();
    return isWireError(body) ? fromWireError(body) : body;
  } catch (error) {
    message.dispose();
    return error;
  }
}
