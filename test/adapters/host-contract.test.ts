/** One contract, every host. */
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readAmbient } from '../../src/adapters/ambient.js';
import type { Ambient } from '../../src/adapters/ambient.js';
import { detectThreads } from '../../src/adapters/detect-threads.js';
import { detectHost } from '../../src/adapters/detect.js';
import type { Host, HostThreads } from '../../src/host/host.js';
import type { HostWorker, Pipe } from '../../src/host/pipe.js';
import { createVirtualHost } from '../../src/testing.js';
import { createFakeMiniProgram, loadMiniProgram } from './fake-mini-program.js';
import { createFakeWeb } from './fake-web.js';
import { loadInContext, plainGlobals } from './vm-context.js';

/** Sends back what it gets, after a first word. */
function echo(pipe: Pipe): void {
  pipe.listen({ message: (message) => pipe.send(message), end: () => undefined });
  pipe.send('ready');
}

interface Subject {
  readonly host: Host;
  readonly threads: HostThreads;
  /** A worker that echoes; `null` where there are no workers. */
  readonly echoUrl: string | null;
  /** Lets time go on until `done` holds; real hosts do by themselves. */
  readonly until: (done: () => boolean) => Promise<void>;
}

/** Real time: looks again after each turn of the event loop. */
async function untilReal(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The environment of this process, but for what `globals` says. */
function here(globals: Partial<Ambient>): Pick<Subject, 'host' | 'threads' | 'until'> {
  const ambient = { ...readAmbient(), ...globals };
  return { host: detectHost(ambient), threads: detectThreads(ambient), until: untilReal };
}

/** The environment of a context. */
function inside(context: ReturnType<typeof loadInContext>): Pick<Subject, 'host' | 'threads' | 'until'> {
  return { host: context.detectHost(), threads: context.detectThreads(), until: untilReal };
}

const window = (): Partial<Ambient> => ({ process: undefined, ...createFakeWeb({ 'echo.js': echo }) });
const miniProgram = () => createFakeMiniProgram({ 'workers/echo.js': echo });

const subjects: Record<string, () => Subject> = {
  node: () => ({
    ...here({}),
    echoUrl: fileURLToPath(new URL('./echo-worker.mjs', import.meta.url)),
  }),
  web: () => ({ ...here(window()), echoUrl: 'echo.js' }),
  'web without MessageChannel and idle time': () => ({
    ...here({ ...window(), requestIdleCallback: undefined, MessageChannel: undefined }),
    echoUrl: 'echo.js',
  }),
  wx: () => ({ ...inside(loadMiniProgram('wx', miniProgram())), echoUrl: 'workers/echo.js' }),
  'wx with idle callbacks that run at once': () => {
    const requestIdleCallback = (callback: () => void): void => callback();
    return {
      ...inside(loadMiniProgram('wx', { ...miniProgram(), requestIdleCallback })),
      echoUrl: 'workers/echo.js',
    };
  },
  'wx with a polyfilled Promise': () => ({
    ...inside(
      loadMiniProgram(
        'wx',
        miniProgram(),
        'Promise = class Promise { then(f) { setTimeout(f, 0); } static resolve() { return new Promise(); } };',
      ),
    ),
    echoUrl: 'workers/echo.js',
  }),
  my: () => ({ ...inside(loadMiniProgram('my', miniProgram())), echoUrl: 'workers/echo.js' }),
  'inside a mini-program’s worker': () => ({
    ...inside(
      loadInContext({
        ...plainGlobals,
        worker: { postMessage: () => undefined, onMessage: () => undefined },
      }),
    ),
    echoUrl: null,
  }),
  ecmascript: () => ({ ...inside(loadInContext(plainGlobals)), echoUrl: null }),
  virtual: () => {
    const host = createVirtualHost();
    host.defineWorker('echo.js', echo);
    return {
      host,
      threads: host.threads,
      echoUrl: 'echo.js',
      async until(done) {
        while (!done()) await host.advance(1);
      },
    };
  },
};

describe.each(Object.entries(subjects))('the host of %s', (_name, create) => {
  let opened: HostWorker[] = [];
  afterEach(() => {
    for (const worker of opened) worker.close();
    opened = [];
  });

  function open(threads: HostThreads, url: string): HostWorker {
    const worker = threads.createWorker(url, {});
    opened.push(worker);
    return worker;
  }

  it('has a clock that ticks, and timers that are not early and can be cleared', async () => {
    const { host, until } = create();
    const { time } = host;
    const startMs = time.now();
    let firedMs = 0;
    let cleared = true;
    time.clearTimer(time.setTimer(() => (cleared = false), 1));
    time.setTimer(() => (firedMs = time.now()), 20);
    await until(() => firedMs > 0 || time.now() > startMs + 60_000);
    // A host may round down by a millisecond or two; the timer queue asks the clock again.
    expect(firedMs - startMs).toBeGreaterThanOrEqual(18);
    expect(cleared).toBe(true);
  });

  it('runs macrotasks in order after the code that runs, and microtasks before them', async () => {
    const { host, until } = create();
    const log: string[] = [];
    host.turns.macrotask(() => log.push('macrotask 1'));
    host.turns.macrotask(() => log.push('macrotask 2'));
    host.turns.microtask(() => log.push('microtask'));
    log.push('code');
    await until(() => log.length === 4);
    expect(log.filter((line) => line !== 'microtask')).toEqual(['code', 'macrotask 1', 'macrotask 2']);
    expect(log.indexOf('microtask')).toBe(host.turns.nativeJobs === false ? 3 : 1);
  });

  it('calls back in idle time, never inside the call, with a deadline, and not when it is cancelled', async () => {
    const { host, until } = create();
    const { requestIdle } = host.turns;
    if (requestIdle === null) return; // The scheduler looks for idle slots itself.
    let inside = true;
    const calls: number[] = [];
    requestIdle(() => calls.push(-1), 50)();
    requestIdle((deadline) => {
      expect(inside).toBe(false);
      calls.push(deadline.timeRemaining());
    });
    inside = false;
    await until(() => calls.length > 0);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toBeGreaterThanOrEqual(0);
  });

  it('is in the foreground, and has no parent', () => {
    const { host, threads } = create();
    expect(host.app.hidden).toBe(false);
    host.app.onHiddenChange(() => undefined)();
    host.app.onMemoryWarning(() => undefined)();
    if (host.name !== 'wx') expect(threads.parent()).toBe(null);
  });

  it('starts a worker and carries messages both ways in order', async () => {
    const { threads, echoUrl, until } = create();
    if (echoUrl === null) {
      expect(() => open(threads, 'any.js')).toThrow(expect.objectContaining({ code: 'ERR_HOST_CAPABILITY' }));
      return;
    }
    const worker = open(threads, echoUrl);
    const got: unknown[] = [];
    worker.send({ n: 1, list: [1, [2, [3]]] });
    worker.send({ n: 2, bytes: new Uint8Array([1, 2, 3]).buffer });
    worker.listen({ message: (message) => got.push(message), end: () => got.push('end') });
    await until(() => got.length === 3);
    expect(got.slice(0, 2)).toEqual(['ready', { n: 1, list: [1, [2, [3]]] }]);
    const { bytes } = got[2] as { bytes: ArrayBuffer };
    if (worker.traits.binary) expect(Array.from(new Uint8Array(bytes))).toEqual([1, 2, 3]);
  });

  it('says nothing more once closed', async () => {
    const { host, threads, echoUrl, until } = create();
    if (echoUrl === null) return; // No workers here.
    const worker = open(threads, echoUrl);
    const got: unknown[] = [];
    worker.listen({ message: (message) => got.push(message), end: () => got.push('end') });
    await until(() => got.length === 1);
    worker.send('lost');
    worker.close();
    worker.close();
    let passed = false;
    host.time.setTimer(() => (passed = true), 20);
    await until(() => passed);
    expect(got).toEqual(['ready']);
  });

  it('ends a pipe to a worker file that does not exist with an error, or refuses at once', async () => {
    const { threads, echoUrl, until } = create();
    if (echoUrl === null) return; // No workers here.
    let error: unknown;
    try {
      open(threads, './no-such-worker.js').listen({
        message: () => undefined,
        end: (reason) => (error = reason),
      });
    } catch (thrown) {
      error = thrown;
    }
    await until(() => error !== undefined);
    expect(error).toMatchObject({ name: 'WorkerStartError', code: 'ERR_WORKER_START' });
    expect((error as Error).message).toContain('no-such-worker.js');
  });
});
