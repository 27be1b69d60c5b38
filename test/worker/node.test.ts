/** Supervision of real threads. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Worker } from '../../src/index.js';
import type { ErrorEvent, WorkerOptions } from '../../src/index.js';

let folder: string;
let worker: Worker;
let log: string[];

async function bundle(name: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile: join(folder, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2020',
    logLevel: 'error',
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mp-lanes-worker-'));
  await Promise.all(['node-worker', 'node-main'].map(bundle));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => worker.terminate());

function start(options: WorkerOptions = {}): void {
  log = [];
  worker = new Worker(join(folder, 'node-worker.cjs'), options);
  worker.addEventListener('statechange', () => log.push(worker.state));
  worker.onerror = ({ error }: ErrorEvent) =>
    log.push((error as { code?: string; message: string }).code ?? 'uncaught');
}

/** What the worker answers next. */
function answer(message: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(message);
  });
}

async function until(state: string): Promise<void> {
  while (worker.state !== state) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a worker of Node', () => {
  it('that loops for ever is ended, and another answers what was posted meanwhile', async () => {
    start({ heartbeatMs: 200 });
    expect(await answer('first')).toEqual(['first', 1]);
    worker.postMessage('loop');
    await until('restarting');
    expect(await answer('after')).toEqual(['after', 1]);
    expect(log).toEqual(['ready', 'restarting', 'ERR_WORKER_LOST', 'ready']);
  }, 30_000);

  it('that is only busy for less than a period is left alone', async () => {
    start({ heartbeatMs: 150 });
    await worker.ready;
    for (let n = 1; n <= 5; n++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await answer(n)).toEqual([n, n]);
    }
    expect(worker.health.roundTripMs).toBeGreaterThanOrEqual(0);
    expect(log).toEqual(['ready']);
  });

  it.each([
    ['exits', 'exit', ['ready', 'restarting', 'ERR_WORKER_LOST', 'ready']],
    [
      'throws what it does not catch',
      'throw',
      ['ready', 'uncaught', 'restarting', 'ERR_WORKER_LOST', 'ready'],
    ],
  ])('that %s is started again', async (_how, message, expected) => {
    start();
    await worker.ready;
    worker.postMessage(message);
    await until('restarting');
    expect(await answer('again')).toEqual(['again', 1]);
    expect(log).toEqual(expected);
  });

  it('that calls close() is at its end', async () => {
    start();
    await worker.ready;
    worker.postMessage('close');
    await until('closed');
    expect(log).toEqual(['ready', 'closed']);
  });

  it('lets the process end with it, whatever was armed for it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'node-main.cjs'), folder], {
      timeout: 20_000,
    });
    expect(stdout.trim()).toBe('done');
  }, 30_000);
});
