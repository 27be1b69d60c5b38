/**
 * Whether two values are the same graph: same kinds, same content in the same order, and the same sharing of objects.
 * Written against the standard and not against the codec, so that both can be held against it.
 */

const viewReader = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Int8Array.prototype),
  Symbol.toStringTag,
);

type Pair = readonly [unknown, unknown, string];

function tagOf(object: object): string {
  return Object.prototype.toString.call(object).slice(8, -1);
}

/** What of an object is compared as it is. */
function contentOf(object: object): unknown[] {
  switch (tagOf(object)) {
    case 'Date':
      return [(object as Date).getTime()];
    case 'RegExp':
      return [String(object), (object as RegExp).lastIndex];
    case 'Boolean':
    case 'Number':
    case 'String':
    case 'BigInt':
      return [(object as unknown as number).valueOf()];
    case 'Error':
      return [(object as Error).name, (object as Error).message, (object as Error).stack];
    case 'DOMException':
      return [(object as Error).name, (object as Error).message];
    case 'ArrayBuffer':
      return [...new Uint8Array(object as ArrayBuffer), (object as { maxByteLength?: number }).maxByteLength];
    default:
      return ArrayBuffer.isView(object)
        ? [viewReader?.get?.call(object), object.byteOffset, object.byteLength]
        : [];
  }
}

/** The objects and primitives that an object leads to. */
function childrenOf(object: object): [unknown, string][] {
  const tag = tagOf(object);
  if (tag === 'Map') {
    return [...(object as Map<unknown, unknown>)].flatMap(([key, value], index) => [
      [key, `.keys()[${index}]`] as [unknown, string],
      [value, `.values()[${index}]`] as [unknown, string],
    ]);
  }
  if (tag === 'Set')
    return [...(object as Set<unknown>)].map((member, index) => [member, `.values()[${index}]`]);
  if (ArrayBuffer.isView(object)) return [[object.buffer, '.buffer']];
  if (tag === 'Array' || tag === 'Object') {
    return Object.keys(object).map((key) => [(object as Record<string, unknown>)[key], `[${key}]`]);
  }
  return [];
}

/** Where `left` and `right` differ, or `null`. */
export function differenceOf(left: unknown, right: unknown): string | null {
  const there = new Map<unknown, unknown>();
  const back = new Map<unknown, unknown>();
  const pairs: Pair[] = [[left, right, 'value']];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b, path] = pair;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      if (!Object.is(a, b)) return `${path}: ${String(a)} is not ${String(b)}`;
      continue;
    }
    if (there.has(a) || back.has(b)) {
      if (there.get(a) !== b || back.get(b) !== a) return `${path}: other sharing`;
      continue;
    }
    there.set(a, b);
    back.set(b, a);
    const difference = shallowDifference(a, b);
    if (difference !== null) return `${path}: ${difference}`;
    const ours = childrenOf(a);
    const theirs = childrenOf(b);
    ours.forEach(([child, step], index) => pairs.push([child, theirs[index]?.[0], path + step]));
  }
  return null;
}

function shallowDifference(a: object, b: object): string | null {
  if (tagOf(a) !== tagOf(b)) return `${tagOf(a)} is not ${tagOf(b)}`;
  const isPlain = tagOf(a) === 'Object' || tagOf(a) === 'Array';
  if (isPlain && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return 'other prototype';
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return 'other length';
  const [left, right] = [contentOf(a), contentOf(b)];
  if (left.length !== right.length || left.some((item, index) => !Object.is(item, right[index])))
    return 'other content';
  const [ours, theirs] = [childrenOf(a), childrenOf(b)];
  const same = ours.length === theirs.length && ours.every(([, step], index) => step === theirs[index]?.[1]);
  return same
    ? null
    : `keys ${ours.map(([, step]) => step).join()} are not ${theirs.map(([, step]) => step).join()}`;
}
