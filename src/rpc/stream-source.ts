/**
 * The end of a stream that has the items: reads an iterable and sends what it gives, as far as there is credit.
 *
 * What must always hold:
 * - Never more items are under way than the other end asked for, and no more bytes than `maxBytes` and one item.
 * - One `next` of the iterator is under way at a time; its `return` is called once where it is not read to its end.
 * - It runs as tasks of the pump: a stream of many items is sliced.
 */
import type { SealedMessage } from '../channel/control.js';
import { LanesError } from '../core/errors.js';
import { CHAIN_HOPS } from '../core/pump.js';
import { QueuedTask } from '../core/task.js';
import type { Rank, TaskRunner } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import { runInCall } from './call-context.js';
import type { CallInside } from './call-context.js';
import { isThenable } from './thenable.js';
import { iteratorOf } from './stream.js';
import type { AnyIterable, AnyIterator } from './stream.js';

/** Bytes under way after which a source waits until what it sent is taken. */
const maxBytes = 1024 * 1024;

/** What a source needs of its session. */
export interface SourceWire {
  /** @throws where it cannot be cloned */
  sealItem(stream: number, number: number, value: unknown): SealedMessage;
  postItem(message: SealedMessage): void;
  /** Says that the source waits until what it sent is taken. */
  sendWait(stream: number): void;
  sendLast(stream: number, number: number, failure: { readonly error: unknown } | null): void;
  /** The source is of no use any more. */
  sourceEnded(stream: number): void;
}

/** One stream that is read here. */
export class StreamSource extends QueuedTask {
  private iterator: AnyIterator | null = null;
  private sent = 0;
  private taken = 0;
  private allowed = 0;
  private bytes = 0;
  /** Of each item that is under way, the oldest first. */
  private costs: number[] = [];
  private isReading = false;
  /** Whether the iterator's `next` is on the stack. */
  private isAsking = false;
  private over = false;

  constructor(
    private readonly id: number,
    private readonly iterable: AnyIterable,
    private readonly rank: Rank,
    private readonly wire: SourceWire,
    /** The call whose code gives the items; `null` where none does. */
    private readonly call: CallInside | null,
  ) {
    super();
  }

  /** The other end has taken so many items, and so many may be sent in all. */
  pull(taken: number, total: number): void {
    if (taken > this.sent || this.over) return;
    while (this.taken < taken) {
      this.bytes -= this.costs[this.taken - this.firstCost] as number; // Invariant: each sent item has a cost.
      this.taken++;
    }
    this.dropCosts();
    if (total > this.allowed) this.allowed = total;
    this.schedule();
  }

  /** Nobody reads on: the iterator may clean up. */
  stop(): void {
    if (this.over) return;
    const { iterator } = this;
    this.end();
    // Not inside its own `next`, where a generator refuses it.
    if (!this.isAsking) leave(iterator);
  }

  execute(runner: TaskRunner): void {
    runner.letJobsRun(CHAIN_HOPS);
    while (this.mayRead()) {
      this.read();
      if (runner.timeRemaining() <= 0) return this.schedule();
    }
  }

  discard(): void {
    // Holds nothing of a task's.
  }

  private firstCost = 0;

  private dropCosts(): void {
    const passed = this.taken - this.firstCost;
    // Now and then, so that it costs nothing an item.
    if (passed < 64 && passed < this.costs.length) return;
    this.costs = this.costs.slice(passed);
    this.firstCost = this.taken;
  }

  private mayRead(): boolean {
    return !this.over && !this.isReading && this.sent < this.allowed && this.bytes < maxBytes;
  }

  private schedule(): void {
    if (this.mayRead() && !this.queued) currentRuntime().pump.enqueue(this.rank, this);
  }

  private read(): void {
    this.isAsking = true;
    try {
      const iterator = (this.iterator ??= iteratorOf(this.iterable));
      const result = this.call === null ? iterator.next() : runInCall(this.call, this);
      if (this.over) leave(iterator);
      else if (isThenable(result)) this.wait(result, (value) => this.take(value));
      else this.take(result);
    } catch (error) {
      this.finish({ error });
    }
    this.isAsking = false;
  }

  /** Runs the callee's code, as `runInCall` asks. */
  perform(): unknown {
    return this.iterator?.next();
  }

  private wait(promise: PromiseLike<unknown>, then: (value: unknown) => void): void {
    this.isReading = true;
    promise.then(
      (value) => {
        this.isReading = false;
        if (this.over) return;
        then(value);
        if (!this.mayRead()) return;
        // In the slice that is open items go on one after the other, and leave together.
        if (currentRuntime().pump.keepJobsRunning()) this.read();
        // Unless that waits, too.
        this.schedule();
      },
      (error: unknown) => {
        this.isReading = false;
        this.finish({ error });
      },
    );
  }

  private take(result: unknown): void {
    try {
      if (typeof result !== 'object' || result === null)
        throw new TypeError('an iterator gave a result that is no object');
      const { done, value } = result as { readonly done?: unknown; readonly value?: unknown };
      if (done === true) this.finish(null);
      else if (isThenable(value)) this.waitFor(value);
      else this.send(value);
    } catch (error) {
      this.finish({ error });
    }
  }

  /** An item that is a promise, as generators that are not asynchronous may give. */
  private waitFor(item: PromiseLike<unknown>): void {
    this.wait(
      item.then(undefined, (error: unknown) => {
        this.giveUp(error);
      }),
      (value) => this.send(value),
    );
  }

  private send(value: unknown): void {
    try {
      const message = this.wire.sealItem(this.id, this.sent, value);
      const { cost } = message;
      // Before it is posted: where both ends are in one thread the answer comes inside.
      this.sent++;
      this.bytes += cost;
      this.costs.push(cost);
      this.wire.postItem(message);
      if (this.bytes >= maxBytes) this.wire.sendWait(this.id);
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** An item cannot be sent: the stream ends there, and the iterator with it. */
  private giveUp(error: unknown): void {
    const { iterator } = this;
    this.finish({ error });
    leave(iterator);
  }

  private finish(failure: { readonly error: unknown } | null): void {
    if (this.over) return;
    this.wire.sendLast(this.id, this.sent, failure);
    this.end();
  }

  private end(): void {
    this.over = true;
    this.iterator = null;
    if (this.queued) currentRuntime().pump.cancel(this);
    this.wire.sourceEnded(this.id);
  }
}

/** Lets an iterator that is not read to its end clean up. What it throws then concerns nobody. */
function leave(iterator: AnyIterator | null): void {
  try {
    const returned = iterator?.return?.();
    if (isThenable(returned)) returned.then(undefined, () => undefined);
  } catch {
    // As above.
  }
}

/** What a stream fails with whose items do not follow one another. */
export const brokenStream = (): LanesError =>
  new LanesError('ERR_PROTOCOL', 'items of a stream were lost on the way');
