import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { LinkedEnd } from './linked-end.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  uninstall();
});

function join(): { a: LinkedEnd; b: LinkedEnd } {
  const pair = createPipePair();
  return { a: new LinkedEnd(pair.a), b: new LinkedEnd(pair.b) };
}

/** Collects all garbage and lets the engine tell of it, until `done` or for good. */
async function collected(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20 && !done(); turn++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
    await host.runUntilIdle();
  }
}

/** Sends `count` ports over the link and gives the near ones; `use` sees each that arrives. */
async function sendPorts(
  from: LinkedEnd,
  to: LinkedEnd,
  count: number,
  use: (port: MessagePort) => void,
): Promise<MessagePort[]> {
  to.heard = ({ ports }) => ports.forEach(use);
  const near: MessagePort[] = [];
  for (let n = 0; n < count; n++) {
    const { port1, port2 } = new MessageChannel();
    near.push(port1);
    from.post(n, [port2]);
  }
  await host.runUntilIdle();
  return near;
}

describe('a port in another thread that nobody holds', () => {
  it('is collected, and its other end hears close', async () => {
    const { a, b } = join();
    let closed = 0;
    const near = await sendPorts(a, b, 20, () => undefined);
    for (const port of near) port.onclose = () => closed++;
    await collected(() => closed === 20);
    expect(closed).toBe(20);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('stays while somebody listens to it', async () => {
    const { a, b } = join();
    const got: unknown[] = [];
    const near = await sendPorts(a, b, 5, (port) => {
      port.onmessage = (event) => got.push(event.data);
    });
    await collected(() => false);
    near.forEach((port, n) => port.postMessage(n));
    await host.runUntilIdle();
    expect(got).toEqual([0, 1, 2, 3, 4]);
    expect(b.link.size).toBe(6);
  });

  it('goes when its last listener goes', async () => {
    const { a, b } = join();
    const near = await sendPorts(a, b, 5, (port) => {
      port.onclose = () => undefined;
      port.onclose = null;
    });
    await collected(() => b.link.size === 1);
    expect([near.length, a.link.size, b.link.size]).toEqual([5, 1, 1]);
  });

  it('keeps what waits in it as long as it is held', async () => {
    const { a, b } = join();
    const held: MessagePort[] = [];
    const near = await sendPorts(a, b, 3, (port) => held.push(port));
    near.forEach((port, n) => port.postMessage(n));
    await host.runUntilIdle();
    await collected(() => false);
    const got: unknown[] = [];
    for (const port of held) port.onmessage = (event) => got.push(event.data);
    await host.runUntilIdle();
    expect(got).toEqual([0, 1, 2]);
  });

  it('does not end the port that took its place when it was sent on', async () => {
    const { a, b } = join();
    const got: unknown[] = [];
    const local = new MessageChannel();
    local.port2.onmessage = (event) => {
      const [port] = event.ports as readonly MessagePort[];
      if (port) port.onmessage = ({ data }) => got.push(data);
    };
    const near = await sendPorts(a, b, 3, (port) => {
      local.port1.postMessage(null, [port]);
    });
    await collected(() => false);
    near.forEach((port, n) => port.postMessage(n));
    await host.runUntilIdle();
    expect(got).toEqual([0, 1, 2]);
  });
});
