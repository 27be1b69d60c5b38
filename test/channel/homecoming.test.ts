import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { LinkedEnd } from './linked-end.js';
import type { Heard } from './linked-end.js';

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

/** One end of a link that keeps the ports that arrive. */
class Place extends LinkedEnd {
  readonly arrived: MessagePort[] = [];
  override heard = ({ ports }: Heard): void => void this.arrived.push(...ports);

  send(port: MessagePort): void {
    this.post(null, [port]);
  }
}

let envelopes = 0;

function join(): [Place, Place] {
  const pair = createPipePair({
    delayMs: 1,
    faults: () => {
      envelopes++;
      return undefined;
    },
  });
  return [new Place(pair.a), new Place(pair.b)];
}

function listen(port: MessagePort, to: unknown[]): void {
  port.onmessage = (event) => to.push(event.data);
  port.onclose = () => to.push('closed');
}

describe('a port that comes home', () => {
  it('talks to its other side without the pipe', async () => {
    const [a, b] = join();
    const { port1, port2 } = new MessageChannel();
    a.send(port2);
    await host.runUntilIdle();
    b.send(b.arrived[0] as MessagePort);
    await host.runUntilIdle();
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
    const [home, got] = [a.arrived[0] as MessagePort, [] as unknown[]];
    listen(home, got);
    envelopes = 0;
    port1.postMessage(1);
    port1.close();
    await host.runUntilIdle();
    expect(got).toEqual([1, 'closed']);
    expect(envelopes).toBe(0);
  });

  it('keeps the order of what was posted before, while and after the way became short', async () => {
    const [a, b] = join();
    const { port1, port2 } = new MessageChannel();
    a.send(port2);
    await host.runUntilIdle();
    for (let n = 0; n < 3; n++) port1.postMessage(n);
    b.send(b.arrived[0] as MessagePort);
    const got: unknown[] = [];
    for (let n = 3; n < 30; n++) {
      port1.postMessage(n);
      await host.advance(0.3);
      if (a.arrived[0] && got.length === 0) listen(a.arrived[0], got);
    }
    port1.close();
    await host.runUntilIdle();
    expect(got).toEqual([...Array.from({ length: 30 }, (_, n) => n), 'closed']);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
    expect([a.link.counters.dropped, b.link.counters.dropped]).toEqual([0, 0]);
  });

  it('is told when the pipe ends on the way', async () => {
    const [a, b] = join();
    const { port1, port2 } = new MessageChannel();
    a.send(port2);
    await host.runUntilIdle();
    b.send(b.arrived[0] as MessagePort);
    const got: unknown[] = [];
    listen(port1, got);
    while (a.arrived.length === 0) await host.advance(0.3);
    port1.postMessage('held');
    b.link.close();
    await host.runUntilIdle();
    expect(got).toEqual(['closed']);
    expect(a.link.size).toBe(0);
  });

  it('loses nothing however both ends are sent about (property)', async () => {
    const step = fc.constantFrom('post 0', 'post 1', 'move 0', 'move 1', 'turn', 'turn', 'rest');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, closes) => {
        const places = join();
        const { port1, port2 } = new MessageChannel();
        // Where each end is: a port in a place, or on its way to one.
        const ends = [port1, port2].map((port) => ({ port: port as MessagePort | null, at: 0, sent: 0 }));
        const settle = async (): Promise<void> => {
          await host.runUntilIdle();
          for (const end of ends) end.port ??= take(places[end.at] as Place);
        };
        const take = (place: Place): MessagePort => place.arrived.shift() as MessagePort;
        for (const each of steps) {
          const [what, which] = each.split(' ') as [string, string?];
          const end = ends[Number(which ?? 0)] as (typeof ends)[number];
          if (what === 'turn') await host.advance(0.3);
          else if (what === 'rest') await settle();
          else if (end.port !== null && what === 'post') end.port.postMessage(end.sent++);
          else if (end.port !== null && ends.every(({ port }) => port !== null)) {
            (places[end.at] as Place).send(end.port);
            end.port = null;
            end.at = 1 - end.at;
          }
        }
        await settle();
        const got: [unknown[], unknown[]] = [[], []];
        ends.forEach(({ port }, n) => listen(port as MessagePort, got[n] as unknown[]));
        await host.runUntilIdle();
        const expected = ends
          .map(({ sent }) => Array.from({ length: sent }, (_, n) => n) as unknown[])
          .reverse();
        if (closes) {
          (ends[0]?.port as MessagePort).close();
          await host.runUntilIdle();
          expected[1]?.push('closed');
        } else {
          (ends[0]?.port as MessagePort).postMessage('last');
          expected[1]?.push('last');
        }
        await host.runUntilIdle();
        expect(got).toEqual(expected);
        (ends[1]?.port as MessagePort).close();
        await host.runUntilIdle();
        expect(places.map(({ link }) => [link.size, link.counters.faults])).toEqual([
          [1, 0],
          [1, 0],
        ]);
      }),
      { numRuns: 400 },
    );
  });
});
