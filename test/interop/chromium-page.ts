/** What runs in a page of Chromium: each scenario gives what it saw. */
import { MessageChannel as OurChannel } from '../../src/channel/message-port.js';
import type { MessagePort as OurPort } from '../../src/channel/message-port.js';
import { expose } from '../../src/rpc/expose.js';
import { wrap } from '../../src/rpc/wrap.js';
import type { Endpoint } from '../../src/rpc/endpoint.js';
import { connectPorts, nextEvent, nextMessage } from './two-ends.js';

interface Api {
  add(a: number, b: number): number;
}

/** Also what a worker runs: it exposes an API on each native port that it is sent. */
function serve(): void {
  addEventListener('message', ({ ports }: MessageEvent) => {
    expose({ add: (a: number, b: number) => a + b }, ports[0] as unknown as Endpoint);
  });
}

let worker: Worker | null = null;

/** A native port whose other end is exposed in a worker that runs `script`, this file's bundle. */
function portToWorker(script: string): MessagePort {
  worker ??= new Worker(URL.createObjectURL(new Blob([`${script};scenarios.serve()`])));
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  return port1;
}

const nextNative = (port: MessagePort): Promise<unknown> =>
  new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
  });

/** Calls over a native port to a worker thread. */
async function calls(script: string): Promise<unknown> {
  const port = portToWorker(script);
  const sum = await wrap<Api>(port as unknown as Endpoint).add(1, 2);
  port.close();
  return sum;
}

/** A native port sent through ours: what comes and goes. Chromium fires no `close` at its ports. */
async function sent(script: string, overPipe: boolean): Promise<unknown> {
  const { port1, port2 } = new OurChannel();
  const { near, far } = overPipe ? await connectPorts() : { near: port1, far: port2 };
  const native = new MessageChannel();
  native.port1.postMessage('backlog');
  near.postMessage({ port: native.port2 }, [native.port2]);
  const port = (await nextEvent(far)).ports[0] as OurPort;
  const backlog = await nextMessage(port);
  const bytes = Uint8Array.of(1, 2);
  port.postMessage({ bytes, nan: NaN }, [bytes.buffer]);
  const out = (await nextNative(native.port1)) as { bytes: Uint8Array; nan: number };
  const inner = new OurChannel();
  port.postMessage(null, [inner.port2]);
  const nested = await new Promise<MessagePort>((resolve) => {
    native.port1.onmessage = ({ ports }) => resolve(ports[0] as MessagePort);
  });
  nested.postMessage('nested');
  const heard = await nextMessage(inner.port1);
  near.postMessage(null, [portToWorker(script)]);
  const sum = await wrap<Api>((await nextEvent(far)).ports[0] as OurPort).add(40, 2);
  return { backlog, bytes: [...out.bytes], left: bytes.byteLength, nan: String(out.nan), heard, sum };
}

export const scenarios = { serve, calls, sent };
