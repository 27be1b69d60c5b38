/** Where an operation is measured: a counted host, and threads on it whose messages are counted. */
import { Inbox } from '../../src/adapters/inbox.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import type { HostThreads } from '../../src/host/host.js';
import type { HostWorker, Pipe } from '../../src/host/pipe.js';
import { installHost } from '../../src/host/runtime.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';
import { LinkedEnd } from '../channel/linked-end.js';
import { CountedHost } from './counted-host.js';

/** Ids are taken from `Math.random`: the same ones for each operation, whatever was measured before it. */
function seedRandom(): void {
  let state = 1;
  Math.random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits keep all ids of one length.
    return (state + 0.123_456_789) / 2 ** 32;
  };
}

function sizeOf(message: unknown): number {
  if (typeof message === 'string') return message.length;
  const { text, buffers = [] } = message as { readonly text: string; readonly buffers?: ArrayBuffer[] };
  return buffers.reduce((sum, { byteLength }) => sum + byteLength, text.length);
}

/** One measurement's world. */
export class Stage {
  /** How many of its operations were done. */
  done = 0;
  readonly counted: CountedHost;
  /** What a worker's file would do. */
  workerMain: (self: WorkerScope) => void = () => undefined;
  private readonly uninstall: () => void;
  private ends: readonly [LinkedEnd, LinkedEnd] | null = null;

  constructor() {
    seedRandom();
    const threads: HostThreads = { createWorker: () => this.startWorker(), parent: () => null };
    this.counted = new CountedHost(threads);
    this.uninstall = installHost(this.counted.host);
  }

  /** Counts an operation that is done. */
  readonly tick = (): void => {
    this.done++;
  };

  /** Runs all there is, timers too. */
  settle(): Promise<void> {
    return new Promise((resolve) => this.counted.run(true, resolve));
  }

  close(): void {
    this.uninstall();
    const [error] = this.counted.errors;
    if (error !== undefined) throw error;
  }

  /** A port here and its other side in another thread. */
  async openPort(): Promise<readonly [near: MessagePort, far: MessagePort]> {
    this.ends ??= this.connect();
    const [a, b] = this.ends;
    const arrived: MessagePort[] = [];
    b.heard = ({ ports: [port] }) => arrived.push(port!);
    const { port1, port2 } = new MessageChannel();
    a.post(null, [port2]);
    await this.settle();
    return [port1, arrived[0]!];
  }

  /** The two ends of a link between this thread and another. */
  connect(): readonly [LinkedEnd, LinkedEnd] {
    const [near, far] = this.pipes();
    return [new LinkedEnd(near), new LinkedEnd(far, false)];
  }

  private pipes(): readonly [Pipe, Pipe] {
    const near = new Inbox();
    const far = new Inbox();
    return [this.pipe(near, far, true), this.pipe(far, near, false)];
  }

  private pipe(own: Inbox, other: Inbox, isNear: boolean): Pipe {
    const { counted } = this;
    return {
      traits: { binary: true, transfer: true, bare: true },
      send(message) {
        const { counts } = counted;
        counts[isNear ? 'sent' : 'answered']++;
        counts[isNear ? 'sentBytes' : 'answeredBytes'] += sizeOf(message);
        counted.deliver(() => other.receive(message));
      },
      listen: (events) => own.listen(events),
      close() {
        if (own.close()) counted.deliver(() => other.end());
      },
    };
  }

  private startWorker(): HostWorker {
    const [near, far] = this.pipes();
    this.counted.deliver(() => {
      const self = new WorkerScope();
      self.connect(far);
      this.workerMain(self);
    });
    return { ...near, onError: () => undefined };
  }
}
