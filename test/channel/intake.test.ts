import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { intakeSteps } from '../../src/channel/intake-form.js';
import type { Intake, IntakeReader } from '../../src/channel/intake-form.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { structuredClone } from '../../src/codec/clone.js';
import { expose } from '../../src/rpc/expose.js';
import { wrap } from '../../src/rpc/wrap.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
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

/** What a reader was told. */
class Log implements IntakeReader {
  readonly lines: string[] = [];
  arrived(): void {
    this.lines.push('arrived');
  }
  drained(): void {
    this.lines.push('drained');
  }
  closed(): void {
    this.lines.push('closed');
  }
  contested(): never {
    throw new Error('contested');
  }
}

function read(port: MessagePort): { intake: Intake; log: Log } {
  const log = new Log();
  const intake = port[intakeSteps];
  intake.listen(log);
  return { intake, log };
}

function takeAll(intake: Intake): unknown[] {
  const taken: unknown[] = [];
  while (intake.canTake) taken.push(intake.take());
  return taken;
}

describe('the intake of a port', () => {
  it('gives messages when they are asked for, in order, and tells of each that arrives', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage('before');
    const { intake, log } = read(port2);
    port1.postMessage('after');
    await host.runUntilIdle();
    expect(log.lines).toEqual(['arrived']);
    expect(takeAll(intake)).toEqual(['before', 'after']);
    expect(intake.canTake).toBe(false);
    port1.close();
    await host.runUntilIdle();
    expect(log.lines).toEqual(['arrived', 'closed', 'closed']);
  });

  it('tells of the end at once, keeps what came before, and fires close after the last of it', async () => {
    const { port1, port2 } = new MessageChannel();
    let closes = 0;
    port2.onclose = () => closes++;
    const { intake, log } = read(port2);
    port1.postMessage(1);
    port1.close();
    await host.runUntilIdle();
    expect([log.lines, closes]).toEqual([['arrived', 'closed'], 0]);
    expect(intake.take()).toBe(1);
    await host.runUntilIdle();
    expect(closes).toBe(1);
  });

  it('tells of an end that came before it', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(1);
    port1.close();
    await host.runUntilIdle();
    const { intake, log } = read(port2);
    expect(log.lines).toEqual(['closed']);
    expect(takeAll(intake)).toEqual([1]);
    await host.runUntilIdle();
    expect(read(port2).log.lines).toEqual(['closed']);
  });

  it('loses what waits when its own end is closed', async () => {
    const { port1, port2 } = new MessageChannel();
    const { intake, log } = read(port2);
    port1.postMessage(1);
    port2.close();
    expect([intake.canTake, log.lines]).toEqual([false, ['arrived', 'closed']]);
    port1.close();
    await host.runUntilIdle();
  });

  it('goes on at the next place when the port is transferred', async () => {
    const { port1, port2 } = new MessageChannel();
    const { intake, log } = read(port2);
    port1.postMessage(1);
    port1.postMessage(2);
    expect(intake.take()).toBe(1);
    const moved = structuredClone(port2, { transfer: [port2] });
    expect([intake.canTake, log.lines.pop()]).toEqual([false, 'closed']);
    const got: unknown[] = [];
    moved.onmessage = ({ data }) => got.push(data);
    await host.runUntilIdle();
    expect(got).toEqual([2]);
    port1.close();
    await host.runUntilIdle();
  });

  it('stops a port that was started, and loses nothing by that', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.start();
    port1.postMessage(1);
    const { intake } = read(port2);
    await host.runUntilIdle();
    expect(takeAll(intake)).toEqual([1]);
    port1.close();
    await host.runUntilIdle();
  });

  it('refuses a port whose messages have a listener, and listeners afterwards', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => undefined);
    expect(() => read(port1)).toThrow('contested');
    read(port2);
    expect(() => read(port2)).toThrow('contested');
    expect(() => port2.start()).toThrow('contested');
    expect(() => (port2.onmessage = () => undefined)).toThrow('contested');
    expect(port2.onmessage).toBe(null);
    port2.onmessage = null;
    port2.close();
    await host.runUntilIdle();
  });

  it('throws for a message that cannot be read, closes the ports in it, and gives the next', async () => {
    const pair = createPipePair({
      faults(message) {
        const text = JSON.stringify(message);
        return text.includes('BREAK') ? { replaceWith: JSON.parse(text.replace('~p0', '~p7')) } : undefined;
      },
    });
    const [a, b] = [new LinkedEnd(pair.a), new LinkedEnd(pair.b)];
    const { port1, port2 } = new MessageChannel();
    const inner = new MessageChannel();
    let closes = 0;
    inner.port1.onclose = () => closes++;
    let far: MessagePort | undefined;
    b.heard = ({ ports }) => (far = ports[0]);
    a.post(null, [port2]);
    port1.postMessage(['BREAK', inner.port2], [inner.port2]);
    port1.postMessage('fine');
    await host.runUntilIdle();
    const { intake } = read(far as MessagePort);
    expect(() => intake.take()).toThrow();
    expect(intake.take()).toBe('fine');
    await host.runUntilIdle();
    expect([closes, b.faults]).toEqual([1, []]);
    port1.close();
    await host.runUntilIdle();
  });

  it('leaves calls through the same port alone, those that came before as well', async () => {
    const { port1, port2 } = new MessageChannel();
    const remote = wrap<{ add(a: number, b: number): number }>(port1);
    const sums: number[] = [];
    const call = (a: number): void => void remote.add(a, 1).then((sum) => sums.push(sum));
    port1.postMessage('a');
    call(1);
    port1.postMessage('b');
    const { intake } = read(port2);
    call(2);
    port1.postMessage('c');
    expect(takeAll(intake)).toEqual(['a', 'b', 'c']);
    expose({ add: (a: number, b: number) => a + b }, port2);
    call(3);
    port1.postMessage('d');
    await host.runUntilIdle();
    expect(sums).toEqual([2, 3, 4]);
    expect(takeAll(intake)).toEqual(['d']);
    port1.close();
    await host.runUntilIdle();
  });

  it('takes 100,000 messages that wait in linear time', async () => {
    const { port1, port2 } = new MessageChannel();
    const count = 100_000;
    for (let n = 0; n < count; n++) port1.postMessage(n);
    const startedMs = performance.now();
    const { intake } = read(port2);
    let sum = 0;
    for (let n = 0; n < count; n++) sum += intake.take() as number;
    expect(sum).toBe((count * (count - 1)) / 2);
    // 30 ms here; a quadratic one takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(3000);
    port1.close();
    await host.runUntilIdle();
  });
});
