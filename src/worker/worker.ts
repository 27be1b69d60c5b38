/**
 * The supervised `Worker`, seen from the thread that started it.
 *
 * What must always hold:
 * - `state` only goes forward: starting → ready → closed, or starting → failed, or ready → failed.
 * - `ready` settles once. Whatever ends the worker, `close` is fired once, after the last message that had arrived, and
 *   every call through the worker has settled then.
 */
import { currentThreads } from '../adapters/detect-threads.js';
import { controlSteps } from '../channel/control-form.js';
import type { ControlPort, HasControl } from '../channel/control-form.js';
import { Link } from '../channel/link.js';
import type { MessageHandler } from '../channel/message-target.js';
import { portTraits } from '../channel/message-port.js';
import type { StructuredSerializeOptions } from '../codec/clone.js';
import { LanesError } from '../core/errors.js';
import type { EventHandler } from '../core/event-target.js';
import {
  EventTarget,
  fireEvent,
  getEventHandler,
  hasListeners,
  setEventHandler,
} from '../core/event-target.js';
import { Event } from '../core/event.js';
import { WorkerLostError, WorkerStartError } from '../core/worker-errors.js';
import { defineInterface, dictionary } from '../core/webidl.js';
import { ForegroundTimer } from '../host/foreground-timer.js';
import type { HostWorker } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { ErrorEvent } from './error-event.js';
import { RootControl, openRootPort, postToRoot } from './root-port.js';

/** How a worker is started. */
export interface WorkerOptions {
  /** Web: whether the file is a module. @defaultValue `'classic'` */
  readonly type?: 'classic' | 'module';
  /** A name for debugging. @defaultValue none */
  readonly name?: string;
  /**
   * WeChat: a worker with JIT on iOS, which the system may kill when memory is short. @defaultValue `false`
   * @see https://developers.weixin.qq.com/miniprogram/dev/framework/workers.html
   */
  readonly useExperimentalWorker?: boolean;
  /**
   * Milliseconds in the foreground until the worker must have answered, above 0; `Infinity` waits for ever.
   * @defaultValue 10000
   */
  readonly startTimeoutMs?: number;
  /**
   * Web and Node: small messages travel through memory that both threads share. It pays for streams of messages that leave
   * in many turns; one call and its answer take as long as without it. Large messages, buffers, and everything where the
   * page is not cross-origin isolated or the worker's file is of another build, travel as without it; order is kept.
   * Takes 2 MiB a worker. @defaultValue `false`
   * @see https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated
   */
  readonly sharedMemory?: boolean;
}

/**
 * - `starting`: the file is loading; messages wait
 * - `ready`: the other end has answered
 * - `failed`: it could not be started, or it died
 * - `closed`: ended by `terminate()` here or by `self.close()` there
 */
export type WorkerState = 'starting' | 'ready' | 'failed' | 'closed';

const defaultStartTimeoutMs = 10_000;

/**
 * A worker: a file of code that runs in a thread of its own, on every host (`wx.createWorker` and its cousins, a Web
 * Worker, `worker_threads`). The file must load `mp-lanes/worker`. It starts at once; what is posted before it is there
 * waits. It never throws because the host refuses: `ready` rejects, `error` and `close` are fired, and calls reject.
 *
 * Events: `message`, `messageerror`; `error` (an `ErrorEvent`: uncaught in the worker, or what ended it); `statechange`;
 * `close` (nothing more comes).
 *
 * @example
 * ```js
 * const worker = new Worker('workers/index.js');
 * worker.onmessage = (event) => console.log(event.data);
 * const channel = new MessageChannel();
 * worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
 * ```
 * @see https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface
 */
export class Worker extends EventTarget implements HasControl {
  /**
   * Settles when the worker is there.
   * Rejects with `ERR_WORKER_START` (no such file, refused by the host, no answer in time), `ERR_WORKER_BUSY` (the host
   * allows one worker and it is taken), `ERR_HOST_CAPABILITY` (no workers here), `ERR_PROTOCOL_VERSION` (the file was
   * built with another version of mp-lanes), `ERR_WORKER_CLOSED` (ended before it was there).
   */
  get ready(): Promise<void> {
    this.readyAsked = true;
    return this.readyPromise;
  }

  private readonly control = new RootControl();
  private readonly readyPromise: Promise<void>;
  private readyAsked = false;
  private currentState: WorkerState = 'starting';
  private reason: Error | null = null;
  private link: Link | null = null;
  private hostWorker: HostWorker | null = null;
  private startTimer: ForegroundTimer | null = null;
  // Invariant: set by the promise's executor, which runs before anything else.
  private settleReady!: { resolve(): void; reject(reason: Error): void };

  /**
   * @param url - the file: on WeChat from the project's root (`'workers/index.js'`), elsewhere what the host resolves
   * @throws TypeError for a `url` that is neither text nor a URL
   * @throws LanesError `ERR_INVALID_ARGUMENT` for a time-out out of range
   */
  constructor(url: string | { readonly href: string }, options: WorkerOptions = {}) {
    super();
    const file = readUrl(url);
    const timeoutMs = readTimeout(dictionary(options)['startTimeoutMs']);
    this.readyPromise = new Promise((resolve, reject) => {
      this.settleReady = { resolve, reject };
    });
    // Whoever does not ask for `ready` is told otherwise.
    this.readyPromise.catch(() => undefined);
    this.launch(file, options, timeoutMs);
  }

  /** How the worker is. Each change fires `statechange`. */
  get state(): WorkerState {
    return this.currentState;
  }

  /**
   * Sends `message` to `self` in the worker: a copy, with what `transfer` lists moved. Waits for the worker to be there;
   * does nothing when the worker has ended.
   * @throws as `MessagePort.postMessage` does
   */

  postMessage(message: unknown, transfer?: Iterable<object> | StructuredSerializeOptions | null): void;
  postMessage(...args: [unknown?, unknown?]): void {
    postToRoot(this.link, args);
  }

  /**
   * Ends the worker now. What it was doing is lost, what it had sent and was not delivered is dropped; pending calls
   * reject with `ERR_WORKER_CLOSED`. Ending twice does nothing.
   */
  terminate(): void {
    if (this.reason !== null) return;
    const reason = new WorkerLostError('ERR_WORKER_CLOSED', 'the worker was ended by terminate()');
    this.link?.root.close();
    this.finish('closed', reason);
    fireEvent(this, new Event('close'));
  }

  /** Hears messages of the worker. */
  get onmessage(): MessageHandler<this> {
    return getEventHandler(this, 'message');
  }

  set onmessage(value: MessageHandler<this>) {
    setEventHandler(this, 'message', value);
  }

  /** Hears of messages that arrived but could not be read. */
  get onmessageerror(): MessageHandler<this> {
    return getEventHandler(this, 'messageerror');
  }

  set onmessageerror(value: MessageHandler<this>) {
    setEventHandler(this, 'messageerror', value);
  }

  /** Hears of errors that the worker did not catch, and of what ended it. */
  get onerror(): EventHandler<this, ErrorEvent> {
    return getEventHandler(this, 'error');
  }

  set onerror(value: EventHandler<this, ErrorEvent>) {
    setEventHandler(this, 'error', value);
  }

  /** @internal For calls. */
  get [controlSteps](): ControlPort {
    return this.control;
  }

  private launch(url: string, options: WorkerOptions, timeoutMs: number): void {
    try {
      this.hostWorker = currentThreads().createWorker(url, options);
    } catch (error) {
      // Told as a task: nobody can listen yet.
      this.lose(asStartError(url, error));
      return;
    }
    this.connect(this.hostWorker, url);
    if (timeoutMs === Infinity || this.reason !== null) return;
    this.startTimer = new ForegroundTimer(timeoutMs, () => this.lose(noAnswer(url, timeoutMs)));
  }

  private connect(hostWorker: HostWorker, url: string): void {
    const link = new Link(hostWorker, portTraits);
    this.link = link;
    hostWorker.onError((error) => this.tellError(error));
    link.events.on('ready', () => this.becomeReady());
    link.events.on('incompatible', (error) => this.lose(error));
    link.events.on('fault', (error) => this.tellError(error));
    link.events.on('end', (error) => this.onLinkEnd(url, error));
    openRootPort(link, this, this.control, () => this.fireClose());
    link.open();
  }

  private becomeReady(): void {
    this.startTimer?.cancel();
    this.settleReady.resolve();
    this.setState('ready');
    this.control.resume();
  }

  private onLinkEnd(url: string, error: unknown): void {
    if (this.currentState === 'starting') {
      this.lose(asStartError(url, error ?? new Error('it ended before it answered')));
    } else if (error === undefined) {
      this.finish('closed', new WorkerLostError('ERR_WORKER_CLOSED', 'the worker ended itself'));
    } else {
      const told = error instanceof Error ? `: ${error.message}` : '';
      this.lose(
        new WorkerLostError('ERR_WORKER_LOST', `the worker ${JSON.stringify(url)} died${told}`, {
          cause: error,
        }),
      );
    }
  }

  /** The worker failed. */
  private lose(reason: Error): void {
    if (this.reason !== null) return;
    const hadLink = this.link !== null;
    this.finish('failed', reason);
    // Listeners may come in the code that runs now, above all behind `new Worker(…)`.
    currentRuntime().pump.post(0, () => {
      // Remotes listen for `close`: their calls reject.
      const isTold = this.readyAsked || hasListeners(this, 'close');
      if (!isTold || hasListeners(this, 'error')) this.tellError(reason);
    });
    if (!hadLink) currentRuntime().pump.post(0, () => this.fireClose());
  }

  /** Lets go of everything; the root port says `closed` once it has delivered what had arrived. */
  private finish(state: 'closed' | 'failed', reason: Error): void {
    this.reason = reason;
    this.startTimer?.cancel();
    this.settleReady.reject(reason);
    this.link?.close();
    this.hostWorker?.close();
    this.setState(state);
    if (state === 'closed') this.control.close(reason);
  }

  private fireClose(): void {
    if (this.reason !== null) this.control.close(this.reason);
    fireEvent(this, new Event('close'));
  }

  private setState(state: WorkerState): void {
    this.currentState = state;
    fireEvent(this, new Event('statechange'));
  }

  private tellError(error: Error): void {
    if (!hasListeners(this, 'error')) {
      currentRuntime().host.app.reportError(error);
      return;
    }
    fireEvent(this, new ErrorEvent('error', { message: error.message, error, cancelable: true }));
  }
}

defineInterface(Worker, 'Worker');

function readUrl(url: unknown): string {
  if (typeof url === 'string' && url !== '') return url;
  const { href } = (typeof url === 'object' && url !== null ? url : {}) as { readonly href?: unknown };
  if (typeof href === 'string' && href !== '') return href;
  throw new TypeError(`new Worker: not the path or URL of a file: ${String(url)}`);
}

function readTimeout(value: unknown): number {
  if (value === undefined) return defaultStartTimeoutMs;
  if (typeof value === 'number' && value > 0) return value;
  throw new LanesError(
    'ERR_INVALID_ARGUMENT',
    `startTimeoutMs must be a number of milliseconds above 0, not ${String(value)}`,
    {
      value,
    },
  );
}

function asStartError(url: string, error: unknown): Error {
  if (LanesError.is(error)) return error;
  const told = error instanceof Error ? error.message : String(error);
  return new WorkerStartError(
    'ERR_WORKER_START',
    `the worker ${JSON.stringify(url)} could not be started: ${told}`,
    {
      value: url,
      cause: error,
    },
  );
}

function noAnswer(url: string, timeoutMs: number): WorkerStartError {
  return new WorkerStartError(
    'ERR_WORKER_START',
    `the worker ${JSON.stringify(url)} did not answer within ${timeoutMs} ms: does the file exist, and does it load mp-lanes/worker?`,
    { value: url },
  );
}
