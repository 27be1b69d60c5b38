import { describe, expect, it } from 'vitest';
import type { RawPipe } from '../harness/kit.js';
import { serveAt } from '../suites/channel/far/serve.js';
import { Line, roundTrips } from '../suites/channel/line.js';
import type { Message } from '../suites/channel/protocol.js';
import { pipePair } from './pipe-pair.js';

function connect(lose?: (message: Message) => boolean): Line {
  const [near, far] = pipePair(lose);
  serveAt(far, (port) => port as RawPipe);
  return new Line(near);
}

const message = (): Message => ({ id: 0 });
let nowMs = 0;
const now = (): number => ++nowMs;

describe('a burst', () => {
  it('ends when the far end has said that it has the last', async () => {
    const line = connect();
    await line.order({ name: 'count', count: 3 });
    const { postedMs, endMs } = await line.burst(message(), 3, now);
    expect(endMs).toBeGreaterThan(postedMs);
  });

  it('can be repeated, and is counted anew', async () => {
    const line = connect();
    for (const count of [2, 5]) {
      await line.order({ name: 'count', count });
      await line.burst(message(), count, now);
    }
  });

  it('is no figure where a message came out of its turn', async () => {
    let lost = false;
    // One more is posted than was announced, and the second is lost.
    const line = connect(({ id }) => (lost ? false : (lost = id === 1)));
    await line.order({ name: 'count', count: 2 });
    await expect(line.burst(message(), 3, now)).rejects.toThrow('1 of 2 messages came out of their turn');
  });
});

describe('round trips', () => {
  it('bring back the last message, over several lines in turn', async () => {
    const lines = [connect(), connect()];
    for (const line of lines) await line.order({ name: 'echo', moves: false });
    expect(await roundTrips(lines, { id: 0, value: 'load' }, false, 5)).toEqual({ id: 4, value: 'load' });
  });

  it('move a buffer on and on', async () => {
    const line = connect();
    await line.order({ name: 'echo', moves: true });
    const value = new ArrayBuffer(8);
    const back = await roundTrips([line], { id: 0, value }, true, 3);
    expect(value.byteLength).toBe(0);
    expect((back.value as ArrayBuffer).byteLength).toBe(8);
  });

  it('reject where something else came back', async () => {
    const [near, far] = pipePair();
    const line = new Line(near);
    far.listen(() => far.post({ id: 9 }));
    await expect(roundTrips([line], message(), false, 1)).rejects.toThrow(
      'message 9 came back in place of 0',
    );
  });
});
