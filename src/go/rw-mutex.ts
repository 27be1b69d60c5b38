/**
 * `RWMutex`. https://pkg.go.dev/sync#RWMutex
 *
 * What must always hold
 * - One writer, or any number of readers, or nobody.
 * - A writer that waits keeps new readers out, so readers cannot starve it. When a writer is done, all readers that wait by
 *   then come in before the next writer, so writers cannot starve them.
 * - Whoever waits has a holder, or a writer ahead of it, to wait for: when one of them leaves, `admit` looks again.
 */
import { defineInterface } from '../core/webidl.js';
import { Guard, notHeld } from './guard.js';
import type { Held } from './guard.js';
import type { Operation } from './operation.js';
import { TellingList, WaitList } from './wait-list.js';
import { done, failed, obstacle, waitIn } from './waiting.js';
import type { WaitOptions } from './waiting.js';

/**
 * Many readers or one writer. A writer that waits comes before readers that come after it; readers that wait come in together.
 * A reader must not take the lock a second time: with a writer in between neither could go on.
 * @example
 * const rows = new RWMutex();
 * const guard = await rows.rLock();
 * draw(table);
 * guard.release();
 * @see https://pkg.go.dev/sync#RWMutex
 */
export class RWMutex {
  private writer: Guard | null = null;
  private readers = 0;
  private isAdmitting = false;
  private readonly waitingReaders = new WaitList(this, 'read lock');
  private readonly waitingWriters = new TellingList(this, 'write lock', () => this.admit());
  private readonly readHeld: Held = { released: () => this.readerLeft() };
  private readonly writeHeld: Held = { released: () => this.writerLeft() };

  /** Takes the lock for reading. Cancel safety as for `Mutex.lock`. @throws (rejects) the signal's reason */
  rLock(options?: WaitOptions): Operation<Guard> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const guard = this.tryRLock();
    return guard === null ? waitIn(this.waitingReaders, undefined, options) : done(guard);
  }

  /** Takes the lock for reading if no writer has it or waits for it; `null` otherwise. */
  tryRLock(): Guard | null {
    return this.writer === null && this.waitingWriters.length === 0 ? this.read() : null;
  }

  /** Gives a reader's lock back, Go's way. @throws LanesError `ERR_NOT_HELD` when nobody reads */
  rUnlock(): void {
    if (this.readers === 0) throw notHeld('this RWMutex, for reading,');
    this.readerLeft();
  }

  /** Takes the lock for writing. Cancel safety as for `Mutex.lock`. @throws (rejects) the signal's reason */
  lock(options?: WaitOptions): Operation<Guard> {
    const end = obstacle(options);
    if (end !== null) return failed(end.reason);
    const guard = this.tryLock();
    return guard === null ? waitIn(this.waitingWriters, undefined, options) : done(guard);
  }

  /** Takes the lock for writing if nobody has it; `null` otherwise. */
  tryLock(): Guard | null {
    return this.writer === null && this.readers === 0 ? (this.writer = new Guard(this.writeHeld)) : null;
  }

  /** Gives the writer's lock back, Go's way. @throws LanesError `ERR_NOT_HELD` when nobody writes */
  unlock(): void {
    const { writer } = this;
    if (writer === null) throw notHeld('this RWMutex, for writing,');
    writer.release();
  }

  private read(): Guard {
    this.readers++;
    return new Guard(this.readHeld);
  }

  private readerLeft(): void {
    if (this.readers === 0) throw notHeld('this RWMutex, for reading,');
    this.readers--;
    this.admit();
  }

  private writerLeft(): void {
    this.writer = null;
    this.admitReaders();
    this.admit();
  }

  /** Lets in whoever may come in now. */
  private admit(): void {
    if (this.writer !== null || this.isAdmitting) return;
    if (this.waitingWriters.length === 0) this.admitReaders();
    else if (this.readers === 0) this.admitWriter();
  }

  private admitReaders(): void {
    // Those that come while these are let in wait behind a writer.
    for (let left = this.waitingReaders.length; left > 0; left--) {
      const waiter = this.waitingReaders.shift();
      if (waiter !== null) waiter.grant(this.read());
    }
  }

  private admitWriter(): void {
    this.isAdmitting = true;
    const waiter = this.waitingWriters.shift();
    this.isAdmitting = false;
    if (waiter === null) return;
    this.writer = new Guard(this.writeHeld);
    waiter.grant(this.writer);
  }
}

defineInterface(RWMutex, 'RWMutex');
