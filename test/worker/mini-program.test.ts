/** The supervised worker on a mini-program's own threads, as far as they differ. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAmbient } from '../../src/adapters/ambient.js';
import type { MiniProgramApi, MiniProgramWorker, SubpackageProgress } from '../../src/adapters/ambient.js';
import { createMiniProgramWorkerThreads } from '../../src/adapters/mini-program-parent.js';
import { createMiniProgramThreads } from '../../src/adapters/mini-program-threads.js';
import { installHost } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import type { ErrorEvent } from '../../src/worker/error-event.js';
import { Worker } from '../../src/worker/worker.js';
import type { WorkerOptions } from '../../src/worker/worker-options.js';
import type { WorkerProgressEvent } from '../../src/worker/worker-progress-event.js';
import { echoing, file, scopeOf } from './stage.js';
import type { Main } from './stage.js';

let host: VirtualHost;
let uninstall: () => void;
/** What `wx` has beside `createWorker`; a test puts it in before it makes a worker. */
let wx: MiniProgramApi;
let main: Main;
let killed: () => void;

type Listener = (message: unknown) => void;

/** As the client does it: a worker has `postMessage` and `onMessage`, and cannot end itself. */
function createWorker(path: string): MiniProgramWorker {
  host.note(`createWorker ${path}`);
  let live = true;
  const toLogic: Listener[] = [];
  const toWorker: Listener[] = [];
  const send = (listeners: Listener[], message: unknown): void => {
    const copied = structuredClone(message);
    host.deliver(0, () => {
      if (live) for (const listener of listeners) listener(copied);
    });
  };
  const worker = {
    postMessage: (message: unknown) => send(toLogic, message),
    onMessage: (listener: Listener) => void toWorker.push(listener),
  };
  host.deliver(0, () => {
    main(scopeOf(createMiniProgramWorkerThreads({ ...readAmbient(), worker })!.parent()!));
  });
  return {
    postMessage: (message) => send(toWorker, message),
    onMessage: (listener) => void toLogic.push(listener),
    onProcessKilled: (listener) => {
      killed = () => {
        live = false;
        listener();
      };
    },
    terminate() {
      host.note('terminate');
      live = false;
    },
  };
}

beforeEach(() => {
  host = createVirtualHost();
  wx = { createWorker };
  main = echoing();
  const api = (): MiniProgramApi => wx;
  // Asked for as late as can be: tests change `wx` before they start a worker.
  let threads: ReturnType<typeof createMiniProgramThreads> = null;
  uninstall = installHost({
    ...host,
    get threads() {
      return (threads ??= createMiniProgramThreads({ ...readAmbient(), wx: api() }))!;
    },
  });
});

afterEach(() => {
  host.assertClean();
  uninstall();
});

function start(options?: WorkerOptions): Worker {
  const worker = new Worker(file, options);
  worker.addEventListener('statechange', () => host.note(worker.state));
  worker.onerror = ({ message }: ErrorEvent) => host.note(`error ${message}`);
  worker.onmessage = ({ data }) => host.note(`got ${JSON.stringify(data)}`);
  worker.addEventListener('progress', ({ loaded, total }: WorkerProgressEvent) =>
    host.note(`progress ${loaded}/${total}`),
  );
  return worker;
}

async function heard(): Promise<string[]> {
  await host.runUntilIdle();
  return host.takeLog();
}

describe('a mini-program’s worker', () => {
  it('is ended by the logic layer when its code calls close(), for it cannot end itself', async () => {
    main = (scope) => {
      scope.onmessage = () => {
        scope.postMessage('last');
        scope.close();
      };
    };
    start().postMessage(null);
    const log = ['createWorker workers/index.js', 'ready', 'terminate', 'closed', 'got "last"'];
    expect((await heard()).sort()).toEqual(log.sort());
    // Its place is free.
    const next = start();
    await host.runUntilIdle();
    expect(next.state).toBe('ready');
    next.terminate();
    await heard();
  });

  it('is started again in its place when the system kills it', async () => {
    const worker = start({ useExperimentalWorker: true });
    await heard();
    killed();
    worker.postMessage('waits');
    expect(await heard()).toEqual([
      'restarting',
      'error the worker "workers/index.js" died: The system killed the worker "workers/index.js".',
      'createWorker workers/index.js',
      'ready',
      'got [2,"waits"]',
    ]);
    worker.terminate();
    expect(await heard()).toEqual(['terminate', 'closed']);
  });
});

describe('a worker in a subpackage', () => {
  type Fetch = NonNullable<MiniProgramApi['preDownloadSubpackage']>;
  let asked: Parameters<Fetch>[0][];
  let tell: (progress: SubpackageProgress) => void;

  beforeEach(() => {
    asked = [];
    wx = {
      ...wx,
      preDownloadSubpackage(options) {
        asked.push(options);
        return { onProgressUpdate: (listener) => void (tell = listener) };
      },
    };
  });

  const progress = (loaded: number): void =>
    tell({ totalBytesWritten: loaded, totalBytesExpectedToWrite: 200 });

  it('is started when the package is there, and tells how far it is', async () => {
    const worker = start({ subpackage: true });
    worker.postMessage('early');
    expect(asked).toMatchObject([{ packageType: 'workers' }]);
    progress(50);
    progress(200);
    expect(host.takeLog()).toEqual(['progress 50/200', 'progress 200/200']);
    asked[0]!.success();
    asked[0]!.success();
    progress(200);
    expect(await heard()).toEqual(['createWorker workers/index.js', 'ready', 'got [1,"early"]']);
    killed();
    // It is there already.
    expect((await heard()).slice(-2)).toEqual(['createWorker workers/index.js', 'ready']);
    expect(asked).toHaveLength(1);
    worker.terminate();
    await heard();
  });

  it('fails where it cannot be fetched, and says what app.json needs', async () => {
    const worker = start({ subpackage: true });
    asked[0]!.fail({ errMsg: 'preDownloadSubpackage:fail no such package' });
    const [state, error] = await heard();
    expect(state).toBe('failed');
    expect(error).toContain('preDownloadSubpackage:fail no such package');
    expect(error).toContain('"isSubpackage": true');
    await expect(worker.ready).rejects.toMatchObject({ name: 'WorkerStartError', code: 'ERR_WORKER_START' });
  });

  it('fails where the client throws at it', async () => {
    wx = {
      ...wx,
      preDownloadSubpackage() {
        throw new Error('not in plugins');
      },
    };
    start({ subpackage: true });
    expect((await heard())[1]).toContain('not in plugins');
  });

  it('may take its time, as long as something comes', async () => {
    start({ subpackage: true, startTimeoutMs: 1000 });
    for (let loaded = 10; loaded <= 50; loaded += 10) {
      await host.advance(900);
      progress(loaded);
    }
    expect(host.takeLog()).toHaveLength(5);
    await host.advance(1000);
    const [state, error] = await heard();
    expect(state).toBe('failed');
    expect(error).toContain('the subpackage of the worker "workers/index.js" did not answer within 1000 ms');
    asked[0]!.success();
    progress(60);
    expect(await heard()).toEqual([]);
  });

  it('is not started where it was ended meanwhile', async () => {
    const worker = start({ subpackage: true });
    worker.terminate();
    asked[0]!.success();
    asked[0]!.fail('late');
    expect(await heard()).toEqual(['closed']);
  });

  it.each([
    [
      'a client that cannot fetch it',
      () => delete (wx as { preDownloadSubpackage?: unknown }).preDownloadSubpackage,
    ],
    ['a worker that is in none', () => undefined],
  ])('is not waited for with %s', async (what, change) => {
    change();
    const worker = start({ subpackage: what.startsWith('a client') });
    expect(await heard()).toEqual(['createWorker workers/index.js', 'ready']);
    expect(asked).toEqual([]);
    worker.terminate();
    await heard();
  });

  it('tells nothing where the client’s task does not', async () => {
    wx = {
      ...wx,
      preDownloadSubpackage(options) {
        options.success();
        return undefined;
      },
    };
    const worker = start({ subpackage: true });
    expect(await heard()).toEqual(['createWorker workers/index.js', 'ready']);
    worker.terminate();
    await heard();
  });
});
