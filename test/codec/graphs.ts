/** Random graphs of every kind of value that structured clone knows, with shared references and cycles. */
import fc from 'fast-check';

/** Strings that a codec may stumble over, among others. */
const strings = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '~',
    '~~',
    '~u',
    '~0',
    '~1',
    '~h',
    '~n',
    '~d1',
    '~b0',
    '\ud800',
    'a\udc00',
    '',
    '__proto__',
    'toJSON',
  ),
);
const keys = fc.oneof(
  strings,
  fc.constantFrom('~', 'constructor', '__proto__', 'length', '0', '1', '-1', '4294967295'),
);
const primitives = fc.oneof(
  strings,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, NaN, -0, 0, Infinity, -Infinity),
);
const viewKinds = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
] as const;
const errorKinds = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError] as const;

const kinds = [
  'object',
  'array',
  'sparse',
  'table',
  'map',
  'set',
  'date',
  'regexp',
  'error',
  'boxed',
  'buffer',
  'view',
] as const;

const nodes = fc.record({
  kind: fc.constantFrom(...kinds),
  primitive: primitives,
  number: fc.nat({ max: 1000 }),
  text: strings,
  /** What it leads to: a primitive, or the node of that number. */
  edges: fc.array(
    fc.tuple(keys, fc.oneof({ weight: 2, arbitrary: primitives }, fc.record({ to: fc.nat() }))),
    {
      maxLength: 6,
    },
  ),
});
type Node = typeof nodes extends fc.Arbitrary<infer T> ? T : never;

function created({ kind, primitive, number, text }: Node, buffers: ArrayBuffer[]): object {
  switch (kind) {
    case 'object':
      return {};
    case 'array':
    case 'sparse':
    case 'table':
      return [];
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'date':
      return new Date(number % 7 === 0 ? NaN : number * 1e9 - 1e11);
    case 'regexp':
      return Object.assign(/a\/[/]\n?/g, { lastIndex: number });
    case 'error':
      return new (errorKinds[number % errorKinds.length] as ErrorConstructor)(text);
    case 'boxed':
      return Object(primitive ?? text) as object;
    case 'buffer': {
      const buffer = Uint8Array.from({ length: number % 40 }, (_, index) => index * number).buffer;
      buffers.push(buffer);
      return buffer;
    }
    case 'view': {
      const buffer = buffers[number % (buffers.length + 1)] ?? new ArrayBuffer(48);
      const constructor = viewKinds[number % viewKinds.length] as typeof Uint8Array;
      const size = constructor.BYTES_PER_ELEMENT ?? 1;
      const elements = Math.floor(buffer.byteLength / size);
      const from = number % (elements + 1);
      return new constructor(buffer, from * size, elements - from);
    }
  }
}

/** Rows with the keys of the edges, the last of which is the second once more; `rows` are what others may refer to. */
function linkTable(object: unknown[], node: Node, target: (edge: unknown) => unknown, rows: object[]): void {
  rows.forEach((row, at) => {
    node.edges.forEach(([key], index) => {
      const [, edge] = node.edges[(index + at) % node.edges.length] as Node['edges'][number];
      const value = target(edge);
      Object.defineProperty(row, key, { value, writable: true, enumerable: true, configurable: true });
    });
    object.push(row);
  });
  // Some are no tables after all.
  if (node.number % 5 === 0) object[node.number % rows.length] = node.primitive;
  else object.push(rows[1]);
}

function link(object: object, node: Node, target: (edge: unknown) => unknown): void {
  node.edges.forEach(([key, edge], index) => {
    const value = target(edge);
    const own = { value, writable: true, enumerable: true, configurable: true };
    if (node.kind === 'object') Object.defineProperty(object, key, own);
    else if (node.kind === 'array') (object as unknown[]).push(value);
    else if (node.kind === 'sparse') {
      if (key !== 'length')
        Object.defineProperty(object, index % 2 === 0 ? String(index * node.number) : key, own);
    } else if (node.kind === 'map')
      (object as Map<unknown, unknown>).set(index % 2 === 0 ? key : target(edge), value);
    else if (node.kind === 'set') (object as Set<unknown>).add(value);
  });
}

/** A value, as a function that makes it, so that every run has its own. */
export const graphs: fc.Arbitrary<() => unknown> = fc
  .array(nodes, { minLength: 1, maxLength: 12 })
  .map((list) => {
    const make = (): unknown => {
      const buffers: ArrayBuffer[] = [];
      const objects = list.map((node) => created(node, buffers));
      const rowsOf = list.map(({ kind }) => (kind === 'table' ? Array.from({ length: 17 }, () => ({})) : []));
      const targets = objects.concat(...rowsOf.map((rows) => rows.slice(0, 2)));
      const target = (edge: unknown): unknown => {
        const isReference = typeof edge === 'object' && edge !== null;
        return isReference ? targets[(edge as { to: number }).to % targets.length] : edge;
      };
      list.forEach((node, index) => {
        const object = objects[index] as object;
        if (node.kind === 'table') linkTable(object as unknown[], node, target, rowsOf[index] as object[]);
        else link(object, node, target);
      });
      return objects[0];
    };
    return Object.assign(make, {
      [fc.toStringMethod]: () => JSON.stringify(list, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)),
    });
  });
