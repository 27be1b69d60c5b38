/** What counts as a stream among arguments and results: async iterables, and generators, which are read once. */

/** Whatever can be iterated, now or later. */
export type AnyIterable<T = unknown> = AsyncIterable<T> | Iterable<T>;

/** Whatever an iterator of either kind does. */
export interface AnyIterator {
  next(): unknown;
  return?(value?: unknown): unknown;
}

/** Missing before iOS 12, where compilers of async generators agree on this one. */
export const asyncIterator: typeof Symbol.asyncIterator =
  Symbol.asyncIterator ?? (Symbol.for('Symbol.asyncIterator') as typeof Symbol.asyncIterator);

interface MaybeIterable {
  readonly [asyncIterator]?: unknown;
  readonly [Symbol.iterator]?: unknown;
  readonly next?: unknown;
}

/**
 * An async iterable, or an iterator that is its own iterable, as generators are. Arrays, Sets, Maps and strings are data,
 * and are cloned.
 */
export function isStream(value: object): value is AnyIterable {
  // A remote has whatever it is asked for, but is a function.
  if (typeof value === 'function') return false;
  const { [asyncIterator]: async, [Symbol.iterator]: sync } = value as MaybeIterable;
  return (
    typeof async === 'function' ||
    (typeof sync === 'function' && typeof (value as MaybeIterable).next === 'function')
  );
}

/** @throws whatever the iterable throws, and TypeError where what it gives is no iterator */
export function iteratorOf(iterable: AnyIterable): AnyIterator {
  const { [asyncIterator]: async } = iterable as Partial<AsyncIterable<unknown>>;
  const iterator: unknown =
    typeof async === 'function' ? async.call(iterable) : (iterable as Iterable<unknown>)[Symbol.iterator]();
  if (typeof (iterator as Partial<AnyIterator> | null)?.next !== 'function')
    throw new TypeError('an iterator has a next function');
  return iterator as AnyIterator;
}
