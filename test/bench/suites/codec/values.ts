/** What is encoded, the same in every run and in every host. */
import { seededRandom } from '../../harness/random.js';

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** A new value of the same content each time. */
  make(this: void): unknown;
}

const ROWS = 10_000;
const BUFFER_BYTES = 2 ** 20;
const CHAIN_LEVELS = 10_000;

/** A call as it stands in a message. */
export function smallMessage(id = 4711): { id: number; method: string; args: unknown[] } {
  return { id, method: 'search', args: ['weather in Hangzhou', 20, true] };
}

/** About 1 kB of JSON: an answer of a service, as a page shows it. */
export function kilobyteObject(): object {
  return {
    id: 900_001,
    title: 'Evening market at the old harbour',
    tags: ['food', 'music', 'outdoors', 'family', 'free'],
    open: true,
    rating: 4.62,
    place: { city: 'Qingdao', street: '17 Taiping Road', lat: 36.06137, lon: 120.32144, floor: null },
    stalls: Array.from({ length: 8 }, (_, index) => ({
      id: index,
      name: `Stall number ${String(index)}`,
      price: 12.5 + index,
      stock: index * 7,
      sold: index % 2 === 0,
    })),
    note: 'Rain moves the market into hall 3; the last ferry leaves at 22:40 from pier 2.',
  };
}

/** About 1.1 MB of JSON: rows of a list of cities, all of the same keys and types. */
export function cityRows(): object[] {
  const random = seededRandom(11);
  const whole = (below: number): number => Math.floor(random() * below);
  const degrees = (most: number): number => Math.round((random() * 2 - 1) * most * 1e5) / 1e5;
  const syllables = ['an', 'bei', 'cheng', 'du', 'gua', 'hai', 'jin', 'ling', 'nan', 'shan', 'xi', 'zhou'];
  const countries = ['CN', 'IN', 'US', 'BR', 'ID', 'DE', 'FR', 'NG'];
  const pick = (from: readonly string[]): string => from[whole(from.length)] ?? '';
  return Array.from({ length: ROWS }, () => ({
    id: 1_000_000 + whole(9_000_000),
    name: `${pick(syllables)}${pick(syllables)} ${pick(syllables)}${pick(syllables)}${pick(syllables)}`,
    country: pick(countries),
    lat: degrees(90),
    lon: degrees(180),
    population: 1_000 + whole(20_000_000),
  }));
}

export function randomBuffer(): ArrayBuffer {
  const random = seededRandom(12);
  return Uint8Array.from({ length: BUFFER_BYTES }, () => random() * 256).buffer;
}

/** What structured clone knows and JSON does not, in about 4 kB. */
export function richGraph(): object {
  const shared = { name: 'shared', at: new Date(1_700_000_000_000) };
  const graph = {
    members: new Map(Array.from({ length: 24 }, (_, index) => [`key ${String(index)}`, { index, shared }])),
    seen: new Set(Array.from({ length: 24 }, (_, index) => `entry ${String(index)}`)),
    dates: Array.from({ length: 12 }, (_, index) => new Date(index * 86_400_000)),
    patterns: [/^[a-z]+$/i, /(\d+)-(\d+)/g],
    bytes: Uint8Array.from({ length: 512 }, (_, index) => index % 251),
    numbers: Float64Array.from({ length: 64 }, (_, index) => index / 7),
    failure: new Error('out of stock'),
    big: [2n ** 64n, -(3n ** 50n)],
    shared,
    self: null as unknown,
  };
  graph.self = graph;
  return graph;
}

function deepChain(): unknown {
  let chain: unknown = null;
  for (let level = 0; level < CHAIN_LEVELS; level++) chain = { level, next: chain };
  return chain;
}

export const small = 'small message';
export const table = '10,000 rows';

export const workloads: readonly Workload[] = [
  { name: small, title: 'A small message, as of a call', make: () => smallMessage() },
  { name: '1 kB object', title: 'An object of 1 kB', make: kilobyteObject },
  { name: table, title: '10,000 uniform rows', make: cityRows },
  { name: '1 MB buffer', title: 'An ArrayBuffer of 1 MB', make: randomBuffer },
  {
    name: 'rich graph',
    title: 'Map, Set, Date, RegExp, typed arrays, Error, BigInt, shared references and a cycle',
    make: richGraph,
  },
  { name: 'deep chain', title: 'A chain of 10,000 levels', make: deepChain },
];
