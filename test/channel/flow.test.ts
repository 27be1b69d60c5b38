import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import type { Envelope } from '../../src/channel/protocol.js';
import { highWaterMark } from '../../src/channel/send-window.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { PipePairOptions, VirtualHost } from '../../src/testing.js';
import { LinkedEnd } from './linked-end.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  host.assertClean();
  uninstall();
});

/** Two ends that are open. */
function join(options: PipePairOptions = {}): { a: LinkedEnd; b: LinkedEnd } {
  const pair = createPipePair(options);
  return { a: new LinkedEnd(pair.a), b: new LinkedEnd(pair.b) };
}

/** Sends `port` to the other end and gives what arrives there. */
async function sendTo(from: LinkedEnd, to: LinkedEnd, port: MessagePort): Promise<MessagePort> {
  let arrived: readonly MessagePort[] = [];
  to.heard = ({ ports }) => (arrived = ports);
  from.post(null, [port]);
  await host.runUntilIdle();
  return arrived[0] as MessagePort;
}

const megabyte = 2 ** 20;
const text = (): string => 'x'.repeat(megabyte);

describe('a port whose listener at the other end does not come along', () => {
  it('has at most the high-water mark under way; the rest waits here and is told by bufferedAmount', async () => {
    const { a, b } = join();
    const { port1, port2 } = new MessageChannel();
    const far = await sendTo(a, b, port2);
    expect(port1.bufferedAmount).toBe(0);
    for (let n = 0; n < 10; n++) port1.postMessage(text());
    await host.runUntilIdle();
    const messages = 10 - highWaterMark / megabyte;
    expect(port1.bufferedAmount).toBe(messages * (megabyte + 2));
    let got = 0;
    far.onmessage = () => got++;
    await host.runUntilIdle();
    expect([got, port1.bufferedAmount]).toEqual([10, 0]);
    port1.close();
    await host.runUntilIdle();
  });

  it('fires bufferedamountlow when what waits has fallen to the threshold', async () => {
    const { a, b } = join();
    const { port1, port2 } = new MessageChannel();
    const far = await sendTo(a, b, port2);
    port1.bufferedAmountLowThreshold = 2 * megabyte;
    const amounts: number[] = [];
    port1.onbufferedamountlow = () => amounts.push(port1.bufferedAmount);
    for (let n = 0; n < 9; n++) port1.postMessage(text());
    far.start();
    await host.runUntilIdle();
    expect(amounts).toHaveLength(1);
    expect(amounts[0]).toBeLessThanOrEqual(2 * megabyte);
    port1.close();
    await host.runUntilIdle();
  });

  it('keeps order, and says that it closed only after what waited', async () => {
    const { a, b } = join();
    const { port1, port2 } = new MessageChannel();
    const far = await sendTo(a, b, port2);
    for (let n = 0; n < 12; n++) port1.postMessage({ n, text: text() });
    port1.close();
    await host.runUntilIdle();
    const got: unknown[] = [];
    far.onclose = () => got.push('closed');
    far.onmessage = (event) => got.push((event.data as { n: number }).n);
    await host.runUntilIdle();
    expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 'closed']);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('does not keep another port of the link from its messages', async () => {
    const { a, b } = join();
    const [slow, quick] = [new MessageChannel(), new MessageChannel()];
    const never = await sendTo(a, b, slow.port2);
    const far = await sendTo(a, b, quick.port2);
    for (let n = 0; n < 8; n++) slow.port1.postMessage(text());
    quick.port1.postMessage('past it');
    let got: unknown = null;
    far.onmessage = (event) => (got = event.data);
    await host.runUntilIdle();
    expect(got).toBe('past it');
    for (const port of [never, far]) port.close();
    await host.runUntilIdle();
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('moves with what waits for credit, the ports in it included', async () => {
    const { a, b } = join();
    const { port1, port2 } = new MessageChannel();
    const inner = new MessageChannel();
    const far = await sendTo(a, b, port2);
    for (let n = 0; n < 6; n++) port1.postMessage(text());
    port1.postMessage('with a port', [inner.port2]);
    inner.port1.postMessage('through it');
    const [moved] = await movedWithin(port1);
    (moved as MessagePort).postMessage('last');
    const got: unknown[] = [];
    far.onmessage = (event) => {
      if ((event.data as string).length < 20) got.push(event.data);
      const [port] = event.ports as readonly MessagePort[];
      if (port) port.onmessage = ({ data }) => got.push(data);
    };
    await host.runUntilIdle();
    expect(got.sort()).toEqual(['last', 'through it', 'with a port']);
    inner.port1.close();
    far.close();
    await host.runUntilIdle();
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('lets go of what waits when the other end closes, the ports in it included', async () => {
    const { a, b } = join();
    const { port1, port2 } = new MessageChannel();
    const inner = new MessageChannel();
    let closed = 0;
    inner.port1.onclose = () => closed++;
    const far = await sendTo(a, b, port2);
    for (let n = 0; n < 6; n++) port1.postMessage(text());
    port1.postMessage('never sent', [inner.port2]);
    far.close();
    await host.runUntilIdle();
    expect(closed).toBe(1);
    expect(port1.bufferedAmount).toBe(0);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('holds back the sender over two pipes: what is under way is bounded at each', async () => {
    const [first, second] = [join(), join()];
    const { port1, port2 } = new MessageChannel();
    const middle = await sendTo(first.a, first.b, port2);
    const far = await sendTo(second.a, second.b, middle);
    for (let n = 0; n < 20; n++) port1.postMessage({ n, text: text() });
    await host.runUntilIdle();
    expect(port1.bufferedAmount).toBeGreaterThan(8 * megabyte);
    const got: unknown[] = [];
    far.onmessage = (event) => got.push((event.data as { n: number }).n);
    await host.runUntilIdle();
    expect(got).toEqual(Array.from({ length: 20 }, (_, n) => n));
    far.close();
    await host.runUntilIdle();
    expect([first.a.link.size, first.b.link.size, second.a.link.size, second.b.link.size]).toEqual([
      1, 1, 1, 1,
    ]);
  });
});

describe('small messages', () => {
  it('cost one confirmation each megabyte', async () => {
    let credits = 0;
    const { a, b } = join({
      faults: (message) => {
        credits += (message as Envelope).text.split('"credit"').length - 1;
        return undefined;
      },
    });
    const { port1, port2 } = new MessageChannel();
    const far = await sendTo(a, b, port2);
    far.start();
    for (let n = 0; n < 3000; n++) port1.postMessage('x'.repeat(998));
    await host.runUntilIdle();
    expect(credits).toBe(2);
    port1.close();
    await host.runUntilIdle();
  });
});

describe('flush()', () => {
  it('hands over at once what the slice has posted', async () => {
    let sent = 0;
    const { a, b } = join({
      faults: (_message, { from }) => {
        if (from === 'a') sent++;
        return undefined;
      },
    });
    const { port1, port2 } = new MessageChannel();
    const far = await sendTo(a, b, port2);
    sent = 0;
    port1.postMessage(1);
    expect(sent).toBe(0);
    port1.flush();
    expect(sent).toBe(1);
    far.close();
    await host.runUntilIdle();
  });

  it('does nothing where both ends are in one thread, or the port is dead', async () => {
    const { port1 } = new MessageChannel();
    port1.flush();
    port1.close();
    port1.flush();
    expect(port1.bufferedAmount).toBe(0);
    await host.runUntilIdle();
  });
});

/** What arrives when `port` is sent through a channel of this thread. */
async function movedWithin(port: MessagePort): Promise<readonly object[]> {
  const { port1, port2 } = new MessageChannel();
  let ports: readonly object[] = [];
  port2.onmessage = (event) => ({ ports } = event);
  port1.postMessage(null, [port]);
  await host.runUntilIdle();
  return ports;
}
