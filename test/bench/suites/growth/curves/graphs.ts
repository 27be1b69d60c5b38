/** Object graphs of n nodes, encoded and decoded: there and back as text, as between threads. */
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';

const own = { area: 'graphs', law: 'constant', least: 1_000, most: 1_000_000, quickMost: 10_000 } as const;

interface Node {
  readonly id: number;
  readonly name: string;
  readonly nodes: Node[];
  next: Node | null;
}

const createNode = (id: number): Node => ({ id, name: `node ${String(id % 100)}`, nodes: [], next: null });

/** Each but the first hangs on one before it, eight on each. */
function tree(n: number): Node {
  const all = Array.from({ length: n }, (_, id) => createNode(id));
  for (let id = 1; id < n; id++) all[(id - 1) >> 3]?.nodes.push(all[id] as Node);
  return all[0] as Node;
}

/** Each in the one before. */
function chain(n: number): Node {
  const all = Array.from({ length: n }, (_, id) => createNode(id));
  for (let id = 1; id < n; id++) (all[id - 1] as Node).next = all[id] as Node;
  return all[0] as Node;
}

/** The tree, in which each also refers to another one far away: there are cycles, and everybody is met twice. */
function shared(n: number): Node {
  const root = tree(n);
  const all = listOf(root);
  all.forEach((node, at) => (node.next = all[(at * 7919 + 1) % n] as Node));
  return root;
}

/** A flat list of rows, the most usual large message. */
function rows(n: number): object[] {
  return Array.from({ length: n }, (_, id) => ({
    id,
    name: `row ${String(id % 100)}`,
    lat: id / 7,
    lng: id / 11,
  }));
}

function listOf(root: Node): Node[] {
  const all = [root];
  const seen = new Set(all);
  for (let at = 0; at < all.length; at++) {
    const { nodes, next } = all[at] as Node;
    for (const other of next === null ? nodes : [...nodes, next]) {
      if (seen.has(other)) continue;
      seen.add(other);
      all.push(other);
    }
  }
  return all;
}

function roundTripOf<T extends object>(make: (n: number) => T, count: (value: T) => number): Curve['run'] {
  return ({ lanes: { decode, encode }, now }: Tools, n: number): Promise<Spent> => {
    const value = make(n);
    const startMs = now();
    const { text, buffers } = encode(value);
    const back = decode(text, buffers) as T;
    const ms = now() - startMs;
    assertCount(count(back), n, 'nodes came back');
    return Promise.resolve({ ms, items: n });
  };
}

/** Reads a row's numbers: that as many came back says little of what is in them. */
function countRows(back: readonly object[]): number {
  return back.filter((row, id) => (row as { readonly id: number }).id === id).length;
}

function cloneOf(make: (n: number) => Node): Curve['run'] {
  return ({ lanes: { structuredClone }, now }, n) => {
    const value = make(n);
    const startMs = now();
    const back = structuredClone(value);
    const ms = now() - startMs;
    assertCount(listOf(back).length, n, 'nodes came back');
    return Promise.resolve({ ms, items: n });
  };
}

const nodes = (root: Node): number => listOf(root).length;

export const graphCurves: readonly Curve[] = [
  { ...own, name: 'rows', run: roundTripOf(rows, countRows) },
  { ...own, name: 'tree', run: roundTripOf(tree, nodes) },
  { ...own, name: 'chain', run: roundTripOf(chain, nodes) },
  { ...own, name: 'tree with a second reference each', run: roundTripOf(shared, nodes) },
  { ...own, name: 'structuredClone, the same', run: cloneOf(shared) },
];
