import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { protocolVersion } from '../../src/channel/protocol.js';
import type { Pipe } from '../../src/host/pipe.js';
import { expose } from '../../src/rpc/expose.js';
import { wrap } from '../../src/rpc/wrap.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import type { ErrorEvent } from '../../src/worker/error-event.js';
import { Worker } from '../../src/worker/worker.js';
import type { WorkerOptions } from '../../src/worker/worker.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  for (const { live } of host.workers) expect(live).toBe(false);
  host.assertClean();
  uninstall();
});

function scopeOf(pipe: Pipe): WorkerScope {
  const scope = new WorkerScope();
  scope.connect(pipe);
  return scope;
}

/** A worker whose events go into the log. */
function start(main: (scope: WorkerScope) => void, options?: WorkerOptions): Worker {
  host.defineWorker('workers/index.js', (pipe) => main(scopeOf(pipe)));
  return watch(new Worker('workers/index.js', options));
}

function watch(worker: Worker): Worker {
  worker.addEventListener('statechange', () => host.note(worker.state));
  worker.addEventListener('close', () => host.note('close'));
  worker.onerror = (event: ErrorEvent) =>
    host.note(`error ${(event.error as { code?: string }).code ?? event.message}`);
  return worker;
}

async function heard(): Promise<string[]> {
  await host.runUntilIdle();
  return host.takeLog();
}

/** The `code` that a promise rejects with, to be read later. */
function rejection(promise: Promise<unknown>): { code?: unknown } {
  const found: { code?: unknown } = {};
  promise.catch((error: { code?: unknown }) => {
    found.code = error.code;
  });
  return found;
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const found = rejection(promise);
  await host.runUntilIdle();
  return found.code;
}

describe('a worker', () => {
  it('gets what was posted before it was there, and answers', async () => {
    const worker = start((self) => {
      self.onmessage = (event) => self.postMessage({ got: event.data });
    });
    worker.onmessage = (event) => host.note(JSON.stringify(event.data));
    worker.postMessage('early');
    expect(worker.state).toBe('starting');
    expect(await heard()).toEqual(['ready', '{"got":"early"}']);
    await worker.ready;
    worker.terminate();
    expect(await heard()).toEqual(['closed', 'close']);
  });

  it('takes a port with its first message', async () => {
    const worker = start((self) => {
      self.onmessage = (event) => {
        const { port } = event.data as { port: MessagePort };
        port.onmessage = ({ data }) => port.postMessage(new Uint8Array(data as ArrayBuffer).length);
      };
    });
    const channel = new MessageChannel();
    worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
    channel.port2.onmessage = (event) => host.note(`length ${String(event.data)}`);
    channel.port2.onclose = () => host.note('port closed');
    const bytes = new Uint8Array(5).buffer;
    channel.port2.postMessage(bytes, [bytes]);
    expect(await heard()).toEqual(['ready', 'length 5']);
    worker.terminate();
    expect(await heard()).toEqual(['closed', 'close', 'port closed']);
  });

  it('loses nothing where its code listens late', async () => {
    const worker = start((self) => {
      setTimeoutVirtual(50, () => {
        self.onmessage = (event) => host.note(`late ${String(event.data)}`);
      });
    });
    worker.postMessage(1);
    expect(await heard()).toEqual(['ready', 'late 1']);
    worker.terminate();
    await heard();
  });

  it('ends itself with close(), after what it had posted', async () => {
    const worker = start((self) => {
      self.postMessage('last');
      self.close();
    });
    worker.onmessage = (event) => host.note(String(event.data));
    expect(await heard()).toEqual(['ready', 'last', 'closed', 'close']);
  });

  it('refuses bad arguments at once', () => {
    expect(() => new Worker(5 as never)).toThrow(TypeError);
    expect(() => new Worker('')).toThrow(TypeError);
    expect(() => new Worker('x.js', { startTimeoutMs: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});

function setTimeoutVirtual(ms: number, run: () => void): void {
  host.time.setTimer(run, ms);
}

describe('a worker that cannot start', () => {
  it('fails for a file that does not exist; calls made before reject', async () => {
    const worker = watch(new Worker('workers/missing.js'));
    const call = wrap<{ add(): number }>(worker).add();
    expect(await codeOf(call)).toBe('ERR_WORKER_START');
    expect(await codeOf(worker.ready)).toBe('ERR_WORKER_START');
    expect(host.takeLog()).toEqual(['failed', 'error ERR_WORKER_START', 'close']);
    worker.postMessage('nobody hears');
    expect(await codeOf(wrap<{ add(): number }>(worker).add())).toBe('ERR_WORKER_START');
  });

  it('fails where the host allows no second one; the first lives on', async () => {
    const first = start((self) => expose({ add: (a: number, b: number) => a + b }, self));
    const second = watch(new Worker('workers/index.js'));
    expect(await codeOf(second.ready)).toBe('ERR_WORKER_BUSY');
    expect(host.takeLog().sort()).toEqual(['close', 'error ERR_WORKER_BUSY', 'ready']);
    const sum = wrap<{ add(a: number, b: number): number }>(first).add(1, 2);
    await host.runUntilIdle();
    expect(await sum).toBe(3);
    first.terminate();
    await heard();
  });

  it('fails when it does not answer in time, which only the foreground counts', async () => {
    host.defineWorker('workers/index.js', (pipe) =>
      pipe.listen({ message: () => undefined, end: () => undefined }),
    );
    const worker = watch(new Worker('workers/index.js', { startTimeoutMs: 1000 }));
    await host.advance(900);
    host.hide();
    await host.advance(100_000);
    host.show();
    await host.advance(99);
    expect(host.takeLog()).toEqual([]);
    await host.advance(1);
    expect(await heard()).toEqual(['failed', 'error ERR_WORKER_START', 'close']);
    expect(await codeOf(worker.ready)).toBe('ERR_WORKER_START');
  });

  it('fails when its file speaks another protocol', async () => {
    host.defineWorker('workers/index.js', (pipe) =>
      pipe.send({
        mpLanes: protocolVersion,
        text: `[["hello",${protocolVersion + 1},"9.9.9"]]`,
        buffers: [],
      }),
    );
    const worker = watch(new Worker('workers/index.js'));
    expect(await codeOf(worker.ready)).toBe('ERR_PROTOCOL_VERSION');
    expect(host.takeLog()).toEqual(['failed', 'error ERR_PROTOCOL_VERSION', 'close']);
    await expect(worker.ready).rejects.toThrow(/9\.9\.9/);
  });

  it('is reported to the host where nobody listens for errors', async () => {
    const worker = new Worker('workers/missing.js');
    await host.runUntilIdle();
    expect(worker.state).toBe('failed');
    expect(host.takeErrors()).toEqual([expect.objectContaining({ code: 'ERR_WORKER_START' })]);
  });
});

describe('a worker that dies', () => {
  it('rejects every pending call with ERR_WORKER_LOST and closes ports', async () => {
    const worker = start((self) => expose({ never: () => new Promise(() => undefined) }, self));
    const api = wrap<{ never(): Promise<void> }>(worker);
    const calls = [rejection(api.never()), rejection(api.never())];
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(null, [port2]);
    port1.onclose = () => host.note('port closed');
    await host.runUntilIdle();
    host.workers[0]?.kill(new Error('out of memory'));
    expect(await heard()).toEqual(['ready', 'failed', 'error ERR_WORKER_LOST', 'close', 'port closed']);
    expect(calls).toEqual([{ code: 'ERR_WORKER_LOST' }, { code: 'ERR_WORKER_LOST' }]);
    expect(await codeOf(api.never())).toBe('ERR_WORKER_LOST');
  });

  it('tells of an uncaught error and lives on', async () => {
    const worker = start((self) => {
      self.onmessage = () => self.postMessage('alive');
    });
    worker.onmessage = (event) => host.note(String(event.data));
    await host.runUntilIdle();
    host.workers[0]?.fail(new Error('uncaught'));
    worker.postMessage(null);
    expect(await heard()).toEqual(['ready', 'error uncaught', 'alive']);
    worker.terminate();
    await heard();
  });

  it('settles calls that were pending when it was terminated', async () => {
    const worker = start((self) => expose({ never: () => new Promise(() => undefined) }, self));
    const call = rejection(wrap<{ never(): Promise<void> }>(worker).never());
    await host.runUntilIdle();
    worker.terminate();
    worker.terminate();
    expect(await heard()).toEqual(['ready', 'closed', 'close']);
    expect(call.code).toBe('ERR_WORKER_CLOSED');
  });
});
