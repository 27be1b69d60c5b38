/** Shared memory between real threads of Node. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAmbient } from '../../src/adapters/ambient.js';
import { createNodeThreads } from '../../src/adapters/node-threads.js';
import type { HostWorker } from '../../src/host/pipe.js';
import { Worker, transfer, wrap } from '../../src/index.js';
import { check, exchange } from './numbered.js';
import type { Heard } from './numbered.js';

let folder: string;
const fileOf = (name: string): string => join(folder, `${name}.cjs`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mp-lanes-ring-'));
  const entryPoints = ['worker', 'api-worker', 'exit'].map((name) =>
    fileURLToPath(new URL(`./shared-ring-${name}.ts`, import.meta.url)),
  );
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2020',
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(): HostWorker {
  return createNodeThreads(readAmbient())!.createWorker(fileOf('shared-ring-worker'), { sharedMemory: true });
}

/** Hears numbers until the end. */
function hear(worker: HostWorker, onMessage: (heard: Heard) => void = () => undefined) {
  const heard: Heard = { inOrder: 0, wrong: null };
  const ended = new Promise<unknown>((resolve) =>
    worker.listen({
      message: (message) => {
        check(heard, message);
        onMessage(heard);
      },
      end: resolve,
    }),
  );
  return { heard, ended };
}

const say = (worker: HostWorker, text: string): void => worker.send({ mpLanes: 1, text, buffers: [] });

describe('a worker in Node that shares memory', () => {
  it('exchanges 100,000 messages each way in order, buffers and large ones among them', async () => {
    const worker = start();
    const { here, there } = await exchange(worker, 100_000, setImmediate);
    expect(here).toEqual({ inOrder: 100_000, wrong: null });
    expect(there).toEqual({ inOrder: 100_000, wrong: null, sharedMemory: true });
    expect(worker.traits.sharedMemory).toBe(true);
    worker.close();
  }, 60_000);

  it('loses nothing of what it sent before it ended itself', async () => {
    for (let time = 0; time < 10; time++) {
      const worker = start();
      const { heard, ended } = hear(worker);
      say(worker, 'exit');
      expect(await ended).toBeUndefined();
      expect(heard).toEqual({ inOrder: 1000, wrong: null });
    }
  }, 60_000);

  it('may be killed at any time, and nothing is heard of it then', async () => {
    for (let time = 0; time < 10; time++) {
      const worker = start();
      let last = 0;
      const { heard } = hear(worker, ({ inOrder }) => {
        if (inOrder !== 1 + time * 100) return;
        worker.close();
        worker.close();
        last = inOrder;
      });
      say(worker, 'go 100000');
      while (last === 0) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(heard).toEqual({ inOrder: last, wrong: null });
    }
  }, 60_000);

  it('does not hold the process open when it is told not to', async () => {
    const run = promisify(execFile)(
      process.execPath,
      [fileOf('shared-ring-exit'), fileOf('shared-ring-worker')],
      {
        timeout: 30_000,
      },
    );
    expect((await run).stdout).toBe('heard 100\n');
  }, 60_000);
});

interface Api {
  add(a: number, b: number): number;
  length(buffer: ArrayBuffer): number;
  repeat(text: string, times: number): string;
  crash(): void;
}

describe.each([true, false])('Worker with sharedMemory: %s', (sharedMemory) => {
  it('calls, moves buffers, carries large texts, and settles calls when the thread dies', async () => {
    const worker = new Worker(fileOf('shared-ring-api-worker'), { sharedMemory, restart: false });
    worker.onerror = () => undefined;
    const api = wrap<Api>(worker);
    await worker.ready;
    for (let n = 0; n < 100; n++) {
      const bytes = new ArrayBuffer(n);
      const [sum, length, text] = await Promise.all([
        api.add(n, 1),
        api.length(transfer(bytes, [bytes])),
        api.repeat('字', n * 100),
      ]);
      expect([sum, length, text.length]).toEqual([n + 1, n, n * 100]);
    }
    await expect(api.crash()).rejects.toMatchObject({ code: 'ERR_WORKER_LOST' });
    await expect(api.add(1, 1)).rejects.toMatchObject({ code: 'ERR_WORKER_LOST' });
  }, 30_000);
});
