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

/**
 * How a life ended:
 * - `left`: the thread said goodbye
 * - `unstarted`: it never answered, and a second try would most likely be no better
 * - `died`: it was there, or about to be, and is gone
 */
export interface LifeEnd {
  readonly how: 'left' | 'unstarted' | 'died';
  readonly error: Error;
  /** Whether all that the thread had posted has arrived. */
  readonly certain: boolean;
}

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
  over(end: LifeEnd): void;
}

/** A thread of a worker, and all that goes with it. */
export class ThreadLife {
  link: Link | null = null;
  private hostWorker: HostWorker | null = null;
  private startTimer: ForegroundTimer | null = null;
  private heartbeat: Heartbeat | null = null;
  private linkEnd: LifeEnd | null = null;
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
    this.awaitAnswer('the subpackage of the worker');
    threads.fetchSubpackage(
      file,
      (loaded, total) => {
        if (!this.isFetching) return;
        this.awaitAnswer('the subpackage of the worker');
        this.listener.progressed(loaded, total);
      },
      (error) => {
        if (!this.isFetching) return;
        if (error === null) launch();
        else this.refuse(error);
      },
    );
  }

  /** Begins with `start` in place of the file. */
  launch(start: () => HostWorker): void {
    try {
      this.hostWorker = start();
    } catch (error) {
      return this.refuse(error);
    }
    this.awaitAnswer('the worker');
    this.connect(this.hostWorker);
  }

  /** Ends the thread from here, for `reason`. Idempotent. */
  end(reason: Error): void {
    this.isOver = true;
    this.startTimer?.cancel();
    this.heartbeat?.stop();
    this.link?.close(reason);
    this.hostWorker?.close();
  }

  private get isFetching(): boolean {
    return !this.isOver && this.hostWorker === null;
  }

  /** From now on the time-out counts. */
  private awaitAnswer(whose: string): void {
    const { file, startTimeoutMs } = this.settings;
    this.startTimer?.cancel();
    this.startTimer = new ForegroundTimer(startTimeoutMs, () => {
      const message = `${whose} ${JSON.stringify(file)} did not answer within ${startTimeoutMs} ms: does the file exist, and does it load mp-lanes/worker?`;
      this.refuse(new WorkerStartError('ERR_WORKER_START', message, { value: file }));
    });
  }

  private connect(hostWorker: HostWorker): void {
    const { listener } = this;
    const link = new Link(hostWorker, portTraits);
    this.link = link;
    // Ports die before the link says so, and for the same reason.
    link.reasonOf = (error) => (this.linkEnd = this.endOf(link, error)).error;
    hostWorker.onError((error) => {
      if (!this.isOver) listener.failed(error);
    });
    link.events.on('fault', (error) => listener.failed(error));
    link.events.on('incompatible', (error) => this.refuse(error));
    link.events.on('end', () => this.finish(this.linkEnd as LifeEnd)); // Invariant: `reasonOf` was asked.
    link.events.on('ready', () => this.becomeReady(link));
    listener.began(link);
    link.open();
  }

  private becomeReady(link: Link): void {
    const { heartbeatMs, file } = this.settings;
    this.isReady = true;
    this.startTimer?.cancel();
    if (heartbeatMs !== Infinity) {
      this.heartbeat = new Heartbeat(link, heartbeatMs, () => {
        const silentMs = Math.round(currentRuntime().now() - link.lastHeardMs);
        const error = lost(
          file,
          `was ended: it let no message in for ${silentMs} ms (heartbeatMs is ${heartbeatMs})`,
        );
        this.finish({ how: 'died', error, certain: true });
      });
    }
    this.listener.answered();
  }

  /** What it means that the link is at its end. */
  private endOf({ saidBye }: Link, error: unknown): LifeEnd {
    const { file } = this.settings;
    if (saidBye && this.isReady) {
      const left = new WorkerLostError('ERR_WORKER_CLOSED', 'the worker ended itself');
      return { how: 'left', error: left, certain: true };
    }
    const isUnstarted = error === undefined || (LanesError.is(error) && error.code !== 'ERR_WORKER_LOST');
    if (!this.isReady && isUnstarted) {
      const told = asStartError(file, error ?? new Error('it ended before it answered'));
      return { how: 'unstarted', error: told, certain: false };
    }
    const why = error instanceof Error ? `: ${error.message}` : '';
    return { how: 'died', error: lost(file, `died${why}`, error), certain: false };
  }

  /** It does not start. */
  private refuse(error: unknown): void {
    this.finish({ how: 'unstarted', error: asStartError(this.settings.file, error), certain: false });
  }

  private finish(end: LifeEnd): void {
    if (this.isOver) return;
    this.end(end.error);
    if (this.isReady) this.listener.over(end);
    // As a task: it may be refused behind `new Worker(…)`, where nobody can listen yet.
    else currentRuntime().pump.post(0, () => this.listener.over(end));
  }
}

function lost(file: string, what: string, cause?: unknown): WorkerLostError {
  return new WorkerLostError('ERR_WORKER_LOST', `the worker ${JSON.stringify(file)} ${what}`, {
    value: file,
    ...(cause === undefined ? {} : { cause }),
  });
}

function asStartError(file: string, error: unknown): Error {
  if (LanesError.is(error)) return error;
  const told = error instanceof Error ? error.message : String(error);
  const message = `the worker ${JSON.stringify(file)} could not be started: ${told}`;
  return new WorkerStartError('ERR_WORKER_START', message, { value: file, cause: error });
}
