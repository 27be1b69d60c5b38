/**
 * The supervised `Worker`, seen from the thread that started it: its public face. `supervisor.ts` is what it does.
 */
import { controlSteps } from '../channel/control-form.js';
import type { ControlPort, HasControl } from '../channel/control-form.js';
import type { MessageHandler } from '../channel/message-target.js';
import type { StructuredSerializeOptions } from '../codec/clone.js';
import type { EventHandler } from '../core/event-target.js';
import { EventTarget, getEventHandler, setEventHandler } from '../core/event-target.js';
import { defineInterface } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { hubOf } from '../rpc/hub.js';
import type { ErrorEvent } from './error-event.js';
import { liveWorkers } from './live-workers.js';
import { Supervisor } from './supervisor.js';
import type { WorkerState } from './supervisor.js';
import { readSettings } from './worker-options.js';
import type { WorkerOptions } from './worker-options.js';

/** What the heartbeat knows of a worker. */
export interface WorkerHealth {
  /** For how many milliseconds nothing was heard of the thread; `Infinity` while there is none. */
  readonly silentMs: number;
  /** How long the last question took to be answered, in milliseconds; `null` before the first answer. */
  readonly roundTripMs: number | null;
}

/**
 * A worker: a file of code that runs in a thread of its own, on every host (`wx.createWorker` and its cousins, a Web
 * Worker, `worker_threads`). The file must load `mp-lanes/worker`. What is posted before the thread is there waits. A
 * thread that dies, or that lets no message in any more, is replaced by another; what is posted meanwhile waits. It never
 * throws because the host refuses: then `ready` rejects, `error` and `close` are fired, and calls reject.
 *
 * Events: `message`, `messageerror`; `statechange`; `error` (an `ErrorEvent`: uncaught in the worker, what ended a thread,
 * or the worker); `progress` (a `WorkerProgressEvent`: a subpackage on its way); `close` (nothing more comes).
 *
 * @example
 * ```js
 * const worker = new Worker('workers/index.js');
 * worker.onmessage = (event) => console.log(event.data);
 * worker.addEventListener('statechange', () => console.log(worker.state));
 * const channel = new MessageChannel();
 * worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
 * ```
 * @see https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface
 */
export class Worker extends EventTarget implements HasControl {
  private readonly supervisor: Supervisor;

  /**
   * @param url - the file: on WeChat from the project's root (`'workers/index.js'`), elsewhere what the host resolves
   * @throws TypeError for a `url` that is neither text nor a URL
   * @throws LanesError `ERR_INVALID_ARGUMENT` for an option out of its range
   */
  constructor(url: string | { readonly href: string }, options: WorkerOptions = {}) {
    super();
    this.supervisor = new Supervisor(this, readSettings(url, options));
    // Also where nothing is ever exposed here: whoever calls from the worker is told so.
    hubOf(this);
    liveWorkers().add(this);
  }

  /** How the worker is. Each change fires `statechange`. */
  get state(): WorkerState {
    return this.supervisor.state;
  }

  /**
   * Settles when the worker is there, or its code runs inline; a new promise each time that it is there no more. Looking at
   * it starts a worker that is idle.
   * Rejects when it is at its end: with `ERR_WORKER_START` (no such file, refused by the host, no answer in time),
   * `ERR_WORKER_BUSY` (the host allows one worker and it is taken), `ERR_HOST_CAPABILITY` (no workers here),
   * `ERR_PROTOCOL_VERSION` (the file was built with another version of mp-lanes), `ERR_WORKER_LOST` (it died too often),
   * `ERR_WORKER_CLOSED` (ended by either side).
   */
  get ready(): Promise<void> {
    this.supervisor.wake();
    return this.supervisor.readiness.promise;
  }

  /** Signs of life. */
  get health(): WorkerHealth {
    const { link } = this.supervisor.port.control;
    if (link === null) return { silentMs: Infinity, roundTripMs: null };
    return { silentMs: currentRuntime().now() - link.lastHeardMs, roundTripMs: link.roundTripMs };
  }

  /**
   * Sends `message` to `self` in the worker: a copy, with what `transfer` lists moved. Waits for a thread to be there, in
   * order; does nothing when the worker has ended. What a thread that dies had not taken yet is lost with it.
   * @throws as `MessagePort.postMessage` does
   */

  postMessage(message: unknown, transfer?: Iterable<object> | StructuredSerializeOptions | null): void;
  postMessage(...args: [unknown?, unknown?]): void {
    this.supervisor.port.post(args);
  }

  /**
   * Ends the worker now and for good, whatever its state. What it was doing is lost, what it had sent and was not delivered
   * is dropped; pending calls reject with `ERR_WORKER_CLOSED`. Ending twice does nothing.
   */
  terminate(): void {
    this.supervisor.terminate();
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
    return this.supervisor.port.control;
  }
}

defineInterface(Worker, 'Worker');
