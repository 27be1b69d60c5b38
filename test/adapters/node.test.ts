import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readAmbient } from '../../src/adapters/ambient.js';
import { createNodeHost } from '../../src/adapters/node.js';
import { createNodeThreads } from '../../src/adapters/node-threads.js';
import type { HostWorker } from '../../src/host/pipe.js';

const file = fileURLToPath(new URL('./echo-worker.mjs', import.meta.url));

function start(url: string): HostWorker {
  return createNodeThreads(readAmbient())!.createWorker(url, { name: 'echo' });
}

/** Sends `word` once the worker is ready, and waits for the end. */
function end(worker: HostWorker, word: string): Promise<{ error: unknown; told: Error[] }> {
  const told: Error[] = [];
  worker.onError((error) => told.push(error));
  return new Promise((resolve) =>
    worker.listen({ message: () => worker.send(word), end: (error) => resolve({ error, told }) }),
  );
}

describe('a timer in Node', () => {
  it.each([
    [true, false],
    [false, true],
    [undefined, true],
  ])('of the background (%s) holds the process open: %s', (background, holds) => {
    const { time } = createNodeHost(readAmbient())!;
    const handle = time.setTimer(() => undefined, 1000, background) as NodeJS.Timeout;
    expect(handle.hasRef()).toBe(holds);
    time.clearTimer(handle);
  });

  it('of the background runs like any other', async () => {
    const { time } = createNodeHost(readAmbient())!;
    const ran = new Promise((resolve) => time.setTimer(() => resolve('ran'), 1, true));
    const kept = setTimeout(() => undefined, 1000);
    expect(await ran).toBe('ran');
    clearTimeout(kept);
  });

  it('may be a number, where a test has put a page’s timers into Node', () => {
    const { time } = createNodeHost({ ...readAmbient(), setTimeout: () => 7 })!;
    expect(time.setTimer(() => undefined, 1, true)).toBe(7);
  });
});

describe('a worker in Node', () => {
  it('takes a path and a file URL, and moves buffers that are transferred', async () => {
    for (const url of [file, pathToFileURL(file).href]) {
      const worker = start(url);
      const bytes = new Uint8Array([7]).buffer;
      const got = await new Promise<unknown>((resolve) => {
        worker.listen({
          message: (message) => (message === 'ready' ? worker.send({ bytes }, [bytes]) : resolve(message)),
          end: resolve,
        });
      });
      expect(got).toEqual({ bytes: new Uint8Array([7]).buffer });
      expect(bytes.byteLength).toBe(0);
      worker.close();
    }
  });

  it('ends without an error when it exits by itself', async () => {
    expect(await end(start(file), 'exit')).toEqual({ error: undefined, told: [] });
  });

  it('tells of an uncaught error, and ends as lost with it as the cause', async () => {
    const { error, told } = await end(start(file), 'throw');
    expect(told.map(({ message }) => message)).toEqual(['thrown in the worker']);
    expect(error).toMatchObject({ code: 'ERR_WORKER_LOST', cause: { message: 'thrown in the worker' } });
  });

  it('may be told not to hold the process open', () => {
    const worker = start(file);
    expect(() => {
      worker.keepAlive?.(false);
      worker.keepAlive?.(true);
    }).not.toThrow();
    expect(worker.keepAlive).toBeTypeOf('function');
    worker.close();
  });

  it('is not there where worker_threads cannot be reached', () => {
    const threads = createNodeThreads({ ...readAmbient(), process: { versions: { node: '20' } } })!;
    expect(() => threads.createWorker(file, {})).toThrow(
      expect.objectContaining({ code: 'ERR_HOST_CAPABILITY' }),
    );
  });
});
