/**
 * A session: the calls of one end of an endpoint, their answers, and the calls back. It puts the parts together: calls that
 * wait for an answer, calls that run here, streams both ways, and what is held for the other end.
 *
 * What must always hold:
 * - What was held for a call is forgotten when the call settles; what `proxy` exported, when it is released.
 * - Remotes, streams and calls of a thread that is gone are of no use any more; nothing of them reaches the next one.
 * - After the end nothing is sent and nothing is held.
 */
import { seal, sealText } from '../channel/control.js';
import { primitiveText } from '../codec/quick-text.js';
import type { SealedMessage } from '../channel/control.js';
import type { ControlPort } from '../channel/control-form.js';
import type { TransferList } from '../channel/transfer-list.js';
import type { Rank } from '../core/task.js';
import { closeWithObject } from '../host/collection.js';
import type { CallInside } from './call-context.js';
import type { CallLimits } from './call-options.js';
import { limitError } from './call-options.js';
import { indescribable, toWireError } from './error-wire.js';
import { putMarked } from './marks.js';
import type { Marking } from './marks.js';
import { PendingCalls, rejection, released } from './pending-calls.js';
import type { Ask } from './pending-call.js';
import { fieldsText, pathText, tellOnly } from './protocol.js';
import type { AskMessage, CallMessage, Mark, Marks, Target } from './protocol.js';
import { createRemote } from './remote.js';
import type { Caller } from './remote.js';
import { RunningCalls } from './running-calls.js';
import { nothingMoves } from './nothing-moves.js';
import { freeScope } from './session-parts.js';
import type { Arrival, Exported, Scope, Services, SessionParts } from './session-parts.js';
import { Streams } from './streams.js';

/** What would leak if it grew. */
export interface SessionCounters {
  readonly pending: number;
  readonly running: number;
  readonly callbacks: number;
  readonly streams: number;
}

/** One session, at one of its two ends. */
export class Session implements SessionParts {
  readonly pending: PendingCalls = new PendingCalls(this);
  readonly running: RunningCalls = new RunningCalls(this);
  private readonly exports = new Map<number, unknown>();
  private readonly streams: Streams = new Streams(this);
  private nextTarget = 1;
  /** Counts the threads that were at the other end, and the end. */
  private epoch = 0;
  /** The highest number of the other end's objects and streams that has arrived. */
  private lastSeen = 0;
  private endReason: unknown = null;
  /** Why the thread before this epoch is gone. */
  private goneReason: unknown = null;
  private ended = false;

  constructor(
    readonly id: string,
    private readonly port: ControlPort,
    private readonly readLimits: () => CallLimits,
    readonly services: Services,
  ) {}

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
      streams: this.streams.size,
    };
  }

  /** Handles what the other end sent; its fields have the form that the table asks for. */
  receive(message: CallMessage): void {
    switch (message.op) {
      case 'call':
      case 'new':
      case 'get':
      case 'set':
        return this.takeAsk(message);
      case 'done':
      case 'void':
      case 'fail':
        return this.pending.answered(message);
      case 'start':
        return this.pending.started(message.first);
      case 'note':
        return this.pending.noted(message.first, message);
      case 'abort':
        return this.running.abort(message.first, message.second, message);
      case 'free':
        return void this.exports.delete(message.first);
      case 'pull':
      case 'stop':
      case 'item':
      case 'wait':
      case 'last':
        return this.streams.receive(message);
      case 'offer':
      case 'left':
        return; // Of the hub.
    }
  }

  private takeAsk(message: AskMessage): void {
    const target = message.second;
    if (typeof target === 'string') return this.running.take(message, this.services.find(target));
    if (this.exports.has(target)) this.running.take(message, this.exports.get(target));
    else this.running.refuse(message, released());
  }

  // ---- Remotes

  /** A remote for a target of the other end. */
  createRemote(target: Target, scope: Scope, epoch: number = this.epoch): object {
    const targetText = JSON.stringify(target);
    const isService = typeof target === 'string';
    const caller: Caller = {
      prepare: (kind, path, options): Ask => {
        const place = `,${targetText},${pathText(path)},`;
        return {
          kind,
          path,
          options,
          start: `"${kind}",`,
          place,
          plain: `${place}0,`,
          told: `${place}${tellOnly},`,
          scope,
          epoch: isService ? null : epoch,
        };
      },
      ask: (ask, args) => this.ask(ask as Ask, args),
      release: () => {
        if (!scope.open) return;
        scope.open = false;
        this.pending.release(scope, released());
        if (typeof target === 'number' && epoch === this.epoch) this.tell(fieldsText('free', target));
      },
    };
    if (!isService) closeWithObject(caller, { close: () => this.free(target, epoch, scope) });
    return createRemote(caller);
  }

  /** Nobody holds the remote any more. */
  private free(target: Target, epoch: number, scope: Scope): void {
    if (!scope.open || epoch !== this.epoch) return;
    this.tell(fieldsText('free', target));
  }

  private ask(ask: Ask, args: readonly unknown[]): Promise<unknown> {
    if (!ask.scope.open) return rejection(released());
    if (this.ended) return rejection(this.endReason);
    if (ask.epoch !== null && ask.epoch !== this.epoch) return rejection(released());
    return this.pending.ask(ask, args);
  }

  // ---- What crosses beside plain values

  hold({ found }: Marking, rank: Rank, exported: Exported, call: CallInside | null): readonly Mark[] {
    return found.map(([[argument, member], marked]): Mark => {
      const target = marked.kind === 'signal' ? 0 : this.nextTarget++;
      if (marked.kind === 'stream') {
        this.streams.send(target, marked.value, rank, call);
        exported.streams.push(target);
      } else if (marked.kind !== 'signal') {
        const { maxCallbacks } = this.limits;
        if (this.exports.size >= maxCallbacks) throw limitError('callbacks', maxCallbacks);
        this.exports.set(target, marked.value);
        (marked.kind === 'function' ? exported.targets : exported.kept).push(target);
      }
      return [argument, member, marked.kind, target];
    });
  }

  letGo({ targets, streams }: Exported): void {
    for (const target of targets) this.exports.delete(target);
    for (const stream of streams) this.streams.stop(stream);
  }

  takeBack(exported: Exported): void {
    this.letGo(exported);
    for (const target of exported.kept) this.exports.delete(target);
  }

  refuse(marks: Marks): void {
    if (marks === 0) return;
    for (const [, , kind, target] of marks) {
      if (kind === 'object') this.tell(fieldsText('free', target));
      else if (kind === 'stream') this.tell(fieldsText('stop', target));
    }
  }

  firstSight(marks: readonly Mark[]): Arrival {
    const { epoch, lastSeen } = this;
    for (const [, , , target] of marks) this.lastSeen = Math.max(this.lastSeen, target);
    const isNew = this.lastSeen > lastSeen;
    return {
      revive: (values, each, scope) => this.reviveAs(values, each, scope, null, epoch),
      refuse: (each) => {
        if (isNew && epoch === this.epoch) this.refuse(each);
      },
    };
  }

  revive(
    args: readonly unknown[],
    marks: readonly Mark[],
    scope: Scope,
    signalAt: (at: number) => unknown,
  ): unknown[] {
    return this.reviveAs(args, marks, scope, signalAt, this.epoch);
  }

  private reviveAs(
    values: readonly unknown[],
    marks: readonly Mark[],
    scope: Scope,
    signalAt: ((at: number) => unknown) | null,
    epoch: number,
  ): unknown[] {
    const gone = epoch === this.epoch ? null : { reason: this.goneReason };
    this.streams.checkRoom(marks.filter(([, , kind]) => kind === 'stream').length);
    return putMarked(values, marks, (kind, target, at) => {
      if (kind === 'signal') return signalAt === null ? undefined : signalAt(at);
      if (kind === 'stream') return this.streams.open(target, scope, signalAt !== null, gone);
      const isCallback = kind === 'function' && signalAt !== null;
      return this.createRemote(target, isCallback ? partOf(scope) : freeScope(scope.rank), epoch);
    });
  }

  whenOver(streams: readonly number[], then: () => void): void {
    this.streams.whenOver(streams, then);
  }

  callEnded(scope: Scope): void {
    this.streams.callEnded(scope);
  }

  callAborted(scope: Scope, reason: unknown): void {
    for (const part of scope.parts ?? []) this.pending.release(part, reason);
    this.streams.callAborted(scope, reason);
  }

  // ---- The wire

  seal(fields: string, body: unknown, transfer: TransferList): SealedMessage {
    const text = transfer === nothingMoves ? primitiveText(body) : '';
    return text === '' ? seal(this.id, fields, body, transfer) : this.sealText(fields + text);
  }

  sealText(item: string): SealedMessage {
    return sealText(this.id, item);
  }

  requireOpen(): void {
    if (this.ended) throw this.endReason;
  }

  post(message: SealedMessage): void {
    if (this.ended) message.dispose();
    else this.port.post(message);
  }

  tell(fields: string): void {
    if (!this.ended && this.isReady) this.port.post(this.sealText(`${fields}0`));
  }

  tellWith(fields: string, body: unknown): void {
    if (!this.ended && this.isReady) this.port.post(this.seal(fields, body, nothingMoves));
  }

  tellError(fields: string, thrown: unknown): void {
    try {
      this.tellWith(fields, toWireError(thrown));
    } catch {
      // Above a limit of messages: that it failed must arrive.
      this.tellWith(fields, indescribable);
    }
  }

  flush(): void {
    this.port.flush();
  }

  wake(): void {
    this.port.wake?.();
  }

  // ---- Life

  /** The other thread is gone, and another will take its place: what was of that one ends. */
  interrupted(reason: Error, certain: boolean): void {
    this.epoch++;
    this.lastSeen = 0;
    this.goneReason = reason;
    this.streams.end(reason);
    this.running.interrupted(reason);
    this.pending.interrupted(reason, certain);
    const held = this.pending.held();
    this.exports.forEach((_value, target) => {
      if (!held.has(target)) this.exports.delete(target);
    });
  }

  resumed(): void {
    this.pending.resumed();
  }

  /** Ends the session: what waits rejects with `reason`, what runs here is aborted with it. */
  end(reason: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.epoch++;
    this.endReason = this.goneReason = reason;
    this.streams.end(reason);
    this.pending.end(reason);
    this.running.end(reason, () => true, false);
    this.exports.clear();
  }
}

function partOf(scope: Scope): Scope {
  const { rank, deadlineMs } = scope;
  const part: Scope = { open: true, rank, deadlineMs };
  (scope.parts ??= []).push(part);
  return part;
}
