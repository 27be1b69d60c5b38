/** Whether a value came back as it was sent: types, content, shared references and cycles. */

interface Pair {
  readonly expected: unknown;
  readonly actual: unknown;
  /** Where it stands: the pair around it, and by which name. */
  readonly around: Pair | null;
  readonly name: string;
}

const MOST = 3;
const PATH_PARTS = 4;

/** What `actual` lost of `expected`, by place, at most three of it; empty where nothing. Has no recursion: chains are deep. */
export function differences(expected: unknown, actual: unknown): string[] {
  const found: string[] = [];
  const waiting: Pair[] = [{ expected, actual, around: null, name: 'value' }];
  const became = new Map<object, object>();
  const taken = new Set<object>();
  for (let pair = waiting.pop(); pair !== undefined && found.length < MOST; pair = waiting.pop()) {
    const loss = lossOf(pair, became, taken);
    if (loss !== '') found.push(`${pathOf(pair)}: ${loss}`);
  }
  return found;

  function lossOf(pair: Pair, became: Map<object, object>, taken: Set<object>): string {
    const { expected, actual } = pair;
    if (!isObject(expected) || !isObject(actual) || tagOf(expected) !== tagOf(actual)) {
      return Object.is(expected, actual) ? '' : `${shown(expected)} became ${shown(actual)}`;
    }
    const before = became.get(expected);
    if (before !== undefined) return before === actual ? '' : 'a shared reference became a copy';
    if (taken.has(actual)) return 'two objects became one';
    became.set(expected, actual);
    taken.add(actual);
    return ownLoss(expected, actual) || (compareChildren(pair, waiting) ? '' : 'other members');
  }
}

/** What is lost of the object itself, whatever is in it. */
function ownLoss(expected: object, actual: object): string {
  if (Object.getPrototypeOf(expected) !== Object.getPrototypeOf(actual)) return 'another prototype';
  const [before, after] = [contentOf(expected), contentOf(actual)];
  if (before === null || after === null) return '';
  const isSame =
    before.length === after.length && before.every((part, index) => Object.is(part, after[index]));
  return isSame ? '' : 'other content';
}

/** The content of what has no children. */
function contentOf(object: object): (ArrayLike<unknown> & { every: unknown[]['every'] }) | null {
  if (object instanceof Date) return [object.getTime()];
  if (object instanceof RegExp) return [object.source, object.flags];
  if (object instanceof Error) return [object.name, object.message];
  if (object instanceof ArrayBuffer) return new Uint8Array(object) as never;
  if (ArrayBuffer.isView(object))
    return new Uint8Array(object.buffer, object.byteOffset, object.byteLength) as never;
  return null;
}

/** Puts the pairs of children on `waiting`; `false` where there are more on one side. */
function compareChildren(pair: Pair, waiting: Pair[]): boolean {
  const before = childrenOf(pair.expected as object);
  const after = childrenOf(pair.actual as object);
  if (before.size !== after.size) return false;
  for (const [name, expected] of before) {
    if (!after.has(name)) return false;
    waiting.push({ expected, actual: after.get(name), around: pair, name });
  }
  return true;
}

function childrenOf(object: object): Map<string, unknown> {
  if (contentOf(object) !== null) return new Map();
  if (object instanceof Map || object instanceof Set) {
    const members = object instanceof Map ? [...object].flat() : [...object];
    return new Map(members.map((member, index) => [`#${String(index)}`, member]));
  }
  return new Map(Object.entries(object));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function tagOf(object: object): string {
  return Object.prototype.toString.call(object).slice(8, -1);
}

function shown(value: unknown): string {
  if (isObject(value)) return tagOf(value);
  return typeof value === 'string' ? 'a string' : typeof value === 'bigint' ? 'a BigInt' : String(value);
}

function pathOf(pair: Pair): string {
  const parts: string[] = [];
  for (let at: Pair | null = pair; at !== null; at = at.around) {
    if (parts.unshift(at.name) === PATH_PARTS) break;
  }
  return parts.join('.');
}
