import { describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { expose } from '../../src/rpc/expose.js';
import { wrap } from '../../src/rpc/wrap.js';
import { WorkerStartError } from '../../src/core/worker-errors.js';
import { Worker } from '../../src/worker/worker.js';
import type { WorkerScope } from '../../src/worker/worker-scope.js';
import { Stage, echoing, file } from './stage.js';

const stage = Stage.perTest();

const noWorkers = (): WorkerStartError =>
  new WorkerStartError('ERR_HOST_CAPABILITY', 'this host has no workers');

/** A worker that the host refuses, with `inline` in its place. */
function startInline(inline: (scope: WorkerScope) => unknown): Worker {
  stage.host.failStarts(1, noWorkers());
  return stage.watch(new Worker(file, { inline }));
}

describe('a worker that runs inline', () => {
  it('does what it would do in its own thread, as tasks', async () => {
    const worker = startInline(echoing());
    stage.hear(worker);
    stage.control(worker);
    worker.postMessage('early');
    expect(worker.state).toBe('starting');
    const log = ['error ERR_HOST_CAPABILITY', 'control resumed', 'inline', 'got [1,"early"]'];
    expect(await stage.heard()).toEqual(log);
    await worker.ready;
    worker.postMessage('late');
    expect(stage.host.takeLog()).toEqual([]);
    expect(await stage.heard()).toEqual(['got [1,"late"]']);
    worker.terminate();
    expect(await stage.heard()).toEqual(['control closed ERR_WORKER_CLOSED', 'closed', 'close']);
  });

  it('can be called, takes ports, and has buffers moved to it', async () => {
    const worker = startInline((scope) => {
      expose({ length: (bytes: ArrayBuffer) => bytes.byteLength }, scope);
      scope.onmessage = ({ data, ports }) =>
        (ports[0] as MessagePort | undefined)?.postMessage((data as ArrayBuffer).byteLength);
    });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => stage.host.note(`length ${String(data)}`);
    const bytes = new ArrayBuffer(9);
    worker.postMessage(bytes, [port2, bytes]);
    expect(bytes.byteLength).toBe(0);
    const call = wrap<{ length(bytes: ArrayBuffer): number }>(worker).length(new ArrayBuffer(7));
    await stage.host.runUntilIdle();
    expect(await call).toBe(7);
    expect(stage.host.takeLog()).toContain('length 9');
    await stage.end(worker);
  });

  it('is told to the host neither as an error nor as anything else where that has no workers', async () => {
    stage.host.failStarts(1, noWorkers());
    const worker = new Worker(file, { inline: echoing() });
    await stage.host.runUntilIdle();
    expect([worker.state, stage.host.takeErrors()]).toEqual(['inline', []]);
    await stage.end(worker);
  });

  it('is told to the host where a file is missing, which the app’s author should know', async () => {
    const worker = new Worker('workers/missing.js', { inline: echoing() });
    await stage.host.runUntilIdle();
    expect(worker.state).toBe('inline');
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ code: 'ERR_WORKER_START' })]);
    await stage.end(worker);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws what is no error',
      () => {
        throw 'broken';
      },
    ],
  ])('tells of what its code %s as of a worker’s error', async (_how, fail) => {
    const worker = startInline(fail);
    const errors: unknown[] = [];
    worker.onerror = ({ error, message }) => errors.push([error instanceof Error, message]);
    await stage.host.runUntilIdle();
    expect(errors).toEqual([
      [true, 'this host has no workers'],
      [true, 'broken'],
    ]);
    expect(worker.state).toBe('inline');
    await stage.end(worker);
  });

  it('follows a worker that died too often, with what waited', async () => {
    const worker = stage.start(echoing(), {
      restart: { budget: 1, backoffMs: 10 },
      inline: (scope) => {
        scope.onmessage = ({ data }) => scope.postMessage(['inline', data]);
      },
    });
    stage.hear(worker);
    await stage.host.runUntilIdle();
    stage.thread.kill();
    await stage.host.runUntilIdle();
    stage.host.takeLog();
    stage.thread.kill();
    worker.postMessage('waits');
    const log = ['restarting', 'error ERR_WORKER_LOST', 'inline', 'got ["inline","waits"]'];
    expect(await stage.heard()).toEqual(log);
    await stage.end(worker);
  });

  it('says that it is being replaced until the code is there', async () => {
    const worker = stage.start(echoing(), { restart: false, inline: echoing() });
    await stage.host.runUntilIdle();
    stage.thread.kill();
    const { ready } = worker;
    expect(worker.state).toBe('restarting');
    await stage.host.runUntilIdle();
    await ready;
    expect(stage.host.takeLog()).toEqual(['ready', 'restarting', 'error ERR_WORKER_LOST', 'inline']);
    await stage.end(worker);
  });

  it('follows a worker whose file speaks another protocol', async () => {
    stage.host.defineWorker(file, (pipe) => pipe.send('mpLanes99[["hello",99,"9.9.9"]]'));
    const worker = stage.watch(new Worker(file, { inline: echoing() }));
    expect(await stage.heard()).toEqual(['error ERR_PROTOCOL_VERSION', 'inline']);
    await stage.end(worker);
  });

  it('ends itself with close(), and hears of its end', async () => {
    const worker = startInline((scope) => {
      scope.onmessage = () => scope.close();
    });
    await stage.host.runUntilIdle();
    worker.postMessage(null);
    const log = ['error ERR_HOST_CAPABILITY', 'inline', 'closed', 'close'];
    expect(await stage.heard()).toEqual(log);
    const other = startInline((scope) => {
      scope.addEventListener('close', () => stage.host.note('scope closed'));
    });
    await stage.host.runUntilIdle();
    stage.host.takeLog();
    other.terminate();
    expect(await stage.heard()).toEqual(['closed', 'close', 'scope closed']);
  });

  it('does not run where it is ended at once', async () => {
    const worker = startInline(() => stage.host.note('ran'));
    worker.addEventListener('error', () => worker.terminate());
    expect(await stage.heard()).toEqual(['error ERR_HOST_CAPABILITY', 'closed', 'close']);
  });

  it('is given the time that it needs', async () => {
    stage.host.failStarts(1, noWorkers());
    const inline = (): void => stage.host.costMs(500);
    const worker = stage.watch(new Worker(file, { inline, startTimeoutMs: 100 }));
    expect(await stage.heard()).toEqual(['error ERR_HOST_CAPABILITY', 'inline']);
    await stage.end(worker);
  });

  it('needs no heartbeat, and does not stop for being idle', async () => {
    stage.host.failStarts(1, noWorkers());
    const worker = new Worker(file, { inline: echoing(), heartbeatMs: 10, idleTimeoutMs: 10 });
    await stage.host.runUntilIdle();
    expect(stage.host.armed().background).toBe(0);
    await stage.host.advance(1000);
    expect([worker.state, worker.health]).toEqual(['inline', { silentMs: 1000, roundTripMs: null }]);
    await stage.end(worker);
  });
});
