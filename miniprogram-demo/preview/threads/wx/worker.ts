/** `wx.createWorker`: one at a time, messages copied by a carrier that can be chosen, faults on demand. */
import { pack, unpack } from '../../shared/carrier.js';
import type {
  LogicToWorker,
  Packet,
  WorkerFaults,
  WorkerState,
  WorkerToLogic,
} from '../../shared/protocol.js';
import type { Manifest } from '../../shared/manifest.js';
import { native } from '../native.js';
import { runTurn } from '../turns.js';
import { logToView, tellView } from '../view-link.js';

type Listener = (argument: unknown) => void;

/** What a thread needs to start another one like itself. */
export interface WorkerSettings {
  readonly manifest: Manifest;
  readonly strict: boolean;
  readonly clock: SharedArrayBuffer | null;
}

let faults: Required<Omit<WorkerFaults, 'kill'>> = { carrier: 'json', delayMs: 0 };
let running: WorkerHandle | null = null;

/** Applies what the panel or the driver asks for; `kill` ends the running worker. */
export function applyFaults(change: WorkerFaults): void {
  faults = { carrier: change.carrier ?? faults.carrier, delayMs: change.delayMs ?? faults.delayMs };
  running?.useCarrier();
  if (change.kill === true) running?.kill();
}

/** `wx.createWorker(path, options)`. */
export function createWorker(path: unknown, settings: WorkerSettings): WorkerHandle {
  if (typeof path !== 'string')
    throw new TypeError('createWorker:fail parameter error: scriptPath should be a string');
  if (settings.manifest.workersFolder === '') throw new Error('createWorker:fail app.json has no "workers"');
  if (running !== null) throw new Error('createWorker:fail exceed max concurrent worker limit');
  running = new WorkerHandle(path.replace(/^\//, ''), settings);
  return running;
}

function setState(state: WorkerState, detail: string): void {
  tellView({ type: 'worker-state', state, detail });
}

class WorkerHandle {
  private readonly thread: Worker;
  private readonly listeners = {
    message: new Set<Listener>(),
    error: new Set<Listener>(),
    killed: new Set<Listener>(),
  };
  private alive = true;

  constructor(
    private readonly path: string,
    { manifest, strict, clock }: WorkerSettings,
  ) {
    this.thread = new native.Worker(`/runtime/worker.js${strict ? '' : '?strict=0'}`, { name: path });
    this.thread.onmessage = ({ data }: MessageEvent<WorkerToLogic>) => {
      this.receive(data);
    };
    this.send({ type: 'start', path, files: manifest.workerScripts, strict, clock });
    this.useCarrier();
    setState('running', path);
  }

  readonly postMessage = (message: unknown): void => {
    if (!this.alive) return;
    const packet = pack(message, faults.carrier);
    this.afterDelay(() => {
      this.send({ type: 'message', packet });
    });
  };

  readonly onMessage = (listener: Listener): void => void this.listeners.message.add(listener);
  readonly onError = (listener: Listener): void => void this.listeners.error.add(listener);
  readonly onProcessKilled = (listener: Listener): void => void this.listeners.killed.add(listener);

  readonly terminate = (): void => {
    if (this.alive) this.end('terminated');
  };

  useCarrier(): void {
    this.send({ type: 'carrier', carrier: faults.carrier });
  }

  kill(): void {
    this.end('killed');
    runTurn('worker', () => {
      this.tell(this.listeners.killed, undefined);
    });
  }

  private receive(message: WorkerToLogic): void {
    if (!this.alive) return;
    if (message.type === 'message')
      this.afterDelay(() => {
        this.deliver(message.packet);
      });
    else if (message.type === 'error') this.fail(message.message, message.stack);
    else if (message.type === 'test-killed') this.kill();
    else if (message.type === 'log') logToView(message.line);
    else
      tellView({
        type: 'samples',
        thread: 'worker',
        turns: message.turns,
        setDataCalls: 0,
        setDataBytes: 0,
        messages: 0,
      });
  }

  private deliver(packet: Packet): void {
    if (!this.alive) return;
    runTurn('worker', () => {
      this.tell(this.listeners.message, unpack(packet));
    });
  }

  /** As on a device: an error inside, a missing file too, is told to `onError` and the console; the thread lives on. */
  private fail(message: string, stack: string): void {
    logToView({ thread: 'worker', level: 'error', text: `${this.path}: ${message}` });
    setState('failed', message);
    runTurn('worker', () => {
      this.tell(this.listeners.error, { message, stack, filename: this.path, errMsg: message });
    });
  }

  private tell(listeners: ReadonlySet<Listener>, argument: unknown): void {
    for (const listener of listeners) listener(argument);
  }

  private end(state: 'terminated' | 'killed'): void {
    this.alive = false;
    this.thread.terminate();
    if (running === this) running = null;
    setState(state, this.path);
  }

  private afterDelay(act: () => void): void {
    if (faults.delayMs > 0) native.setTimeout(act, faults.delayMs);
    else act();
  }

  private send(message: LogicToWorker): void {
    this.thread.postMessage(message);
  }
}
