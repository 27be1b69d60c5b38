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
import { LanesError } from '../core/errors.js';
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
import type { LifeEnd, LifeListener } from './thread-life.js';
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
export class Supervisor {
  state: WorkerState = 'idle';
  readonly port: WorkerPort;
  readonly readiness = new Readiness();
  private life: ThreadLife | null = null;
  private backoff: ForegroundTimer | null = null;
  private idleWatch: IdleWatch | null = null;
  private readonly budget: RestartBudget | null;
  /** Whether a thread ever answered: then another may, too. */
  private hasStarted = false;
  private usesSeen = 0;

  constructor(
    private readonly target: EventTarget,
    private readonly settings: WorkerSettings,
  ) {
    const { restart, isLazy } = settings;
    this.budget = restart === null ? null : new RestartBudget(restart);
    this.port = new WorkerPort(target, () => fireEvent(target, new Event('close')));
    this.port.control.onWake = () => this.wake();
    if (!isLazy) this.wake();
  }

  /** The link to the thread, while there is one. */
  get link(): Link | null {
    return this.life === null ? null : this.life.link;
  }

  /** Starts what is idle. */
  wake(): void {
    if (this.state !== 'idle') return;
    this.setState('starting');
    this.begin();
  }

  /** Ends it from here. */
  terminate(): void {
    if (this.isOver) return;
    this.port.drop();
    this.finish('closed', new WorkerLostError('ERR_WORKER_CLOSED', 'the worker was ended by terminate()'));
    this.port.settle();
  }

  private get isOver(): boolean {
    return this.state === 'failed' || this.state === 'closed';
  }

  private begin(): void {
    this.create(this.settings, 'ready').begin();
  }

  private beginInline(inline: NonNullable<WorkerSettings['inline']>): void {
    const settings = { ...this.settings, startTimeoutMs: Infinity, heartbeatMs: Infinity };
    this.create(settings, 'inline').launch(() => startInline(inline));
  }

  private create(settings: WorkerSettings, goal: 'ready' | 'inline'): ThreadLife {
    const isCurrent = (): boolean => this.life === life;
    const listener: LifeListener = {
      began: (link) => this.port.connect(link),
      progressed: (loaded, total) => fireEvent(this.target, new WorkerProgressEvent(loaded, total)),
      answered: () => this.becomeReady(goal),
      failed: (error) => this.tell(error, false),
      over: (end) => {
        if (isCurrent()) this.lifeEnded(end, goal === 'inline');
      },
    };
    const life = new ThreadLife(settings, listener);
    return (this.life = life);
  }

  private becomeReady(state: 'ready' | 'inline'): void {
    this.hasStarted = true;
    this.state = state;
    // What waited leaves before whoever hears of the state posts more.
    this.port.resume();
    this.readiness.resolve();
    if (state === 'ready') {
      const { idleTimeoutMs } = this.settings;
      this.idleWatch = new IdleWatch(
        idleTimeoutMs,
        () => this.wasUsed(),
        () => this.stop(),
      );
    }
    this.fireState();
  }

  private lifeEnded(end: LifeEnd, wasInline: boolean): void {
    const { how, error, certain } = end;
    this.leave(error, certain);
    if (how === 'left') return this.finish('closed', error);
    const isFirst = how === 'unstarted' && !this.hasStarted && this.state === 'starting';
    if (this.budget === null || wasInline || isFirst || isFinal(error))
      return this.giveUp(error, error, wasInline);
    const backoffMs = this.budget.take(currentRuntime().now());
    if (backoffMs === null) return this.giveUp(error, this.usedUp(error), wasInline);
    this.backoff = new ForegroundTimer(backoffMs, () => this.begin());
    this.setState('restarting');
    this.tell(error, hasListeners(this.target, 'statechange'));
  }

  /** No thread can be had. */
  private giveUp(error: Error, reason: Error, wasInline: boolean): void {
    const { inline } = this.settings;
    const isTold = hasListeners(this.target, 'statechange');
    if (inline === null || wasInline) {
      const { isAsked } = this.readiness;
      const hears =
        isTold || isAsked || this.port.control.listener !== null || hasListeners(this.target, 'close');
      this.finish('failed', reason);
      this.tell(reason, hears);
    } else {
      this.beginInline(inline);
      // That a host has no workers is what the code is there for.
      this.tell(error, isTold || (LanesError.is(error) && error.code === 'ERR_HOST_CAPABILITY'));
    }
  }

  /** Nobody uses it. */
  private stop(): void {
    const reason = new WorkerLostError(
      'ERR_WORKER_CLOSED',
      'the worker was stopped: nothing used it for idleTimeoutMs',
    );
    this.life?.end(reason);
    this.leave(reason, true);
    this.setState('idle');
  }

  /** There is no thread now. */
  private leave(reason: Error, certain: boolean): void {
    this.life = null;
    this.idleWatch?.stop();
    this.readiness.renew();
    this.port.disconnect(reason, certain);
  }

  private finish(state: 'closed' | 'failed', reason: Error): void {
    this.backoff?.cancel();
    this.life?.end(reason);
    this.life = null;
    this.idleWatch?.stop();
    this.readiness.reject(reason);
    this.port.end(reason);
    this.setState(state);
  }

  private wasUsed(): boolean {
    const { control } = this.port;
    const { usesSeen } = this;
    this.usesSeen = control.uses;
    const hasPorts = this.link !== null && this.link.size > 1;
    return (
      control.uses !== usesSeen ||
      hasPorts ||
      control.bufferedAmount > 0 ||
      control.listener?.isBusy?.() === true
    );
  }

  private usedUp(error: Error): WorkerLostError {
    // Invariant: asked where there is a budget.
    const { budget, windowMs } = (this.budget as RestartBudget).limits;
    return new WorkerLostError(
      'ERR_WORKER_LOST',
      `the worker ${JSON.stringify(this.settings.file)} was started again ${budget} times within ${windowMs} ms, which is its budget (restart.budget), and: ${error.message}`,
      { cause: error, value: this.settings.file },
    );
  }

  private setState(state: WorkerState): void {
    this.state = state;
    this.fireState();
  }

  private fireState(): void {
    fireEvent(this.target, new Event('statechange'));
  }

  /** Tells of an error; where nobody listens the host does, unless somebody hears of it otherwise. */
  private tell(error: Error, isTold: boolean): void {
    if (hasListeners(this.target, 'error'))
      fireEvent(this.target, new ErrorEvent('error', { message: error.message, error, cancelable: true }));
    else if (!isTold) currentRuntime().host.app.reportError(error);
  }
}

/** Whether the next start could only end the same way. */
function isFinal(error: Error): boolean {
  return LanesError.is(error) && (error.code === 'ERR_PROTOCOL_VERSION' || error.code === 'ERR_WORKER_BUSY');
}
