/**
 * `self` of a worker: the worker's own side of its implicit port.
 * Invariant: a link exists from `connect` on exactly where a thread above us started this one.
 */
import { currentThreads } from '../adapters/detect-threads.js';
import { controlSteps } from '../channel/control-form.js';
import type { ControlPort, HasControl } from '../channel/control-form.js';
import { Link } from '../channel/link.js';
import { portTraits } from '../channel/message-port.js';
import type { MessageHandler } from '../channel/message-target.js';
import type { StructuredSerializeOptions } from '../codec/clone.js';
import { LanesError } from '../core/errors.js';
import { EventTarget, fireEvent, getEventHandler, setEventHandler } from '../core/event-target.js';
import { Event } from '../core/event.js';
import { defineInterface } from '../core/webidl.js';
import type { Pipe } from '../host/pipe.js';
import { currentRuntime } from '../host/runtime.js';
import { hubOf } from '../rpc/hub.js';
import { RootControl, openRootPort, postToRoot } from './root-port.js';

/**
 * The scope of a worker, exported as `self` by `mp-lanes/worker`: messages to and from the `Worker` object of the
 * thread above. What arrives before anybody listens waits.
 *
 * @see https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-dedicatedworkerglobalscope-interface
 */
export class WorkerScope extends EventTarget implements HasControl {
  private readonly control = new RootControl();
  private link: Link | null = null;
  private reason: Error | null = null;

  /** @internal Joins the thread above, if there is one. The entry calls it, so that the thread above is answered. */
  connect(pipe: Pipe | null = currentThreads().parent()): void {
    if (this.link !== null) return;
    if (pipe === null) return this.control.close(notAWorker());
    const link = new Link(pipe, portTraits, false);
    this.link = link;
    link.events.on('incompatible', (error) => this.lose(error));
    link.events.on('fault', (error) => currentRuntime().host.app.reportError(error));
    link.events.on('end', () => this.lose(aboveIsGone()));
    openRootPort(link, this, this.control, new Set(), () => this.fireClose());
    // Also where nothing is ever exposed: whoever calls is told so.
    hubOf(this);
    link.open();
    this.control.resume();
  }

  /**
   * Sends `message` to the `Worker` object in the thread above.
   * @throws LanesError `ERR_HOST_CAPABILITY` in a thread that nobody started
   * @throws as `MessagePort.postMessage` does
   */

  postMessage(message: unknown, transfer?: Iterable<object> | StructuredSerializeOptions | null): void;
  postMessage(...args: [unknown?, unknown?]): void {
    if (this.link === null) throw notAWorker();
    postToRoot(this.link, args);
  }

  /** Ends the worker from inside, after what was posted before. */
  close(): void {
    if (this.reason !== null) return;
    this.lose(new LanesError('ERR_WORKER_CLOSED', 'the worker ended itself'));
    this.link?.root.close();
    this.link?.close();
  }

  /** Hears messages of the thread above. */
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

  /** @internal For calls. */
  get [controlSteps](): ControlPort {
    return this.control;
  }

  private fireClose(): void {
    this.lose(aboveIsGone());
    fireEvent(this, new Event('close'));
  }

  /** The thread above is gone. Calls hear of it at once, messages that nobody has heard keep `close` waiting. */
  private lose(reason: Error): void {
    this.reason ??= reason;
    this.control.close(this.reason);
  }
}

const notAWorker = (): LanesError =>
  new LanesError(
    'ERR_HOST_CAPABILITY',
    'this thread is not a worker: mp-lanes/worker belongs into a worker file',
  );

const aboveIsGone = (): LanesError =>
  new LanesError('ERR_PORT_CLOSED', 'the thread that started this worker is gone');

defineInterface(WorkerScope, 'DedicatedWorkerGlobalScope');
