/** A virtual host with two ends on it that call each other; after each test nothing may be left of their calls. */
import { afterEach, beforeEach, expect } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import type { Endpoint } from '../../src/rpc/endpoint.js';
import { expose } from '../../src/rpc/expose.js';
import type { ExposeOptions } from '../../src/rpc/expose.js';
import type { Remote } from '../../src/rpc/remote-types.js';
import { callStats, wrap } from '../../src/rpc/wrap.js';
import { createLinkedEnds, createVirtualHost } from '../../src/testing.js';
import type { LinkedEndsOptions, VirtualHost, VirtualHostOptions } from '../../src/testing.js';
import type { Worker } from '../../src/worker/worker.js';
import type { WorkerScope } from '../../src/worker/worker-scope.js';

/** What an error of a call is looked at for. */
export interface CallFailure extends Error {
  readonly code?: unknown;
  readonly value?: unknown;
}

/** Two ports, with something exposed on the second and wrapped on the first. */
export interface Ends<Api> {
  readonly remote: Remote<Api>;
  readonly near: MessagePort;
  readonly far: MessagePort;
  /** Ends what is exposed. */
  readonly stop: () => void;
}

/** A worker with something exposed in each of its threads. */
export interface WorkerEnds<Api> {
  readonly remote: Remote<Api>;
  readonly worker: Worker;
  /** The scopes of its threads, the latest last. */
  readonly scopes: readonly WorkerScope[];
}

const nothing = { pending: 0, running: 0, callbacks: 0, streams: 0, faults: 0 };

/** Where tests of calls play. */
export class CallStage {
  host!: VirtualHost;
  private uninstall!: () => void;
  private endpoints: Endpoint[] = [];
  private workers: Worker[] = [];

  /** Before each test of a file a new host; after each test it is clean, and nothing is left at any end. */
  static perTest(options?: VirtualHostOptions): CallStage {
    const stage = new CallStage();
    beforeEach(() => stage.open(options));
    afterEach(() => stage.close());
    return stage;
  }

  open(options?: VirtualHostOptions): void {
    this.host = createVirtualHost(options);
    this.uninstall = this.host.install();
    this.endpoints = [];
    this.workers = [];
  }

  async close(): Promise<void> {
    try {
      await this.host.runUntilIdle();
      for (const endpoint of this.endpoints) this.expectNothingLeft(endpoint);
      for (const worker of this.workers) worker.terminate();
      await this.host.runUntilIdle();
      this.host.assertClean();
    } finally {
      this.uninstall();
    }
  }

  /** Nothing may be under way through `endpoint`, and at the end of the test again. */
  expectNothingLeft(endpoint: Endpoint): void {
    expect(callStats(endpoint)).toEqual(nothing);
  }

  /** Looks at `endpoint` when the test is over, too. */
  watch<E extends Endpoint>(endpoint: E): E {
    this.endpoints.push(endpoint);
    return endpoint;
  }

  /** Two ends in one thread. */
  connect<Api extends object>(api: Api, options?: ExposeOptions): Ends<Api> {
    const { port1: near, port2: far } = new MessageChannel();
    this.endpoints.push(near, far);
    const stop = expose(api, far, options);
    return { remote: wrap<Api>(near), near, far, stop };
  }

  /** The same with a worker between: each of its threads exposes what `create` gives. */
  startWorker<Api extends object>(
    create: (thread: number, scope: WorkerScope) => Api,
    options?: LinkedEndsOptions,
  ): WorkerEnds<Api> {
    const scopes: WorkerScope[] = [];
    const { worker } = createLinkedEnds(
      this.host,
      (scope) => {
        scopes.push(this.watch(scope));
        expose(create(scopes.length, scope), scope);
      },
      options,
    );
    this.watch(worker).onerror = () => undefined;
    this.workers.push(worker);
    return { remote: wrap<Api>(worker), worker, scopes };
  }

  /** The thread that was started last dies. */
  kill(error?: unknown): void {
    this.host.workers[this.host.workers.length - 1]?.kill(error);
  }

  /** What `promise` fulfils with, once nothing is left to happen. */
  async valueOf<T>(promise: PromiseLike<T>): Promise<T> {
    const outcome = watched(promise);
    await this.host.runUntilIdle();
    return outcome.value();
  }

  /** What `promise` rejects with, once nothing is left to happen. */
  async errorOf(promise: PromiseLike<unknown>): Promise<CallFailure> {
    const outcome = watched(promise);
    await this.host.runUntilIdle();
    return outcome.error();
  }
}

/** What became of a promise, as far as it is known now. */
export interface Watched<T> {
  readonly state: 'pending' | 'fulfilled' | 'rejected';
  value(): T;
  error(): CallFailure;
}

/** Looks at a promise without waiting for it. */
export function watched<T>(promise: PromiseLike<T>): Watched<T> {
  let state: Watched<T>['state'] = 'pending';
  let result: unknown;
  promise.then(
    (value) => {
      state = 'fulfilled';
      result = value;
    },
    (error: unknown) => {
      state = 'rejected';
      result = error;
    },
  );
  const expectState = (wanted: Watched<T>['state']): void => {
    if (state !== wanted) expect(state, state === 'rejected' ? String(result) : 'the promise').toBe(wanted);
  };
  return {
    get state() {
      return state;
    },
    value() {
      expectState('fulfilled');
      return result as T;
    },
    error() {
      expectState('rejected');
      return result as CallFailure;
    },
  };
}

/** Reads a stream to its end. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A promise with its functions outside. */
export function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}
