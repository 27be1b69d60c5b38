/** Signs of life between two ends of a link. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protocolVersion } from '../../src/channel/protocol.js';
import { LanesError } from '../../src/core/errors.js';
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

/** Two ends that have met, 5 ms apart, and the frames that passed since. */
function connect(): { near: LinkedEnd; far: LinkedEnd; frames: string[] } {
  const frames: string[] = [];
  const faults = (message: unknown): undefined => void frames.push((message as { text: string }).text);
  const pair = createPipePair({ delayMs: 5, faults });
  const [near, far] = [new LinkedEnd(pair.a), new LinkedEnd(pair.b, false)];
  host.runUntilIdleSync();
  frames.length = 0;
  return { near, far, frames };
}

describe('a link', () => {
  it('measures how long a ping takes to come back', () => {
    const { near, frames } = connect();
    expect(near.link.roundTripMs).toBe(null);
    host.advanceSync(100);
    near.link.ping();
    host.runUntilIdleSync();
    expect(frames).toEqual(['[["ping"]]', '[["pong"]]']);
    expect(near.link.roundTripMs).toBe(10);
    expect(host.time.now() - near.link.lastHeardMs).toBe(0);
  });

  it('has one ping under way at a time, and none before it is ready or after its end', () => {
    const { near, frames } = connect();
    near.link.ping();
    near.link.ping();
    host.runUntilIdleSync();
    near.link.ping();
    host.runUntilIdleSync();
    near.link.close();
    near.link.ping();
    host.runUntilIdleSync();
    expect(frames.join()).toBe('[["ping"]],[["pong"]],[["ping"]],[["pong"]],[["bye"]]');
    const pair = createPipePair({
      faults: (message) => void frames.push((message as { text: string }).text),
    });
    frames.length = 0;
    const early = new LinkedEnd(pair.a);
    early.link.ping();
    host.runUntilIdleSync();
    expect(frames.join()).toMatch(/^\[\["hello",\d,"[\d.]+"\]\]$/);
  });

  it('takes any message for a sign of life, also one that is not ours', () => {
    const pair = createPipePair();
    const { link } = new LinkedEnd(pair.a);
    for (const message of ['foreign', { mpLanes: protocolVersion, text: '[]', buffers: [] }]) {
      host.advanceSync(100);
      pair.b.send(message);
      host.runUntilIdleSync();
      expect(link.lastHeardMs).toBe(host.time.now());
    }
  });

  it('answers a flood of pings in one envelope once', () => {
    const sent: unknown[] = [];
    const pair = createPipePair({
      faults(message, { from }) {
        if (from === 'a') sent.push(message);
        return undefined;
      },
    });
    const { faults } = new LinkedEnd(pair.a, false);
    pair.b.listen({ message: () => undefined, end: () => undefined });
    const pings = Array.from({ length: 1000 }, () => '["ping"]').join();
    const envelope = (text: string) => ({ mpLanes: protocolVersion, text, buffers: [] });
    pair.b.send(envelope(`[${pings}]`));
    pair.b.send(envelope(`[["ping"],["ping",1]]`));
    host.runUntilIdleSync();
    expect(sent.slice(1)).toEqual([envelope('[["pong"]]'), envelope('[["pong"]]')]);
    expect(faults.map(({ message }) => message)).toEqual(['the other thread sent a malformed frame']);
  });

  it('tells of a pong that was not asked for', () => {
    const pair = createPipePair();
    const { link, faults } = new LinkedEnd(pair.a);
    pair.b.send({ mpLanes: protocolVersion, text: '[["pong"]]', buffers: [] });
    host.runUntilIdleSync();
    expect(faults.map((error) => LanesError.is(error) && error.code)).toEqual(['ERR_PROTOCOL']);
    expect(link.roundTripMs).toBe(null);
  });
});
