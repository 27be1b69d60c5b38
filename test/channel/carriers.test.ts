/** What a port carries, over every kind of pipe that there is. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { PipePairOptions, VirtualHost } from '../../src/testing.js';
import { graphs } from '../codec/graphs.js';
import { differenceOf } from '../codec/isomorphism.js';
import { runs, scaled, timeoutMs } from '../deep/scale.js';
import { LinkedEnd } from './linked-end.js';

const native = globalThis.structuredClone;

let host: VirtualHost;
let uninstall: () => void;
let ends: LinkedEnd[];
let envelopes: unknown[];

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
  ends = [];
  envelopes = [];
});

afterEach(() => {
  for (const { link } of ends) expect(link.counters).toEqual({ dropped: 0, faults: 0, foreign: 0 });
  host.assertClean();
  uninstall();
});

/** Sends `port` over a new pipe and gives the one that arrives. */
function sendAway(port: MessagePort, options: PipePairOptions): MessagePort {
  const pair = createPipePair({ ...options, faults: (message) => void envelopes.push(message) });
  const [near, far] = [new LinkedEnd(pair.a), new LinkedEnd(pair.b, false)];
  ends.push(near, far);
  let arrived: MessagePort | undefined;
  far.heard = ({ ports }) => (arrived = ports[0]);
  near.post(null, [port]);
  host.runUntilIdleSync();
  if (arrived === undefined) throw new Error('no port arrived');
  return arrived;
}

/** A function that posts a value at one end and gives what the other end hears; `hops` are the pipes between. */
function connect(hops: readonly PipePairOptions[]): (value: unknown, transfer?: object[]) => unknown {
  const { port1, port2 } = new MessageChannel();
  const far = hops.reduce(sendAway, port2);
  envelopes = [];
  const heard: unknown[] = [];
  far.onmessage = ({ data }) => heard.push(data);
  far.onmessageerror = ({ data }) => {
    throw data as Error;
  };
  return (value, transfer = []) => {
    port1.postMessage(value, transfer);
    host.runUntilIdleSync();
    const errors = host.takeErrors();
    if (errors.length > 0) throw errors[0];
    expect(heard).toHaveLength(1);
    return heard.pop();
  };
}

function childrenOf(object: object): unknown[] {
  if (object instanceof Map) return [...object].flat();
  if (object instanceof Set) return [...object];
  return ArrayBuffer.isView(object) ? [object.buffer] : Object.values(object);
}

function buffersIn(value: unknown): ArrayBuffer[] {
  const seen = new Set<unknown>([value]);
  for (const item of seen) {
    if (typeof item === 'object' && item !== null) for (const child of childrenOf(item)) seen.add(child);
  }
  return [...seen].filter((item) => item instanceof ArrayBuffer);
}

/** One more level around `value`, of each kind of container in turn. */
function wrap(value: unknown, level: number): unknown {
  switch (level % 4) {
    case 0:
      return [value];
    case 1:
      return { value };
    case 2:
      return new Map([[value, level]]);
    default:
      return new Set([value, level]);
  }
}

const binary: PipePairOptions = { binary: true };
const text: PipePairOptions = { binary: false };
const structured: PipePairOptions = { cloneMessage: 'structured', transfer: true };

describe.each([
  ['of one thread', []],
  ['over a pipe of JSON and buffers', [binary]],
  ['over a pipe of JSON text alone', [text]],
  ['over a pipe of structured clone with transfer', [structured]],
  ['over two pipes', [text, binary]],
] as [string, PipePairOptions[]][])('ports %s', (_name, hops) => {
  it(
    'carry every graph as native structuredClone copies it',
    () => {
      const carry = connect(hops);
      fc.assert(
        fc.property(graphs, (make) => {
          const value = make();
          expect(differenceOf(carry(value), native(value))).toBeNull();
        }),
        runs(200, 20_000),
      );
    },
    timeoutMs,
  );

  it(
    'carry a graph whose buffers move as native structuredClone does',
    () => {
      const carry = connect(hops);
      fc.assert(
        fc.property(graphs, (make) => {
          // Made at one place in the code, so that the stacks of their errors are equal.
          const [value, twin] = [0, 1].map(() => make());
          const transfer = buffersIn(value);
          const moved = native(twin, { transfer: buffersIn(twin) });
          expect(differenceOf(carry(value, transfer), moved)).toBeNull();
          expect(transfer.filter(({ byteLength }) => byteLength > 0)).toEqual([]);
        }),
        runs(200, 20_000),
      );
    },
    timeoutMs,
  );

  it(
    'carry what is nested far deeper than any engine recurses',
    () => {
      const carry = connect(hops);
      let value: unknown = 'core';
      for (let level = 0; level < scaled(20_000, 100_000); level++) value = wrap(value, level);
      expect(differenceOf(carry(value), value)).toBeNull();
    },
    timeoutMs,
  );

  it("carry a user's values that look like our own as the data that they are", () => {
    const carry = connect(hops);
    for (const value of lookalikes) {
      expect(differenceOf(carry(value), value)).toBeNull();
      const [shared, cyclic] = [[value, undefined, value], { value, self: {} }];
      cyclic.self = cyclic;
      expect(differenceOf(carry(shared), shared)).toBeNull();
      expect(differenceOf(carry(cyclic), cyclic)).toBeNull();
    }
  });
});

const tags = [
  '~',
  '~~',
  '~u',
  '~n',
  '~h',
  '~0',
  '~1',
  '~12',
  '~p0',
  '~b0',
  '~b0,8',
  '~d1',
  '~T',
  '~G1',
  '~Sx',
];
const lookalikes: unknown[] = [
  ...tags,
  '~rgi/a',
  '~vUint8Array,0,0,1',
  ...tags.map((tag) => [tag]),
  ...tags.map((tag) => ({ [tag]: tag })),
  { '~': [] },
  { '~': [1, {}] },
  { '~': ['~1', ['M', 1, 2]] },
  { '~': { '~': ['~u'] } },
  ['A', []],
  ['a', 3, { 1: 1 }],
  ['M', 'key', 'value'],
  ['S', 1],
  ['E', 'Error', 'message', null],
  ['X', 'AbortError', 'message', null],
  ['msg', '0', 1, 0, []],
  ['bye'],
  { mpLanes: 1, text: '["bye"]', buffers: [] },
  { 'mp-lanes.json': '{}' },
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {}}, "toJSON": "~u"}'),
];

describe('binary data on a pipe of JSON text alone', () => {
  it.each([
    ['one buffer of 1 MiB', [2 ** 20]],
    ['a thousand buffers of 1 KiB', Array.from({ length: 1000 }, () => 1024)],
    ['buffers of odd lengths', [1021, 1022, 1023, 65_537]],
  ] as [string, number[]][])('costs at most 1.5 bytes a byte: %s', (_name, lengths) => {
    const carry = connect([text]);
    const views = lengths.map((length) => Uint8Array.from({ length }, (_, index) => (index * 7919) % 256));
    expect(differenceOf(carry(views), views)).toBeNull();
    const cost = Buffer.byteLength(JSON.stringify(envelopes));
    expect(cost).toBeLessThanOrEqual(1.5 * lengths.reduce((sum, length) => sum + length, 0));
  });
});
