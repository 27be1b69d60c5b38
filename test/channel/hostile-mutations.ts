/** Ways to spoil a frame: at its text, at its JSON, at its buffers. Each is a plan of plain numbers, so that runs replay. */
import fc from 'fast-check';

/** A frame that was sent, as JSON text, and the buffers it refers to. */
export interface SentFrame {
  readonly text: string;
  readonly buffers: readonly unknown[];
}

/** What is done to a frame, and where; the numbers are taken modulo whatever there is. */
export interface Mutation {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly other: number;
}

const textKinds = ['flip', 'truncate', 'repeat', 'cut'] as const;
const jsonKinds = ['replace', 'replace', 'replace', 'key', 'swap', 'delete', 'wrap', 'claim', 'id'] as const;
const bufferKinds = ['missing', 'extra', 'wrong', 'resized'] as const;
const kinds = [...textKinds, ...jsonKinds, ...bufferKinds, 'twice'] as const;

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(), other: fc.nat() }),
  { minLength: 1, maxLength: 3 },
);

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

const polluting = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

/** What no encoder of ours writes, or not there. */
const hostile: readonly unknown[] = [
  ...[-1, 0.5, 1e308, 2 ** 31, 2 ** 53, 4294967295, -(2 ** 31), '', 'x'.repeat(70_000), null, true, [], {}],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'msg',
    'more',
    'credit',
    'join',
    'fence',
    'close',
    'hello',
  ],
  ...['~', '~0', '~1', '~999999999', '~-1', '~1e3', '~p0', '~p1', '~p-1', '~b0', '~b1', '~b99999'],
  ...['~b0,9007199254740991', '~b0,1e99', '~b0,1,1', '~vUint8Array,1,0,9999999999', '~vFloat64Array,1,1,1'],
  ...[
    '~vObject,1,0,1',
    '~v',
    '~vDataView,0,0',
    '~d99999999999999999',
    '~dNaN',
    '~rgi/(a+)+$',
    '~rq/',
    '~r/[',
  ],
  ...[`~g${'f'.repeat(300_000)}`, '~gzz', '~g', '~N1e999', '~Nx', '~Tx', '~G', '~h', '~q'],
  nested(3000),
  Array.from({ length: 50_000 }, () => null),
  Array.from({ length: 2000 }, () => ['a', 4294967295, {}]),
  ['a', 4294967295, {}],
  ['a', 16_777_217, { 0: 1 }],
  ['a', 3, { length: 9, __proto: 1 }],
  ['A', { length: 4294967295 }],
  ['M', 1],
  ['M', [nested(100)], '~0'],
  ['S', '~0', '~0'],
  ['E', 'constructor', '__proto__', {}],
  ['E', 'Error', [nested(50)], null, '~0'],
  ['X', null, null, null],
  { '~': [] },
  { '~': ['~1', '~1'] },
  { '~': ['~1', '~b0', '~b0'] },
  { '~': Array.from({ length: 5000 }, (_, at) => ['A', [`~${at + 1}`]]) },
  { '~': [1], extra: 1 },
  JSON.parse(polluting),
  JSON.parse(`{"~":["~1",${polluting},["a",1,${polluting}]]}`),
];

type Place = readonly [holder: Record<string, unknown>, key: string];

/** Every place in `value`, as far as it is worth it. */
function placesIn(value: unknown): Place[] {
  const root = { root: value };
  const places: Place[] = [[root, 'root']];
  for (let at = 0; at < places.length && places.length < 2000; at++) {
    const [holder, key] = places[at] as Place;
    const child = holder[key];
    if (typeof child !== 'object' || child === null) continue;
    for (const name of Object.keys(child)) places.push([child as Record<string, unknown>, name]);
  }
  return places;
}

function define([holder, key]: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function spoilJson(text: string, { kind, at, other }: Mutation, ids: readonly string[]): string {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return text;
  }
  const places = placesIn(frame);
  const place = places[at % places.length] as Place;
  const [root] = places[0] as Place;
  const second = places[other % places.length] as Place;
  const value = place[0][place[1]];
  if (kind === 'replace') define(place, hostile[other % hostile.length]);
  else if (kind === 'delete') Reflect.deleteProperty(...place);
  else if (kind === 'wrap') define(place, [value]);
  else if (kind === 'claim' && Array.isArray(frame))
    frame[3 + (at % 3)] = [4294967295, 1e300, 7, -1, '1', [1]][other % 6];
  else if (kind === 'id' && Array.isArray(frame)) frame[1] = ids[other % ids.length];
  else if (kind === 'key' && typeof value === 'object' && value !== null)
    define([value as Record<string, unknown>, ['__proto__', 'constructor', '~'][other % 3] as string], {
      polluted: 1,
    });
  else if (kind === 'swap' && place[0] !== root && second[0] !== root) {
    define(place, second[0][second[1]]);
    if (!isInside(value, second[0])) define(second, value);
  }
  try {
    return JSON.stringify(root['root']) ?? 'null';
  } catch {
    // A swap that put something into itself.
    return text;
  }
}

function isInside(value: unknown, holder: unknown): boolean {
  return placesIn(value).some(([inner, key]) => inner[key] === holder);
}

function spoilText(text: string, { kind, at, other }: Mutation): string {
  const from = at % (text.length + 1);
  const to = from + (other % 40);
  switch (kind) {
    case 'flip':
      return `${text.slice(0, from)}${String.fromCharCode(text.charCodeAt(from) ^ (1 << (other % 8)))}${text.slice(from + 1)}`;
    case 'truncate':
      return text.slice(0, from);
    case 'repeat':
      return text.slice(0, to) + text.slice(from);
    default:
      return text.slice(0, from) + text.slice(to);
  }
}

function spoilBuffers(buffers: readonly unknown[], { kind, at, other }: Mutation): unknown[] {
  const list = [...buffers];
  const wrong = ['not base64!', null, 1e9, {}, new Uint8Array(3), [[[]]], new SharedArrayBuffer(8), 'AAAA'];
  const index = at % Math.max(1, list.length);
  if (kind === 'missing') list.splice(index, 1);
  else if (kind === 'extra') list.splice(index, 0, new ArrayBuffer(other % 64));
  else if (kind === 'wrong') list[index] = wrong[other % wrong.length];
  else list[index] = new ArrayBuffer(other % 3);
  return list;
}

/** `frame` after `plan`; `ids` are those that a swapped or guessed id is taken from. */
export function spoil(frame: SentFrame, plan: readonly Mutation[], ids: readonly string[]): SentFrame {
  let { text, buffers } = frame;
  for (const mutation of plan) {
    const { kind } = mutation;
    if ((bufferKinds as readonly string[]).includes(kind)) buffers = spoilBuffers(buffers, mutation);
    else if ((textKinds as readonly string[]).includes(kind)) text = spoilText(text, mutation);
    else if (kind === 'twice') text = `${text},${text}`;
    else text = spoilJson(text, mutation, ids);
  }
  return { text, buffers };
}
