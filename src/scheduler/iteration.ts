/** The loops of `scheduler.forEach`, `map`, `filter` and `reduce`, as generators that may stop after each item. */
import type { PostTaskOptions } from './scheduler-options.js';

/** What the loops in slices may be told: all of `PostTaskOptions` but the delay, and who hears of progress. */
export interface IterationOptions extends Pick<PostTaskOptions, 'priority' | 'signal'> {
  /** Called at the end of each slice with the number of items done, and of all where the iterable has a `length`. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/** How far a loop is. */
export interface Progress {
  done: number;
  total: number | undefined;
}

function lengthOf(items: unknown): number | undefined {
  const { length, size } = items as { length?: unknown; size?: unknown };
  if (typeof length === 'number') return length;
  return typeof size === 'number' ? size : undefined;
}

/** Calls `visit` for each item, then gives what `result` does. */
function* steps<T, R>(
  items: Iterable<T>,
  visit: (item: T, index: number) => void,
  progress: Progress,
  result: () => R,
): Generator<undefined, R, undefined> {
  progress.total = lengthOf(items);
  for (const item of items) {
    visit(item, progress.done);
    progress.done++;
    yield;
  }
  return result();
}

/** Calls `visit` for each item. */
export function forEachSteps<T>(
  items: Iterable<T>,
  visit: (item: T, index: number) => void,
  progress: Progress,
): Generator<undefined, void, undefined> {
  return steps(items, visit, progress, () => undefined);
}

/** Collects what `convert` gives. */
export function mapSteps<T, R>(
  items: Iterable<T>,
  convert: (item: T, index: number) => R,
  progress: Progress,
): Generator<undefined, R[], undefined> {
  const results: R[] = [];
  return steps(
    items,
    (item, index) => void results.push(convert(item, index)),
    progress,
    () => results,
  );
}

/** Collects the items that `keep` says yes to. */
export function filterSteps<T>(
  items: Iterable<T>,
  keep: (item: T, index: number) => boolean,
  progress: Progress,
): Generator<undefined, T[], undefined> {
  const results: T[] = [];
  return steps(
    items,
    (item, index) => {
      if (keep(item, index)) results.push(item);
    },
    progress,
    () => results,
  );
}

/** Combines all items with `initial`. */
export function reduceSteps<T, R>(
  items: Iterable<T>,
  combine: (result: R, item: T, index: number) => R,
  initial: R,
  progress: Progress,
): Generator<undefined, R, undefined> {
  let result = initial;
  return steps(
    items,
    (item, index) => {
      result = combine(result, item, index);
    },
    progress,
    () => result,
  );
}
