/**
 * The stage on which the demo's pages are tested: a virtual host under the SDK, a service that answers after 20 ms of
 * virtual time, and the demo's real worker code, evaluated apart from the pages with the bundle that the build puts there.
 */
import { existsSync } from 'node:fs';
import * as lanes from '../../src/index.js';
import { createVirtualHost } from '../../src/testing.js';
import type { Pipe, VirtualHost, VirtualWorker } from '../../src/testing.js';
import { cityPage } from '../../miniprogram-demo/service/cities.js';
import { openMiniProgram } from './mini-program.js';
import type { MiniProgram, OpenPage } from './mini-program.js';

const root = 'miniprogram-demo/miniprogram';

/** How many cities the service of the stage has; enough for five parts. */
export const cityCount = 12_000;

/** What wx.request is given and answers. */
interface RequestOptions {
  readonly url: string;
  success(answer: { statusCode: number; data: unknown }): void;
  fail(reason: { errMsg: string }): void;
}

/** The answer to a request: what `success` is given, or `null` for a service that cannot be reached. */
export type Answer = { readonly statusCode: number; readonly data: unknown } | null;

/** A stage. */
export interface Stage {
  readonly host: VirtualHost;
  readonly app: MiniProgram;
  /** Replaces the service, for as long as the stage stands. */
  answer: (url: URL) => Answer;
  /** Requests so far, and the most that were under way at once. */
  readonly requests: { count: number; most: number };
  /** What the mini-program wrote to the console as errors and no test has taken yet. */
  readonly written: string[];
  /** What it wrote as warnings. */
  readonly warned: string[];
  /** Rows that the worker's filters have made so far. */
  readonly filtered: { rows: number };
  /** Addresses of `wx.navigateTo` so far. The pages are opened and closed by the test. */
  readonly visited: string[];
  /** Opens the page and waits until it has settled. */
  open(path: string): Promise<OpenPage>;
  /** Runs one turn after the other, and lets time pass, until `condition` holds. @throws when ten seconds were not enough */
  until(condition: () => boolean): Promise<void>;
  /** Ends the stage. @throws when an error was reported, something was written to the console, or anything is still armed */
  close(): void;
}

/**
 * Sets the stage.
 * @param options - `worker: false` for a mini-program whose worker file is missing; `costlySteps: false` for one whose own
 * code tells what it costs; `rowMs` is how long the worker's filters take for a row of a picture, `jobMs` for a job of the
 * pool; `simulated: false` for a
 * client that cannot simulate that the system kills a worker
 */
export function createStage({
  worker = true,
  costlySteps = true,
  rowMs = 0,
  jobMs = 0,
  simulated = true,
} = {}): Stage {
  const host = createVirtualHost();
  const uninstall = host.install();
  const written: string[] = [];
  const warned: string[] = [];
  const globals = {
    ...timeOf(host),
    console: {
      error: (line: string) => void written.push(line),
      warn: (line: string) => void warned.push(line),
    },
  };
  const filtered = { rows: 0 };
  if (worker) defineWorker(host, { rowMs, jobMs, simulated, filtered });
  const requests = { count: 0, most: 0 };
  const visited: string[] = [];
  const pages: OpenPage[] = [];
  const stage: Stage = {
    host,
    answer: serveCities,
    requests,
    written,
    warned,
    filtered,
    visited,
    app: openMiniProgram(root, {
      wx: createWx(host, { requests, visited }, (url) => stage.answer(url)),
      packages: { 'mp-lanes': costlySteps ? { ...lanes, scheduler: costly(host) } : lanes },
      globals,
    }),
    async open(path) {
      const page = stage.app.open(path);
      pages.push(page);
      await host.advance(2000);
      return page;
    },
    async until(condition) {
      const endMs = host.time.now() + 10_000;
      while (!condition()) {
        if (host.time.now() > endMs) throw new Error(`It never came to ${String(condition)}`);
        if (!(await host.runTurn())) await host.advance(1);
      }
    },
    close() {
      for (const page of pages) page.close();
      (stage.app.require('services/crew') as { stopCrew(): void }).stopCrew();
      host.advanceSync(100);
      try {
        host.assertClean();
        if (written.length > 0) throw new Error(`Written to the console: ${written.join('; ')}`);
      } finally {
        uninstall();
      }
    },
  };
  return stage;
}

interface Filters {
  createFilter(picture: object, settings: object): (y: number, out: Uint8ClampedArray, at: number) => void;
}

/** Lets the worker's file exist from now on. Its accidents befall the thread as it would be on a device. */
export function defineWorker(
  host: VirtualHost,
  { rowMs = 0, jobMs = 0, simulated = true, filtered = { rows: 0 } } = {},
): void {
  if (!existsSync(`${root}/workers/mp-lanes/worker.js`)) throw new Error('First run: npm run build');
  host.defineWorker('workers/index.js', (pipe: Pipe) => {
    const thread = host.workers.at(-1)!;
    const globals = { ...timeOf(host), worker: scopeOn(pipe, simulated ? thread : null) };
    const { require } = openMiniProgram(`${root}/workers`, { wx: undefined as never, globals });
    const { accidents } = require('accidents') as { accidents: { hang(): unknown } };
    // All threads of the stage are one: its loop would never end.
    accidents.hang = () => {
      thread.hang();
      return new Promise(() => {});
    };
    watchRows(require('image-filters') as Filters, () => {
      filtered.rows++;
      host.costMs(rowMs);
    });
    const jobs = require('shared/pool-jobs') as Jobs;
    jobs.createJobs = takeTime(jobs, host, jobMs);
    require('index');
  });
}

/** The module with the jobs of the pool. */
export interface Jobs {
  createJobs(where: string): { readonly jobs: { hash(...args: number[]): unknown } };
}

/** A job of the worker takes `jobMs` in which this thread may do something else, as it is where there are two. */
function takeTime({ createJobs }: Jobs, host: VirtualHost, jobMs: number): Jobs['createJobs'] {
  return (where) => {
    const made = createJobs(where);
    const { hash } = made.jobs;
    let before = Promise.resolve();
    made.jobs.hash = async (...args) => {
      before = before.then(() => new Promise((resolve) => host.time.setTimer(resolve, jobMs)));
      await before;
      const steps = hash(...args) as Iterator<void, unknown>;
      for (;;) {
        const { done, value } = steps.next();
        if (done === true) return value;
      }
    };
    return made;
  };
}

function watchRows(filters: Filters, onRow: () => void): void {
  const { createFilter } = filters;
  filters.createFilter = (picture, settings) => {
    const filterRow = createFilter(picture, settings);
    return (...row) => {
      filterRow(...row);
      onRow();
    };
  };
}

/** The global `worker` that code of a worker finds. */
function scopeOn(pipe: Pipe, thread: VirtualWorker | null): object {
  return {
    postMessage: (message: unknown) => pipe.send(message),
    onMessage: (listener: (message: unknown) => void) => pipe.listen({ message: listener, end: () => {} }),
    ...(thread === null ? {} : { testOnProcessKilled: () => thread.kill() }),
  };
}

function timeOf(host: VirtualHost): Record<string, unknown> {
  return {
    setTimeout: (callback: () => void, delayMs: number) => host.time.setTimer(callback, delayMs),
    clearTimeout: (handle: unknown) => host.time.clearTimer(handle),
    Date: class extends Date {
      static override now = (): number => host.time.now();
    },
    performance: undefined,
  };
}

/** A scheduler on which each step of a generator takes a millisecond; on the virtual clock code takes no time. */
function costly(host: VirtualHost): typeof lanes.scheduler {
  const { scheduler } = lanes;
  const postTask = (task: () => Generator, options?: object): Promise<unknown> =>
    scheduler.postTask(function* () {
      if (!(task.constructor.name === 'GeneratorFunction')) return task();
      const steps = task();
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value as unknown;
        host.costMs(1);
        yield;
      }
    }, options);
  return { postTask } as never;
}

function createWx(
  host: VirtualHost,
  { requests, visited }: Pick<Stage, 'requests' | 'visited'>,
  answer: (url: URL) => Answer,
): object {
  let underWay = 0;
  function request({ url, success, fail }: RequestOptions): void {
    requests.count++;
    underWay++;
    requests.most = Math.max(requests.most, underWay);
    host.time.setTimer(() => {
      underWay--;
      const given = answer(new URL(url));
      if (given === null) fail({ errMsg: 'request:fail connect ECONNREFUSED' });
      else success(given);
    }, 20);
  }
  const navigateTo = ({ url }: { url: string }): void => void visited.push(url);
  return { request, navigateTo, getWindowInfo: () => ({ pixelRatio: 2 }) };
}

function serveCities(url: URL): Answer {
  if (url.port === '65123') return null;
  if (url.pathname === '/api/malformed')
    return { statusCode: 200, data: '{"total": 135233, "cities": [["Shang' };
  const offset = Number(url.searchParams.get('offset'));
  const limit = Math.min(Number(url.searchParams.get('limit')), cityCount - offset);
  return { statusCode: 200, data: { ...cityPage(offset, limit), total: cityCount } };
}
