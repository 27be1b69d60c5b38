/** A virtual host with workers on it, whose events go into its log. */
import { afterEach, beforeEach, expect } from 'vitest';
import { controlSteps } from '../../src/channel/control-form.js';
import type { ControlListener } from '../../src/channel/control-form.js';
import type { Pipe } from '../../src/host/pipe.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost, VirtualHostOptions, VirtualWorker } from '../../src/testing.js';
import type { ErrorEvent } from '../../src/worker/error-event.js';
import { Worker } from '../../src/worker/worker.js';
import type { WorkerOptions } from '../../src/worker/worker-options.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';

/** The file of the worker, unless a test says otherwise. */
export const file = 'workers/index.js';

/** What a worker's file does. */
export type Main = (scope: WorkerScope) => void;

/** The scope of a thread whose end of the pipe is `pipe`. */
export function scopeOf(pipe: Pipe): WorkerScope {
  const scope = new WorkerScope();
  scope.connect(pipe);
  return scope;
}

const codeOf = (error: unknown): string =>
  (error as { code?: string } | undefined)?.code ?? String((error as Error | undefined)?.message ?? error);

/** Where a test plays. */
export class Stage {
  host!: VirtualHost;
  private uninstall!: () => void;

  /** Before each test of a file a new host; after each it must be clean. */
  static perTest(options?: VirtualHostOptions): Stage {
    const stage = new Stage();
    beforeEach(() => stage.open(options));
    afterEach(() => stage.close());
    return stage;
  }

  open(options?: VirtualHostOptions): void {
    this.host = createVirtualHost(options);
    this.uninstall = this.host.install();
  }

  close(): void {
    try {
      this.host.assertClean();
    } finally {
      this.uninstall();
    }
  }

  /** The thread that was started last. */
  get thread(): VirtualWorker {
    return this.host.workers[this.host.workers.length - 1]!;
  }

  define(main: Main, url = file): void {
    this.host.defineWorker(url, (pipe) => main(scopeOf(pipe)));
  }

  /** A watched worker whose file does `main`. */
  start(main: Main, options?: WorkerOptions): Worker {
    this.define(main);
    return this.watch(new Worker(file, options));
  }

  watch(worker: Worker): Worker {
    const { host } = this;
    worker.addEventListener('statechange', () => host.note(worker.state));
    worker.addEventListener('close', () => host.note('close'));
    worker.onerror = ({ error }: ErrorEvent) => host.note(`error ${codeOf(error)}`);
    return worker;
  }

  /** Logs what `worker` gets from its threads. */
  hear(worker: Worker): void {
    worker.onmessage = ({ data }) => this.host.note(`got ${JSON.stringify(data)}`);
  }

  /** Logs what calls through `worker` would be told. */
  control(worker: Worker, more: Partial<ControlListener> = {}): void {
    const { host } = this;
    worker[controlSteps].listen({
      take: () => host.note('control message'),
      closed: (reason) => host.note(`control closed ${codeOf(reason)}`),
      interrupted: (reason, certain) =>
        host.note(`control interrupted ${codeOf(reason)}${certain ? ', certainly' : ''}`),
      resumed: () => host.note('control resumed'),
      ...more,
    });
  }

  /** The log of what happens until nothing is left to happen. */
  async heard(): Promise<string[]> {
    await this.host.runUntilIdle();
    return this.host.takeLog();
  }

  /** The log of what happens in the next `ms`. */
  async heardIn(ms: number): Promise<string[]> {
    await this.host.advance(ms);
    return this.host.takeLog();
  }

  /** Ends `worker`, and hears no more of it. */
  async end(worker: Worker): Promise<void> {
    worker.terminate();
    await this.host.runUntilIdle();
    this.host.takeLog();
  }

  /** What `promise` rejects with, once nothing is left to happen. */
  async errorOf(
    promise: Promise<unknown>,
  ): Promise<Error & { readonly code?: string; readonly value?: unknown }> {
    const found: unknown[] = [];
    promise.then(
      () => found.push(new Error('it was fulfilled')),
      (error: unknown) => found.push(error),
    );
    await this.host.runUntilIdle();
    expect(found, 'the promise is pending').toHaveLength(1);
    return found[0] as Error;
  }
}

/** A worker's file that sends back what it gets, with the number of its thread. */
export function echoing(): Main {
  let threads = 0;
  return (scope) => {
    const thread = ++threads;
    scope.onmessage = ({ data }) => scope.postMessage([thread, data]);
  };
}
