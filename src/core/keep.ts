/**
 * Objects that live for ever, so that their shapes do; see `core/task.ts`. One of each shape, made at loading. They hang on
 * an exported function, or a bundler would see that nobody reads them.
 */
interface Keeper {
  (object: unknown): void;
  kept?: unknown[];
}

/** Keeps one object of a shape of which many are made in hot paths. */
export const keep: Keeper = (object) => {
  (keep.kept ??= []).push(object);
};
