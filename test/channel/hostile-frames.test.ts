/** Frames that were sent, spoiled on the way: none may harm anything but itself. */
import { getHeapStatistics } from 'node:v8';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { createPortId, protocolVersion } from '../../src/channel/protocol.js';
import type { Envelope } from '../../src/channel/protocol.js';
import { LanesError } from '../../src/core/errors.js';
import type { Pipe, PipeEvents } from '../../src/host/pipe.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { graphs } from '../codec/graphs.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { mutations, spoil } from './hostile-mutations.js';
import type { SentFrame } from './hostile-mutations.js';
import { LinkedEnd } from './linked-end.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => uninstall());

/** Frames of every sort, as two ends sent them: graphs, ports, closes, hellos. */
function recordTraffic(binary: boolean): SentFrame[] {
  const sent: Envelope[] = [];
  const pair = createPipePair({ binary, faults: (message) => void sent.push(message as Envelope) });
  const [near, far] = [new LinkedEnd(pair.a), new LinkedEnd(pair.b, false)];
  host.runUntilIdleSync();
  for (const make of fc.sample(graphs, { numRuns: 150, seed: 7 })) {
    const { port1, port2 } = new MessageChannel();
    near.post({ value: make(), port: port2 }, [port2]);
    port1.postMessage(make());
    near.link.ping();
    host.runUntilIdleSync();
    port1.close();
  }
  host.runUntilIdleSync();
  near.link.close();
  far.link.close();
  host.runUntilIdleSync();
  // Most of what closes is left out: a port that is closed checks nothing any more.
  return sent
    .flatMap(framesOf)
    .filter(({ text }, at) => /^\["(msg|more|ping|pong)"/.test(text) || at % 20 === 0);
}

function framesOf({ text, buffers }: Envelope): SentFrame[] {
  return (JSON.parse(text) as unknown[][]).map((frame) => {
    if (frame[0] !== 'more') return { text: JSON.stringify(frame), buffers: [] };
    const [first, count] = frame.slice(4, 6) as [number, number];
    // Alone in its envelope.
    frame[4] = 0;
    return { text: JSON.stringify(frame), buffers: buffers.slice(first, first + count) };
  });
}

/** Ids of the ports that spoiled frames may name, and one that nobody has. */
const victims = ['v1', 'v2', 'v3', '0', createPortId()];

/** A link whose other end is the test's; it has ports for spoiled frames, and two for good ones. */
class Target {
  readonly end: LinkedEnd;
  readonly heard: unknown[] = [];
  readonly errors: unknown[] = [];
  private events: PipeEvents | null = null;
  private serial = 0;

  constructor() {
    const pipe: Pipe = {
      traits: { binary: true, transfer: false, bare: false },
      send: () => undefined,
      listen: (events) => void (this.events = events),
      close: () => undefined,
    };
    this.end = new LinkedEnd(pipe);
    this.end.unreadable = (error) => this.errors.push(error);
    this.end.heard = ({ ports }) => ports.forEach((port) => this.listen(port));
    const ids = JSON.stringify(['good', ...victims.slice(0, 3)]);
    this.receive(`[["hello",${protocolVersion},"test"],["more","0",null,0,0,0,${ids},0]]`);
    this.end.heard = ({ ports }) => ports.forEach((port) => port.close());
    expect(this.end.link.size).toBe(5);
  }

  receive(text: string, buffers: readonly unknown[] = []): void {
    this.receiveRaw({ mpLanes: protocolVersion, text, buffers });
  }

  receiveRaw(message: unknown): void {
    this.events?.message(message);
    host.runUntilIdleSync();
  }

  /** Whether a spoiled frame said goodbye, or spoke another protocol. */
  get isEnded(): boolean {
    return this.end.link.size === 0;
  }

  /** A good frame, and whether it was heard. */
  good(): { text: string; isHeard: () => boolean } {
    const mark = `good ${this.serial++}`;
    return { text: JSON.stringify(['msg', 'good', mark]), isHeard: () => this.heard.includes(mark) };
  }

  private listen(port: MessagePort): void {
    port.onmessage = ({ data, ports }) => {
      if (typeof data === 'string') this.heard.push(data);
      for (const brought of ports) (brought as MessagePort).close();
    };
    port.onmessageerror = ({ data }) => this.errors.push(data);
  }
}

const builtIns = [
  Object,
  Array,
  Map,
  Set,
  Function,
  String,
  Number,
  Error,
  Promise,
  ArrayBuffer,
  Date,
  RegExp,
];

/** Every own property of the built-ins and of their prototypes. */
function pictureOfBuiltIns(): unknown[] {
  return builtIns.flatMap((type) => [
    ...Object.values(Object.getOwnPropertyDescriptors(type.prototype)).flatMap(Object.values),
    ...Reflect.ownKeys(type.prototype),
    ...Reflect.ownKeys(type),
  ]);
}

function usedBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

const maxMs = 250;
const maxBytes = 64 * 2 ** 20;

describe('a frame that was spoiled', () => {
  it(
    'is decoded or refused with a typed error, quickly, and harms nothing else (property)',
    () => {
      const frames = [...recordTraffic(true), ...recordTraffic(false)];
      const before = pictureOfBuiltIns();
      let target = new Target();
      let served = 0;
      fc.assert(
        fc.property(fc.nat(), fc.nat(), mutations, (which, victim, plan) => {
          if (served++ % 50 === 0 || target.isEnded) target = new Target();
          const recorded = frames[which % frames.length] as SentFrame;
          const id = victims[victim % victims.length] as string;
          const { text, buffers } = spoil(addressed(recorded, id), plan, victims);
          checkOutcome(target, text, buffers);
        }),
        { ...runs(3000, 1_000_000), endOnFailure: true },
      );
      expect(pictureOfBuiltIns()).toEqual(before);
    },
    timeoutMs,
  );

  it('costs the frames beside it nothing where one of its buffers is no buffer', () => {
    for (const wrong of [null, 7, 'not base64!', {}, new Uint8Array(3), [[]]]) {
      const target = new Target();
      const [first, last] = [target.good(), target.good()];
      const bad = '["more","v1",{"~":["~1","~b0"]},0,0,1,[],0]';
      target.receive(`[${first.text},${bad},${last.text}]`, [wrong]);
      expect([first.isHeard(), last.isHeard()]).toEqual([true, true]);
      expect(target.errors.map(codeOf)).toEqual(['ERR_PROTOCOL']);
    }
  });

  it.each([
    ['["more","v1",1,0,0,-1,[],0]'],
    ['["more","v1",1,0,0,[1],[],0]'],
    ['["more","v1",1,2,0,0,[],0]'],
    ['["more","v1",1,0,0,0,"ports",0]'],
    ['["more","v1",1,0,0,0,[7],0]'],
    ['["more","v1",1,0]'],
    ['["more","v1",1,0,0,3,[],0]'],
    ['["more","v1",1,0,9007199254740991,1,[],0]'],
    ['["msg","v1"]'],
  ])('is told to its port as messageerror: %s', (bad) => {
    const target = new Target();
    const [first, last] = [target.good(), target.good()];
    target.receive(`[${first.text},${bad},${last.text}]`);
    expect([first.isHeard(), last.isHeard()]).toEqual([true, true]);
    expect(target.errors.map(codeOf)).toEqual(['ERR_PROTOCOL']);
    expect(target.end.faults).toEqual([]);
  });

  it('is refused before its claims cost anything', () => {
    const sparse = Object.assign([], { length: 50_000_000 });
    const claims: unknown[] = [
      { mpLanes: protocolVersion, text: '[]', buffers: sparse },
      { mpLanes: protocolVersion, text: '[["more","v1",1,0,0,4294967295,[],0]]', buffers: [] },
      { mpLanes: protocolVersion, text: '[["more","v1",1,0,0,50000000,[],0]]', buffers: sparse },
      {
        mpLanes: protocolVersion,
        text: '[["more","v1",{"~":["~1","~b0,9007199254740991"]},0,0,1,[],0]]',
        buffers: [new ArrayBuffer(1)],
      },
      { mpLanes: protocolVersion, text: '[["msg","v1",{"~":[["a",4294967295,{}]]}]]', buffers: [] },
    ];
    for (const claim of claims) {
      const once = (): boolean => isCostly(() => new Target().receiveRaw(claim));
      expect([once(), once(), once()]).toContain(false);
    }
  });
});

describe('a port id that was guessed', () => {
  it('reaches nothing: not one of as many guesses as there are', () => {
    const target = new Target();
    const { link } = target.end;
    const channels = Array.from({ length: 500 }, () => new MessageChannel());
    channels.forEach(({ port2 }) => target.end.post(null, [port2]));
    channels.forEach(({ port1 }) => (port1.onmessage = () => target.heard.push('guessed')));
    host.runUntilIdleSync();
    const size = link.size;
    const guesses = runs(10_000, 1_000_000).numRuns;
    for (let sent = 0; sent < guesses; sent += 500) {
      const frames = Array.from({ length: 250 }, () => {
        const id = JSON.stringify(createPortId());
        return `["msg",${id},"x"],["close",${id}]`;
      });
      target.receive(`[${frames.join()}]`);
    }
    expect([target.heard, link.size, link.counters.dropped]).toEqual([[], size, guesses]);
  });
});

/** The frame as if it had been sent to the port `id`. */
function addressed({ text, buffers }: SentFrame, id: string): SentFrame {
  const frame = JSON.parse(text) as unknown[];
  if (frame.length > 1 && frame[0] !== 'hello') frame[1] = id;
  return { text: JSON.stringify(frame), buffers };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return LanesError.is(error) ? error.code : `untyped: ${String(error)}`;
}

/** Sends a spoiled frame between two good ones, and one more good one afterwards. */
function checkOutcome(target: Target, text: string, buffers: readonly unknown[]): void {
  const [first, last, after] = [target.good(), target.good(), target.good()];
  const batch = `[${first.text},${text},${last.text}]`;
  if (isCostlyFor(target, batch, buffers)) {
    // A busy machine or a collection may be to blame: then it is not costly three times.
    const again = (): boolean => isCostlyFor(new Target(), batch, buffers);
    expect([again(), again()], `costly: ${batch.slice(0, 500)}`).toContain(false);
  }
  expect(host.takeErrors()).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  for (const error of [...target.errors.splice(0), ...target.end.faults.splice(0)])
    expect(codeOf(error)).toBe('ERR_PROTOCOL');
  if (target.isEnded) return expect(isJson(batch)).toBe(true);
  if (isJson(batch)) expect([first.isHeard(), last.isHeard()], batch).toEqual([true, true]);
  target.receive(`[${after.text}]`);
  expect(after.isHeard(), batch).toBe(true);
}

function isCostlyFor(target: Target, text: string, buffers: readonly unknown[]): boolean {
  return isCostly(() => target.receive(text, buffers));
}

function isCostly(run: () => void): boolean {
  const [startMs, startBytes] = [performance.now(), usedBytes()];
  run();
  return performance.now() - startMs > maxMs || usedBytes() - startBytes > maxBytes;
}
