/**
 * One life of a worker's thread: from fetching its files to the end of its link.
 *
 * What must always hold: `over` is told once, unless it was ended from here; then nothing is told any more. No timer, link
 * or thread is left after the end.
 */
import { currentThreads } from '../adapters/detect-threads.js';
import { Link } from '../channel/link.js';
import { portTraits } from '../channel/message-port.js';
import { LanesError } from '../core/errors.js';
import { WorkerLostError, WorkerStartError } from '../core/worker-errors.js';
import { ForegroundTimer } from '../host/foreground-timer.js';
import type { HostWorker } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { Heartbeat } from './heartbeat.js';
import type { WorkerSettings } from './worker-options.js';

/** Who hears of a life. */
export interface LifeListener {
  /** The thread is starting; `link` is not open yet. */
  began(link: Link): void;
  /** So much of its files was fetched, in bytes. */
  progressed(loaded: number, total: number): void;
  /** The thread is there and understands us. */
  answered(): void;
  /** Something went wrong that does not end it. */
  failed(error: Error): void;
  /**
   * `life` is over: the thread said goodbye (`ERR_WORKER_CLOSED`), it was there, or about to be, and is gone
   * (`ERR_WORKER_LOST`), or it never answered, and would not the next time (all other codes). `certain`: what it had posted
   * has arrived.
   */
  over(life: ThreadLife, reason: LanesError, certain: boolean): void;
}

/** A thread of a worker, and all that goes with it. */
export class ThreadLife {
  private link: Link | null = null;
  private hostWorker: HostWorker | null = null;
  private startTimer: ForegroundTimer | null = null;
  private heartbeat: Heartbeat | null = null;
  private isOver = false;
  private isReady = false;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly listener: LifeListener,
  ) {}

  /** Starts the thread, with its files fetched before where they are in a package of their own. */
  begin(): void {
    const { file, given } = this.settings;
    const threads = currentThreads();
    const launch = (): void => this.launch(() => threads.createWorker(file, given));
    if (given.subpackage !== true || threads.fetchSubpackage === undefined) return launch();
    const whose = 'the subpackage of the worker';
    this.awaitAnswer(whose);
    threads.fetchSubpackage(
      file,
      (loaded, total) => {
        if (!this.isFetching) return;
        this.awaitAnswer(whose);
        this.listener.progressed(loaded, total);
      },
      (error) => {
        if (!this.isFetching) return;
        if (error === null) launch();
        else this.finish(asStartError(file, error));
      },
    );
  }

  /** Begins with `start` in place of the file. */
  launch(start: () => HostWorker): void {
    try {
      this.hostWorker = start();
    } catch (error) {
      return this.finish(asStartError(this.settings.file, error));
    }
    this.awaitAnswer('the worker');
    this.connect(this.hostWorker);
  }

  /** Ends the thread from here, for `reason`. Idempotent. */
  end(reason: Error): void {
    const { startTimer, heartbeat, link, hostWorker } = this;
    this.isOver = true;
    if (startTimer) startTimer.cancel();
    if (heartbeat) heartbeat.stop();
    if (link) link.close(reason);
    if (hostWorker) hostWorker.close();
  }

  private get isFetching(): boolean {
    return !this.isOver && this.hostWorker === null;
  }

  /** From now on the time-out counts. */
  private awaitAnswer(whose: string): void {
    const { file, startTimeoutMs } = this.settings;
    if (this.startTimer) this.startTimer.cancel();
    this.startTimer = new ForegroundTimer(startTimeoutMs, () => {
      const message = `${whose} ${JSON.stringify(file)} did not answer within ${startTimeoutMs} ms: does the file exist, and does it load mp-lanes/worker?`;
      this.finish(new WorkerStartError('ERR_WORKER_START', message, { value: file }));
    });
  }

  private connect(hostWorker: HostWorker): void {
    const { listener } = this;
    const link = new Link(hostWorker, portTraits);
    let reason: LanesError;
    this.link = link;
    // Ports die before the link says so, and for the same reason.
    link.reasonOf = (error) => (reason = this.reasonOf(link, error));
    hostWorker.onError((error) => {
      if (!this.isOver) listener.failed(error);
    });
    link.events.on('fault', (error) => listener.failed(error));
    link.events.on('incompatible', (error) => this.finish(error));
    link.events.on('end', () => this.finish(reason));
    link.events.on('ready', () => this.becomeReady(link));
    listener.began(link);
    link.open();
  }

  private becomeReady(link: Link): void {
    const { heartbeatMs, file } = this.settings;
    this.isReady = true;
    // Invariant: set before the link.
    (this.startTimer as ForegroundTimer).cancel();
    this.listener.answered();
    // The thread may die of what that sent.
    if (this.isOver || heartbeatMs === Infinity) return;
    this.heartbeat = new Heartbeat(link, heartbeatMs, () => {
      const silentMs = Math.round(currentRuntime().now() - link.lastHeardMs);
      this.finish(
        lost(file, `was ended: it let nothing in for ${silentMs} ms (heartbeatMs: ${heartbeatMs})`),
        true,
      );
    });
    this.heartbeat.start();
  }

  /** Why the link is at its end. */
  private reasonOf({ saidBye }: Link, error: unknown): LanesError {
    const { file } = this.settings;
    const wasLost = error !== undefined && (!LanesError.is(error) || error.code === 'ERR_WORKER_LOST');
    if (!this.isReady && !wasLost)
      return asStartError(file, error ?? new Error('it ended before it answered'));
    if (saidBye) return new WorkerLostError('ERR_WORKER_CLOSED', 'the worker ended itself');
    return lost(file, error instanceof Error ? `died: ${error.message}` : 'died', error);
  }

  private finish(reason: LanesError, certain = false): void {
    if (this.isOver) return;
    this.end(reason);
    const tell = (): void => this.listener.over(this, reason, certain);
    if (this.isReady) tell();
    // As a task: it may be refused behind `new Worker(…)`, where nobody can listen yet.
    else currentRuntime().pump.post(0, tell);
  }
}

function lost(file: string, what: string, cause?: unknown): LanesError {
  const message = `the worker ${JSON.stringify(file)} ${what}`;
  return new WorkerLostError('ERR_WORKER_LOST', message, { value: file, cause });
}

function asStartError(file: string, cause: unknown): LanesError {
  if (LanesError.is(cause)) return cause;
  const told = cause instanceof Error ? cause.message : String(cause);
  const message = `the worker ${JSON.stringify(file)} could not be started: ${told}`;
  return new WorkerStartError('ERR_WORKER_START', message, { value: file, cause });
}
