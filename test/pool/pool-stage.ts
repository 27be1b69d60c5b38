/** A virtual host with threads that run jobs of a known length; after each test nothing may be left. */
import { afterEach, beforeEach } from 'vitest';
import { createPool } from '../../src/pool.js';
import type { Pool, PoolOptions } from '../../src/pool.js';
import { asJobs } from '../../src/pool/job-code.js';
import { expose } from '../../src/rpc/expose.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost, VirtualHostOptions } from '../../src/testing.js';
import { scheduler } from '../../src/scheduler/scheduler.js';
import { Worker } from '../../src/worker/worker.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';

export const url = 'workers/jobs.js';

/** What a promise came to, once that is looked at. */
export interface Outcome {
  state: 'pending' | 'fulfilled' | 'rejected';
  value?: unknown;
  code?: unknown;
}

export function watch(promise: Promise<unknown>): Outcome {
  const outcome: Outcome = { state: 'pending' };
  promise.then(
    (value) => Object.assign(outcome, { state: 'fulfilled', value }),
    (error: unknown) =>
      Object.assign(outcome, {
        state: 'rejected',
        value: error,
        code: (error as { code?: unknown; name?: unknown } | undefined)?.code,
      }),
  );
  return outcome;
}

export class PoolStage {
  host!: VirtualHost;
  /** Which processor ran which job: `thread 1: first`. */
  ran: string[] = [];
  private uninstall!: () => void;
  private pools: Pool<Jobs>[] = [];

  static perTest(options: VirtualHostOptions = { maxWorkers: 8 }): PoolStage {
    const stage = new PoolStage();
    beforeEach(() => stage.open(options));
    afterEach(() => stage.close());
    return stage;
  }

  open(options: VirtualHostOptions = { maxWorkers: 8 }): void {
    this.host = createVirtualHost(options);
    this.uninstall = this.host.install();
    this.ran = [];
    this.pools = [];
    this.define();
  }

  async close(): Promise<void> {
    for (const pool of this.pools) void pool.close();
    await this.host.runUntilIdle();
    try {
      this.host.assertClean();
    } finally {
      this.uninstall();
    }
  }

  /** Jobs as `who` runs them; a thread takes so long by waiting, this one by costing time. */
  jobs(who: string, isThread = false): Jobs {
    const take = async (ms: number): Promise<void> => {
      await scheduler.postTask(() => undefined, { delay: ms });
    };
    return {
      note: (name) => {
        this.ran.push(`${who}: ${name}`);
        return name;
      },
      work: isThread
        ? async (name, ms) => {
            this.ran.push(`${who}: ${name}`);
            await take(ms);
            return name;
          }
        : (name, ms) => {
            this.ran.push(`${who}: ${name}`);
            this.host.costMs(ms);
            return name;
          },
      fail: (message) => {
        throw Object.assign(new Error(message), { code: 'ERR_OF_THE_JOB' });
      },
      steps: stepsOf((name) => this.ran.push(`${who}: ${name}`)),
    } as Jobs;
  }

  define(): void {
    let threads = 0;
    this.host.defineWorker(url, (pipe) => {
      const scope = new WorkerScope();
      scope.connect(pipe);
      expose(asJobs(this.jobs(`thread ${++threads}`, true)), scope);
    });
  }

  pool(options: Partial<PoolOptions<Jobs>> & { readonly count?: number } = {}): Pool<Jobs> {
    const { count = 1, ...rest } = options;
    const pool = createPool<Jobs>({ worker: { url, count }, ...rest });
    this.pools.push(pool);
    return pool;
  }

  get inline(): Jobs {
    return this.jobs('inline');
  }

  worker(): Worker {
    return new Worker(url);
  }
}

function stepsOf(note: (name: string) => void): Jobs['steps'] {
  return function* (name, count) {
    note(name);
    for (let at = 0; at < count; at++) yield;
    return name;
  };
}

export interface Jobs {
  note(name: string): string;
  work(name: string, ms: number): string | Promise<string>;
  fail(message: string): never;
  steps(name: string, count: number): Generator<undefined, string>;
}
