/** Our ports and Node's: endpoints for calls, and native ports that are sent through ours. */
import { fileURLToPath } from 'node:url';
import { MessageChannel as NativeChannel, Worker as NativeWorker } from 'node:worker_threads';
import type { MessagePort as NativePort } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageChannel, MessagePort } from '../../src/channel/message-port.js';
import { expose } from '../../src/rpc/expose.js';
import { release } from '../../src/rpc/remote.js';
import { transfer } from '../../src/rpc/marks.js';
import { wrap } from '../../src/rpc/wrap.js';
import { currentRuntime, installHost } from '../../src/host/runtime.js';
import type { Endpoint } from '../../src/rpc/endpoint.js';
import type { createApi } from './native-worker.js';
import { closed, connectPorts, nextEvent, nextMessage } from './two-ends.js';

type Api = ReturnType<typeof createApi>;

const endpointOf = (port: NativePort): Endpoint => port as unknown as Endpoint;

let code: string;
let worker: NativeWorker;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./native-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  code = outputFiles[0]?.text ?? '';
  worker = new NativeWorker(code, { eval: true });
});

afterAll(() => worker.terminate());

/** A native port whose other end is exposed in the worker. */
function portToWorker(): NativePort {
  const { port1, port2 } = new NativeChannel();
  worker.postMessage({ port: port2 }, [port2]);
  return port1;
}

describe('calls over a native port to a worker thread', () => {
  it('are made with wrap, callbacks and errors with them', async () => {
    const port = portToWorker();
    const remote = wrap<Api>(endpointOf(port));
    expect(await remote.add(1, 2)).toBe(3);
    expect(await remote.each((n: number) => Promise.resolve(n * 10))).toEqual([10, 20]);
    await expect(remote.fail()).rejects.toMatchObject({ name: 'RangeError', message: 'too far' });
    release(remote);
    port.close();
  });

  it('are answered with expose', async () => {
    const { port1, port2 } = new NativeChannel();
    const stop = expose({ add: (a: number, b: number) => a + b }, endpointOf(port1));
    const sum = new Promise((resolve) => worker.once('message', resolve));
    worker.postMessage({ port: port2, ask: true }, [port2]);
    expect(await sum).toBe(42);
    stop();
    port1.close();
  });

  it('reject when the native port closes', async () => {
    const { port1, port2 } = new NativeChannel();
    const remote = wrap<Api>(endpointOf(port1));
    const call = remote.add(1, 2);
    port2.close();
    await expect(call).rejects.toMatchObject({ code: 'ERR_PORT_CLOSED' });
  });

  it('take a native port as an argument that is moved', async () => {
    const port = portToWorker();
    const { near, far } = await connectPorts();
    expose({ use: (given: MessagePort) => wrap<Api>(given).add(2, 3) }, far);
    const remote = wrap<{ use(given: object): Promise<number> }>(near);
    expect(await remote.use(transfer(port, [port as unknown as object]))).toBe(5);
    near.close();
  });
});

describe.each([
  [
    'in one thread',
    () => {
      const { port1: near, port2: far } = new MessageChannel();
      return Promise.resolve({ near, far });
    },
  ],
  ['over a pipe of JSON', () => connectPorts()],
  ['over a pipe of text alone', () => connectPorts({ binary: false })],
])('a native port that is sent through ours, %s,', (_, connect) => {
  let near: MessagePort;
  let far: MessagePort;
  let native: NativePort;
  let sent: NativePort;

  beforeEach(async () => {
    ({ near, far } = await connect());
    ({ port1: native, port2: sent } = new NativeChannel());
  });

  afterEach(() => {
    near.close();
    native.close();
  });

  /** Sends `sent` and gives what arrives in its place. */
  async function send(): Promise<MessagePort> {
    near.postMessage({ port: sent }, [sent]);
    const { data, ports } = await nextEvent(far);
    expect(ports).toEqual([(data as { port: unknown }).port]);
    return ports[0] as MessagePort;
  }

  const nextNative = (port = native): Promise<unknown> =>
    new Promise((resolve) => port.once('message', resolve));

  it('arrives as one of ours, with its backlog, in order', async () => {
    native.postMessage('before');
    native.postMessage('waits too');
    const port = await send();
    native.postMessage('after');
    expect(port).toBeInstanceOf(MessagePort);
    const got: unknown[] = [];
    await new Promise<void>((resolve) => {
      port.onmessage = ({ data }) => {
        if (got.push(data) === 3) resolve();
      };
    });
    expect(got).toEqual(['before', 'waits too', 'after']);
  });

  it('talks both ways, in all that can be cloned', async () => {
    const port = await send();
    const value = { map: new Map([[1n, new Set([new Date(0)])]]), nan: NaN };
    port.postMessage(value);
    expect(await nextNative()).toEqual(value);
    native.postMessage(value);
    expect(await nextMessage(port)).toEqual(value);
  });

  it('moves buffers', async () => {
    const port = await send();
    const there = Uint8Array.of(1, 2);
    port.postMessage({ there }, [there.buffer]);
    expect(there.byteLength).toBe(0);
    expect(await nextNative()).toEqual({ there: Uint8Array.of(1, 2) });
    const back = Uint8Array.of(3);
    native.postMessage(back, [back.buffer]);
    expect(await nextMessage(port)).toEqual(Uint8Array.of(3));
  });

  it('brings native ports in its messages, which are bridged in turn', async () => {
    const port = await send();
    const { port1, port2 } = new NativeChannel();
    native.postMessage({ port: port2 }, [port2]);
    const { data, ports } = await nextEvent(port);
    const inner = ports[0] as MessagePort;
    expect((data as { port: unknown }).port).toBe(inner);
    inner.postMessage('inner');
    expect(await nextNative(port1)).toBe('inner');
    port1.close();
    await closed(inner);
  });

  it('takes ours in its messages, which arrive as native ones', async () => {
    const port = await send();
    const { port1, port2 } = new MessageChannel();
    port1.postMessage('waiting');
    port.postMessage({ port: port2 }, [port2]);
    const { port: inner } = (await nextNative()) as { port: NativePort };
    const got = nextNative(inner);
    expect(await got).toBe('waiting');
    inner.postMessage('back');
    expect(await nextMessage(port1)).toBe('back');
    inner.close();
    await closed(port1);
  });

  it('is told of our close, after what was posted before', async () => {
    const port = await send();
    const heard = new Promise<unknown>((resolve) => {
      const got: unknown[] = [];
      native.on('message', (message) => got.push(message));
      native.on('close', () => resolve(got));
    });
    port.postMessage(1);
    port.postMessage(2);
    port.close();
    expect(await heard).toEqual([1, 2]);
  });

  it('tells of its close, after what it had posted', async () => {
    native.postMessage(1);
    native.postMessage(2);
    const port = await send();
    const got: unknown[] = [];
    port.onmessage = ({ data }) => got.push(data);
    native.close();
    await closed(port);
    expect(got).toEqual([1, 2]);
  });

  it('reaches a worker thread', async () => {
    sent = portToWorker();
    const remote = wrap<Api>(await send());
    expect(await remote.add(1, 2)).toBe(3);
    expect(await remote.each((n: number) => Promise.resolve(n + 1))).toEqual([2, 3]);
    const { port1, port2 } = new MessageChannel();
    await remote.take(transfer(port2, [port2]));
    expect(await nextMessage(port1)).toBe('from the worker');
    release(remote);
    port1.close();
  });

  it('stays what it is where the message cannot be sent', async () => {
    const refused = expect.objectContaining({ name: 'DataCloneError' }) as Error;
    expect(() => near.postMessage({ port: sent, f: () => 1 }, [sent])).toThrow(refused);
    expect(() => near.postMessage(null, [sent, sent])).toThrow(refused);
    expect(() => near.postMessage({ port: sent })).toThrow(refused);
    sent.postMessage('alive');
    expect(await nextNative()).toBe('alive');
  });

  it('is closed with a message that nobody gets', async () => {
    const end = new Promise<void>((resolve) => native.on('close', resolve));
    near.postMessage(null, [sent]);
    far.close();
    await end;
  });
});

describe('another copy of the library', () => {
  it('sends its ports through ours, and takes ours in their messages', async () => {
    vi.resetModules();
    const other = await import('../../src/channel.js');
    const [ours, theirs] = [new MessageChannel(), new other.MessageChannel()];
    ours.port1.postMessage({ port: theirs.port2 }, [theirs.port2]);
    const { ports } = await nextEvent(ours.port2);
    const arrived = ports[0] as MessagePort;
    expect(arrived).toBeInstanceOf(MessagePort);
    const inner = new MessageChannel();
    arrived.postMessage('there', [inner.port2]);
    const event = await nextEvent(theirs.port1 as unknown as MessagePort);
    expect(event.data).toBe('there');
    expect(event.ports[0]).toBeInstanceOf(other.MessagePort);
    event.ports[0]?.postMessage('and back');
    expect(await nextMessage(inner.port1)).toBe('and back');
  });
});

describe('what only one side can carry', () => {
  it('passes within the thread and is lost, and told, on a pipe', async () => {
    const errors: unknown[] = [];
    const { host } = currentRuntime();
    const app = { ...host.app, reportError: (error: unknown) => void errors.push(error) };
    const uninstall = installHost({ ...host, app });
    try {
      const { near, far } = await connectPorts();
      const within = new MessageChannel();
      const [pipeTrip, threadTrip] = [new NativeChannel(), new NativeChannel()];
      near.postMessage(null, [pipeTrip.port2]);
      within.port1.postMessage(null, [threadTrip.port2]);
      const [acrossPipe] = (await nextEvent(far)).ports;
      const [inThread] = (await nextEvent(within.port2)).ports;
      for (const { port1 } of [pipeTrip, threadTrip]) {
        port1.postMessage(new Blob(['x']));
        port1.postMessage('next');
      }
      expect(await nextMessage(inThread as MessagePort)).toBeInstanceOf(Blob);
      expect(await nextMessage(acrossPipe as MessagePort)).toBe('next');
      expect(errors).toMatchObject([{ name: 'DataCloneError' }]);
      for (const { port1 } of [pipeTrip, threadTrip]) port1.close();
    } finally {
      uninstall();
    }
  });
});
