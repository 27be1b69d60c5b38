/**
 * What a `Worker` does: starts a thread, notices that it is gone, starts another.
 *
 *   idle ◄──────────────────────┐ nothing to do for a while
 *    │ wanted                   │
 *    ▼            answered      │       died, budget left
 *   starting ──────────────► ready ───────────────────► restarting ──┐
 *    │   │ died                 ▲         answered           │       │ died again, budget left
 *    │   └──────► restarting    └────────────────────────────┘ ◄─────┘
 *    │ refused, or died with the budget used up (the same from restarting)
 *    ▼
 *   inline, where there is code for it, else failed;     closed: ended by either side, from any state but failed
 *
 * What must always hold:
 * - At most one life is under way, or one wait before the next; after `failed` and `closed` neither.
 * - What the life before tells late is not listened to.
 */
import type { Link } from '../channel/link.js';
import type { LanesError } from '../core/errors.js';
import type { EventTarget } from '../core/event-target.js';
import { fireEvent, hasListeners } from '../core/event-target.js';
import { Event } from '../core/event.js';
import { WorkerLostError } from '../core/worker-errors.js';
import { ForegroundTimer } from '../host/foreground-timer.js';
import { currentRuntime } from '../host/runtime.js';
import { ErrorEvent } from './error-event.js';
import { IdleWatch } from './idle-watch.js';
import { startInline } from './inline-thread.js';
import { Readiness } from './readiness.js';
import { RestartBudget } from './restart-budget.js';
import type { LifeListener } from './thread-life.js';
import { ThreadLife } from './thread-life.js';
import { WorkerPort } from './worker-port.js';
import type { WorkerSettings } from './worker-options.js';
import { WorkerProgressEvent } from './worker-progress-event.js';

/**
 * - `idle`: no thread, because it is to start when it is needed, or was stopped for not being used
 * - `starting`: its files are on their way, or it has not answered yet; messages and calls wait
 * - `ready`: the thread has answered
 * - `restarting`: it died, and another is about to take its place; messages and calls wait
 * - `inline`: the code runs on this thread, because no other could be had
 * - `failed`: it could not be started, or died too often
 * - `closed`: ended by `terminate()` here or by `self.close()` there
 */
export type WorkerState = 'idle' | 'starting' | 'ready' | 'restarting' | 'inline' | 'failed' | 'closed';

/** The supervisor of one worker. */
export class Supervisor implements LifeListener {
  state: WorkerState = 'idle';
  readonly port: WorkerPort;
  readonly readiness = new Readiness();
  private life: ThreadLife | null = null;
  private backoff: ForegroundTimer | null = null;
  private readonly budget: RestartBudget | null;
  private readonly idleWatch: IdleWatch;
  /** Whether a thread ever answered: then another may, too. */
  private hasStarted = false;
  private isInline = false;
  private usesSeen = 0;

  constructor(
    private readonly target: EventTarget,
    private readonly settings: WorkerSettings,
  ) {
    const { restart, isLazy, idleTimeoutMs } = settings;
    this.budget = restart && new RestartBudget(restart);
    this.port = new WorkerPort(target, () => this.fire('close'));
    this.port.control.onWake = () => this.wake();
    this.idleWatch = new IdleWatch(
      idleTimeoutMs,
      () => this.wasUsed(),
      () => this.stop(),
    );
    if (!isLazy) this.wake();
  }

  /** Starts what is idle. */
  wake(): void {
    if (this.state !== 'idle') return;
    this.state = 'starting';
    this.begin();
    this.fire('statechange');
  }

  /** Ends it from here. */
  terminate(): void {
    if (this.state === 'failed' || this.state === 'closed') return;
    this.port.drop();
    this.finish('closed', new WorkerLostError('ERR_WORKER_CLOSED', 'the worker was ended by terminate()'));
    this.port.settle();
  }

  began(link: Link): void {
    this.port.connect(link);
  }

  progressed(loaded: number, total: number): void {
    fireEvent(this.target, new WorkerProgressEvent(loaded, total));
  }

  answered(): void {
    this.hasStarted = true;
    this.state = this.isInline ? 'inline' : 'ready';
    // What waited leaves before whoever hears of the state posts more.
    const { life } = this;
    this.port.resume();
    // It may die of what was sent.
    if (this.life !== life) return;
    this.readiness.resolve();
    if (!this.isInline) this.idleWatch.start();
    this.fire('statechange');
  }

  failed(error: Error): void {
    this.tell(error, false);
  }

  over(life: ThreadLife, reason: LanesError, certain: boolean): void {
    if (life !== this.life) return;
    const { code } = reason;
    this.leave(reason);
    if (code === 'ERR_WORKER_CLOSED') return this.finish('closed', reason);
    const isStart = code !== 'ERR_WORKER_LOST';
    const isFirst = this.state === 'starting' && !this.hasStarted;
    // The next start could only end the same way.
    const isFinal = isStart && (isFirst || code === 'ERR_PROTOCOL_VERSION' || code === 'ERR_WORKER_BUSY');
    if (this.budget === null || isFinal) return this.giveUp(reason, reason, certain);
    const backoffMs = this.budget.take(currentRuntime().now());
    if (backoffMs === null) return this.giveUp(reason, this.usedUp(reason, this.budget), certain);
    this.backoff = new ForegroundTimer(backoffMs, () => this.begin());
    this.replace('restarting', reason, certain);
    this.tell(reason, this.hears('statechange'));
  }

  private begin(): void {
    this.life = new ThreadLife(this.settings, this);
    this.life.begin();
  }

  private beginInline(inline: NonNullable<WorkerSettings['inline']>): void {
    this.isInline = true;
    this.life = new ThreadLife({ ...this.settings, startTimeoutMs: Infinity, heartbeatMs: Infinity }, this);
    this.life.launch(() => startInline(inline));
  }

  /** No thread can be had, because of `last`; where nothing can take its place, the worker fails for `reason`. */
  private giveUp(last: LanesError, reason: LanesError, certain: boolean): void {
    const { inline } = this.settings;
    const hears = this.hears('statechange');
    if (inline !== null) {
      this.beginInline(inline);
      if (this.state === 'ready') this.replace('restarting', last, certain);
      // That a host has no workers is what the code is there for.
      return this.tell(last, hears || last.code === 'ERR_HOST_CAPABILITY');
    }
    const isTold = hears || this.hears('close') || this.readiness.isAsked || this.port.isCalled;
    this.finish('failed', reason);
    this.tell(reason, isTold);
  }

  /** Nobody uses it. */
  private stop(): void {
    const reason = new WorkerLostError(
      'ERR_WORKER_CLOSED',
      'the worker was stopped: nothing used it for idleTimeoutMs',
    );
    this.leave(reason);
    this.replace('idle', reason, true);
  }

  /** There is no thread from now on. */
  private leave(reason: LanesError): void {
    const { life, backoff } = this;
    this.life = null;
    if (backoff) backoff.cancel();
    if (life) life.end(reason);
    this.idleWatch.stop();
    this.readiness.renew();
    this.port.disconnect();
  }

  /** There will be another one. */
  private replace(state: 'restarting' | 'idle', reason: LanesError, certain: boolean): void {
    this.port.control.interrupt(reason, certain);
    this.change(state);
  }

  private finish(state: 'closed' | 'failed', reason: LanesError): void {
    this.leave(reason);
    this.readiness.reject(reason);
    this.port.end(reason);
    this.change(state);
  }

  private wasUsed(): boolean {
    const { usesSeen } = this;
    const { uses } = this.port.control;
    this.usesSeen = uses;
    return uses !== usesSeen || this.port.isBusy;
  }

  private usedUp(cause: LanesError, { limits: { budget, windowMs } }: RestartBudget): LanesError {
    const { file } = this.settings;
    const message =
      `the worker ${JSON.stringify(file)} was started again ${budget} times within ${windowMs} ms, ` +
      `which is its budget (restart.budget), and: ${cause.message}`;
    return new WorkerLostError('ERR_WORKER_LOST', message, { cause, value: file });
  }

  private change(state: WorkerState): void {
    this.state = state;
    this.fire('statechange');
  }

  private fire(type: string): void {
    fireEvent(this.target, new Event(type));
  }

  private hears(type: string): boolean {
    return hasListeners(this.target, type);
  }

  /** Tells of an error; where nobody listens the host does, unless somebody hears of it otherwise. */
  private tell(error: Error, isTold: boolean): void {
    if (this.hears('error'))
      fireEvent(this.target, new ErrorEvent('error', { message: error.message, error, cancelable: true }));
    else if (!isTold) currentRuntime().host.app.reportError(error);
  }
}
