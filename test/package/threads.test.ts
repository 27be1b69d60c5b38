/**
 * The packed package across threads, as a user has it: on a mini-program, whose two threads are two realms with nothing
 * but ECMAScript and timers, and in Node, with real threads.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type * as MpLanes from '../../src/index.js';
import { asDocumented, asJson, bootDevice } from './device.js';
import type { Lib } from './device.js';
import { engineFloor } from './realm.js';

const { folder, project } = inject('packed');

interface Api {
  add(a: number, b: number): number;
  count(to: number, onStep: (n: number) => void): Promise<string>;
  fail(): void;
}

const next = (target: object, type: string) =>
  new Promise<{ data?: unknown }>((resolve) => {
    (target as { addEventListener(type: string, listener: (event: object) => void): void }).addEventListener(
      type,
      resolve,
    );
  });

describe.each([
  ['JSON only', asJson, ''],
  ['JSON and buffers', asDocumented, ''],
  ['everything as it is', (message: unknown) => structuredClone(message), ''],
  ['JSON only, at the engine floor', asJson, engineFloor],
] as const)('a mini-program whose worker channel carries %s', (_name, carry, prepare) => {
  it('takes the port of the literal flow, and bytes both ways', async () => {
    const { lib } = bootDevice(
      folder,
      ({ self }) => {
        self.onmessage = (event) => {
          const { type, port } = event.data as { type: string; port: MpLanes.MessagePort };
          if (type === 'connect') port.onmessage = ({ data }) => port.postMessage(data);
        };
      },
      // A client that loses buffers is one whose carrier is text; WeChat's own keeps them.
      carry === asJson ? asDocumented : carry,
      prepare,
    );
    const worker = new lib.Worker('workers/index.js');
    const channel = new lib.MessageChannel();
    worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
    const echoed = next(channel.port2, 'message');
    channel.port2.start();
    channel.port2.postMessage({ bytes: new Uint8Array([1, 2, 255]), when: new Date(5), none: undefined });
    const { data } = (await echoed) as { data: { bytes: Uint8Array; when: Date; none: undefined } };
    expect(Array.from(data.bytes)).toEqual([1, 2, 255]);
    expect(data.when.getTime()).toBe(5);
    expect('none' in data).toBe(true);
    worker.terminate();
  });

  it('calls, calls back, and keeps errors', async () => {
    const { lib } = bootDevice(
      folder,
      ({ expose }) => {
        expose({
          add: (a: number, b: number) => a + b,
          count: async (to: number, onStep: (n: number) => Promise<void>) => {
            for (let n = 1; n <= to; n++) await onStep(n);
            return 'done';
          },
          fail: () => {
            throw Object.assign(new RangeError('too far'), { code: 'E_FAR' });
          },
        });
      },
      carry,
      prepare,
    );
    const worker = new lib.Worker('workers/index.js');
    const api = lib.wrap<Api>(worker);
    const steps: number[] = [];
    expect(await api.add(1, 2)).toBe(3);
    expect(await api.count(3, (n) => steps.push(n))).toBe('done');
    expect(steps).toEqual([1, 2, 3]);
    await expect(api.fail()).rejects.toMatchObject({ name: 'RangeError', message: 'too far', code: 'E_FAR' });
    worker.terminate();
    await expect(api.add(1, 2)).rejects.toMatchObject({ code: 'ERR_WORKER_CLOSED' });
  });

  it('sends the calls of one slice as one message', async () => {
    const { lib, messages } = bootDevice(
      folder,
      ({ expose }) => void expose({ add: (a: number, b: number) => a + b }),
      carry,
      prepare,
    );
    const worker = new lib.Worker('workers/index.js');
    const api = lib.wrap<Api>(worker);
    await worker.ready;
    const before = messages();
    const sums = await Promise.all(Array.from({ length: 100 }, (_, n) => api.add(n, n)));
    expect(sums[99]).toBe(198);
    // One message there; back, one a slice, of which 100 small calls may take a few on a slow machine.
    expect(messages() - before).toBeLessThan(12);
    worker.terminate();
  });

  it('says what is wrong with a worker that cannot be had', async () => {
    const { lib } = bootDevice(folder, () => undefined, carry, prepare);
    await expect(new lib.Worker('workers/none.js').ready).rejects.toMatchObject({ code: 'ERR_WORKER_START' });
    const silent = new lib.Worker('workers/index.js', { startTimeoutMs: 200 });
    await expect(new lib.Worker('workers/index.js').ready).rejects.toMatchObject({ code: 'ERR_WORKER_BUSY' });
    silent.terminate();
    await expect(silent.ready).rejects.toMatchObject({ code: 'ERR_WORKER_CLOSED' });
  });
});

describe.each(['cjs', 'mjs'])('Node with worker_threads and a %s worker file', (extension) => {
  const lib = createRequire(join(project, 'index.js'))('mp-lanes') as Lib;
  const file = join(project, `worker.${extension}`);
  const load =
    extension === 'cjs'
      ? `const lib = require('mp-lanes/worker');`
      : `import * as lib from 'mp-lanes/worker';`;
  const code = `${load}
    lib.expose({
      add: (a, b) => a + b,
      bytes: (buffer) => new Uint8Array(buffer).reduce((sum, byte) => sum + byte, 0),
      crash: () => { setTimeout(() => { throw new Error('crashed'); }); return new Promise(() => {}); },
    });`;

  it('calls, moves buffers, and settles calls when the thread crashes', async () => {
    writeFileSync(file, code);
    const worker = new lib.Worker(file, { restart: false });
    worker.onerror = () => undefined;
    const api = lib.wrap<{ add(a: number, b: number): number; bytes(b: ArrayBuffer): number; crash(): void }>(
      worker,
    );
    expect(await api.add(2, 3)).toBe(5);
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    expect(await api.bytes(lib.transfer(buffer, [buffer]))).toBe(6);
    expect(buffer.byteLength).toBe(0);
    await expect(api.crash()).rejects.toMatchObject({ code: 'ERR_WORKER_LOST' });
    expect(worker.state).toBe('failed');
    const again = new lib.Worker(file);
    await again.ready;
    again.terminate();
  });
});
