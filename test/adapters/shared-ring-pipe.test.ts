import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptSharedRing, offerSharedRing } from '../../src/adapters/shared-ring-pipe.js';
import type { SharedRingOptions } from '../../src/adapters/shared-ring-pipe.js';
import { Inbox } from '../../src/adapters/inbox.js';
import type { HostWorker, Pipe } from '../../src/host/pipe.js';
import { installHost } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

type Side = 'starter' | 'worker';
interface Sent {
  readonly mpLanes: number;
  readonly text: string;
  readonly buffers: readonly ArrayBuffer[];
}

const small = (text: string): Sent => ({ mpLanes: 1, text, buffers: [] });
const withBuffer = (text: string): Sent => ({ ...small(text), buffers: [new ArrayBuffer(2)] });
const large = (text: string): Sent => small(text + 'x'.repeat(10_000));

let host: VirtualHost;
let uninstall: () => void;
beforeEach(() => {
  host = createVirtualHost();
  uninstall = installHost(host);
});
afterEach(() => uninstall());

/** A plain pipe whose messages arrive when they are told to. */
function createPlain() {
  const queues: Record<Side, unknown[]> = { starter: [], worker: [] };
  const inboxes: Record<Side, Inbox> = { starter: new Inbox(), worker: new Inbox() };
  const closed: Side[] = [];
  const carried: unknown[] = [];
  const end = (own: Side, other: Side): HostWorker => ({
    traits: { binary: true, transfer: true, bare: true },
    send(message) {
      carried.push(message);
      queues[other].push(structuredClone(message));
    },
    listen: (events) => inboxes[own].listen(events),
    close() {
      if (inboxes[own].close()) closed.push(own);
    },
    onError: () => undefined,
  });
  /** Lets the next message for `side` arrive; false when there is none. */
  function arrive(side: Side): boolean {
    if (queues[side].length === 0) return false;
    inboxes[side].receive(queues[side].shift());
    return true;
  }
  return {
    ends: { starter: end('starter', 'worker'), worker: end('worker', 'starter') },
    inboxes,
    closed,
    carried,
    arrive,
    arriveAll() {
      while (arrive('worker') || arrive('starter'));
    },
  };
}

/** Both ends, listening, and what they hear. */
function connect(options: SharedRingOptions = {}, wrapWorker = acceptSharedRing) {
  const plain = createPlain();
  const pipes: Record<Side, Pipe> = {
    starter: offerSharedRing(plain.ends.starter, options),
    worker: wrapWorker(plain.ends.worker, options),
  };
  const heard: Record<Side, string[]> = { starter: [], worker: [] };
  const ended: { side: Side; error: unknown }[] = [];
  for (const side of ['starter', 'worker'] as const) {
    pipes[side].listen({
      message: (message) => heard[side].push((message as Sent).text),
      end: (error) => ended.push({ side, error }),
    });
  }
  const offer = plain.carried[0] as { toWorker: SharedArrayBuffer; toStarter: SharedArrayBuffer };
  return { ...plain, pipes, heard, ended, rings: { worker: offer.toWorker, starter: offer.toStarter } };
}

/** With everything agreed; a reader that sleeps is woken by a message, so the test decides when. */
function agree(options: SharedRingOptions = { waitAsync: null }) {
  const both = connect(options);
  both.arriveAll();
  expect(both.pipes.starter.traits.sharedMemory && both.pipes.worker.traits.sharedMemory).toBe(true);
  both.carried.length = 0;
  return both;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

const kinds = { small, withBuffer, large, long: (text: string) => small(text + 'y'.repeat(90)) };
const side = fc.constantFrom<Side>('starter', 'worker');
const script = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        from: side,
        kind: fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
      }),
    },
    { weight: 2, arbitrary: fc.record({ arrive: side }) },
  ),
  { maxLength: 80 },
);

describe('a pipe with shared memory beside it', () => {
  it.each([
    ['woken by messages', null],
    ['woken by Atomics.waitAsync', undefined],
  ])('keeps one order each way, whatever goes where and arrives when, %s', async (_how, waitAsync) => {
    await fc.assert(
      fc.asyncProperty(script, fc.constantFrom(64, 256, 4096), async (actions, capacityBytes) => {
        const both = connect({ capacityBytes, ...(waitAsync === null ? { waitAsync } : {}) });
        const sent: Record<Side, string[]> = { starter: [], worker: [] };
        for (const [at, action] of actions.entries()) {
          if ('arrive' in action) both.arrive(action.arrive);
          else {
            const message = kinds[action.kind](`${at} `);
            both.pipes[action.from].send(message);
            sent[action.from === 'starter' ? 'worker' : 'starter'].push(message.text);
          }
          if (waitAsync === undefined && at % 7 === 0) await nextTurn();
        }
        both.arriveAll();
        for (let turns = 0; waitAsync === undefined && turns < 3; turns++) await nextTurn();
        expect(both.heard).toEqual(sent);
      }),
      { numRuns: 500 },
    );
  });

  it('carries small messages without a message, but for one that wakes a sleeper', () => {
    const { pipes, carried, arriveAll, heard } = agree();
    for (let n = 0; n < 1000; n++) pipes.starter.send(small(String(n)));
    expect(carried).toEqual([{ mpLanesRing: 'bell' }]);
    arriveAll();
    expect(heard.worker).toEqual(Array.from({ length: 1000 }, (_, n) => String(n)));
    pipes.starter.send(small('again'));
    arriveAll();
    expect(carried).toHaveLength(2);
    expect(heard.worker[1000]).toBe('again');
  });

  it('uses the plain pipe while the ring is full, and the ring again when there is room', () => {
    const { pipes, carried, arriveAll, heard } = agree({ waitAsync: null, capacityBytes: 64 });
    const plain = (): number => carried.filter((message) => 'text' in (message as object)).length;
    for (let n = 0; n < 10; n++) pipes.starter.send(small(`message ${n}`));
    expect(plain()).toBe(8);
    arriveAll();
    pipes.starter.send(small('last'));
    expect(plain()).toBe(8);
    arriveAll();
    expect(heard.worker).toEqual([...Array.from({ length: 10 }, (_, n) => `message ${n}`), 'last']);
  });

  it('hands on for some milliseconds in one turn, and the rest in the next', async () => {
    const both = agree();
    let nowMs = 0;
    const turns: (() => void)[] = [];
    const undo = installHost({
      ...host,
      time: { ...host.time, now: () => nowMs++ },
      turns: { ...host.turns, macrotask: (callback) => turns.push(callback) },
    });
    for (let n = 0; n < 100; n++) both.pipes.starter.send(small(String(n)));
    both.arriveAll();
    expect(both.heard.worker.length).toBeLessThan(20);
    for (let count = 0; turns.length > 0; count++) {
      expect(turns).toHaveLength(1);
      const before = both.heard.worker.length;
      turns.shift()!();
      expect(both.heard.worker.length - before).toBeLessThan(20);
      expect(count).toBeLessThan(100);
    }
    expect(both.heard.worker).toHaveLength(100);
    undo();
  });

  it('goes on after a listener that throws', () => {
    const { ends, arriveAll } = createPlain();
    const [starter, worker] = [
      offerSharedRing(ends.starter, { waitAsync: null }),
      acceptSharedRing(ends.worker, { waitAsync: null }),
    ];
    const heard: string[] = [];
    starter.listen({ message: () => undefined, end: () => undefined });
    worker.listen({
      message: (message) => {
        heard.push((message as Sent).text);
        if (heard.length === 1) throw new Error('thrown by a listener');
      },
      end: () => undefined,
    });
    arriveAll();
    starter.send(small('a'));
    starter.send(small('b'));
    expect(arriveAll).toThrow('thrown by a listener');
    return host.advance(1).then(() => expect(heard).toEqual(['a', 'b']));
  });
});

describe('the agreement on shared memory', () => {
  it('leaves everything with the plain pipe where the other end knows nothing of it', () => {
    const both = connect({}, (pipe) => pipe);
    const [hello, ...rest] = [small('hello'), small('a'), withBuffer('b')];
    both.pipes.worker.send(hello);
    both.arriveAll();
    for (const message of rest) both.pipes.starter.send(message);
    both.arriveAll();
    expect(both.heard.starter).toEqual(['hello']);
    // The offer is what the other end cannot make anything of.
    expect(both.heard.worker).toEqual([undefined, 'a', 'b']);
    expect(both.pipes.starter.traits.sharedMemory).toBe(false);
  });

  it.each([
    ['of another version', { version: 2 }],
    ['without memory', { toWorker: undefined }],
    ['with memory of its own', { toStarter: new ArrayBuffer(1024 + 192) }],
    ['with memory of no possible size', { toStarter: new SharedArrayBuffer(1000) }],
  ])('takes no offer %s', (_what, change) => {
    const { ends, inboxes, carried } = createPlain();
    const worker = acceptSharedRing(ends.worker);
    worker.listen({ message: () => expect.unreachable(), end: () => undefined });
    const memory = () => new SharedArrayBuffer(1024 + 192);
    const offer = { mpLanesRing: 'offer', version: 1, toWorker: memory(), toStarter: memory() };
    inboxes.worker.receive({ ...offer, ...change });
    expect(carried).toEqual([]);
    expect(worker.traits.sharedMemory).toBe(false);
    inboxes.worker.receive(offer);
    inboxes.worker.receive(offer);
    expect(carried).toEqual([{ mpLanesRing: 'accept' }]);
  });

  it('does without where memory cannot be sent', () => {
    const { ends } = createPlain();
    const starter = offerSharedRing({
      ...ends.starter,
      send(message) {
        if ('toWorker' in (message as object)) throw new DOMException('no', 'DataCloneError');
        ends.starter.send(message);
      },
    });
    starter.listen({ message: () => undefined, end: () => undefined });
    expect(() => starter.send(small('a'))).not.toThrow();
  });
});

describe('the end of a pipe with shared memory', () => {
  it('comes after what lies in the ring and what had arrived', () => {
    const { pipes, inboxes, arrive, heard, ended } = agree();
    pipes.worker.send(small('a'));
    pipes.worker.send(withBuffer('b'));
    pipes.worker.send(small('c'));
    while (arrive('starter'));
    pipes.worker.send(small('d'));
    const error = new Error('it died');
    inboxes.starter.end(error);
    expect(heard.starter).toEqual(['a', 'b', 'c', 'd']);
    expect(ended).toEqual([{ side: 'starter', error }]);
  });

  it('does not wait for a plain message that was lost with the thread', () => {
    const { pipes, inboxes, heard, ended } = agree();
    pipes.worker.send(withBuffer('lost'));
    pipes.worker.send(small('behind it'));
    inboxes.starter.end();
    expect(heard.starter).toEqual([]);
    expect(ended).toEqual([{ side: 'starter', error: undefined }]);
  });

  it('may be closed twice, and nothing is heard or sent after', async () => {
    const { pipes, arriveAll, heard, ended, closed, carried } = agree({});
    pipes.worker.send(small('a'));
    pipes.starter.close();
    pipes.starter.close();
    pipes.starter.send(small('b'));
    arriveAll();
    await nextTurn();
    expect({ heard, ended, closed }).toEqual({
      heard: { starter: [], worker: [] },
      ended: [],
      closed: ['starter'],
    });
    expect(carried).toEqual([]);
  });

  it('may be closed by the listener of a message', () => {
    const { ends, arriveAll } = createPlain();
    const starter = offerSharedRing(ends.starter, { waitAsync: null });
    const worker = acceptSharedRing(ends.worker, { waitAsync: null });
    const heard: unknown[] = [];
    starter.listen({ message: () => undefined, end: () => undefined });
    worker.listen({
      message: (message) => {
        heard.push(message);
        worker.close();
      },
      end: () => expect.unreachable(),
    });
    arriveAll();
    starter.send(small('a'));
    starter.send(small('b'));
    arriveAll();
    expect(heard).toEqual([small('a')]);
  });

  it.each([
    ['its counter', 0, 13],
    ['a record', 48, 0],
  ])('is a typed error when the other end damages %s', (_what, word, value) => {
    const { pipes, rings, arriveAll, ended, closed } = agree();
    pipes.worker.send(small('a'));
    new Int32Array(rings.starter)[word] = value;
    arriveAll();
    expect(ended).toEqual([{ side: 'starter', error: expect.objectContaining({ code: 'ERR_PROTOCOL' }) }]);
    expect(closed).toEqual(['starter']);
    expect(() => pipes.starter.send(small('b'))).not.toThrow();
  });

  it.each([
    ['again', [1, 1]],
    ['that goes back', [1, 0]],
  ])('is a typed error when a mark comes %s', (_what, [first, second]) => {
    const { pipes, rings, arriveAll, ended } = agree();
    const words = new Int32Array(rings.starter);
    pipes.worker.send(withBuffer('a'));
    words.set([2, first!, 2, second!], 48);
    words[0] = 16;
    arriveAll();
    expect(ended).toEqual([{ side: 'starter', error: expect.objectContaining({ code: 'ERR_PROTOCOL' }) }]);
  });

  it('is a typed error when the reader of a full ring is where it cannot be', () => {
    const { pipes, rings, ended, closed } = agree({ waitAsync: null, capacityBytes: 64 });
    new Int32Array(rings.worker)[16] = 72;
    for (let n = 0; n < 10; n++) pipes.starter.send(small('some text'));
    expect(ended).toEqual([{ side: 'starter', error: expect.objectContaining({ code: 'ERR_PROTOCOL' }) }]);
    expect(closed).toEqual(['starter']);
  });
});
