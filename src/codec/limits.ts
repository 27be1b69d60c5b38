/**
 * How much a message may ask for. A frame is hostile until it is decoded: each claim is compared with its limit
 * before anything of that size is allocated.
 */
import { LanesError } from '../core/errors.js';
import { notA } from '../core/webidl.js';

/**
 * What one message may ask for. Each limit is an integer and inclusive: what equals it passes. At the sender a value above
 * one is a `DataCloneError` that says where in the value; at the receiver it is a `LanesError` with `ERR_PROTOCOL`.
 */
export interface Limits {
  /** Levels of nesting inside one JSON value: 3 to 1,000. What is deeper travels in the side table. @defaultValue 200 */
  readonly maxDepth: number;
  /** Entries of the side table (shared, cyclic, deep and non-JSON objects). @defaultValue 4,194,304 */
  readonly maxEntries: number;
  /**
   * Objects in all, rows of tables included. The receiver counts them where a message has a side table: another one is
   * made by `JSON.parse` alone, and held by `maxTextLength`. @defaultValue 16,777,216
   */
  readonly maxNodes: number;
  /** Characters of the text. @defaultValue 268,435,456 */
  readonly maxTextLength: number;
  /** A length that a sparse array claims beyond the elements it brings. @defaultValue 16,777,216 */
  readonly maxArrayLength: number;
  /** Bytes of one buffer, and what a resizable one may claim as its `maxByteLength`. @defaultValue 1,073,741,824 */
  readonly maxByteLength: number;
  /** Hexadecimal digits of a BigInt. @defaultValue 262,144 */
  readonly maxBigIntDigits: number;
  /** Characters of a regular expression's flags, slash and source, which the receiver has to compile. @defaultValue 65,536 */
  readonly maxRegExpLength: number;
}

export const defaultLimits: Limits = {
  maxDepth: 200,
  maxEntries: 2 ** 22,
  maxNodes: 2 ** 24,
  maxTextLength: 2 ** 28,
  maxArrayLength: 2 ** 24,
  maxByteLength: 2 ** 30,
  maxBigIntDigits: 2 ** 18,
  maxRegExpLength: 2 ** 16,
};

/**
 * The limits in force: `given` over the defaults.
 * @throws TypeError for a limit that is unknown, no integer, negative, or a depth that the engine's stack may not bear.
 */
export function limitsOf(given: Partial<Limits> | undefined): Limits {
  if (given === undefined) return defaultLimits;
  const limits = Object.assign({}, defaultLimits, given);
  for (const name of Object.keys(limits) as (keyof Limits)[]) {
    const limit = limits[name];
    const [min, max] = name === 'maxDepth' ? [3, 1000] : [0, Infinity];
    if (!(name in defaultLimits && Number.isInteger(limit) && limit >= min && limit <= max))
      throw notA(`a limit called ${name}`, limit);
  }
  return limits;
}

/** A frame that is not what our encoder writes, or asks for more than a limit allows. */
export function protocolError(what: string, value?: unknown, cause?: unknown): LanesError {
  const options = cause === undefined ? { value } : { value, cause };
  return new LanesError('ERR_PROTOCOL', `The message cannot be decoded: ${what}`, options);
}

/** Refuses `claimed` above `limit`, by the limit's name. */
export function within(claimed: number, limits: Limits, name: keyof Limits): number {
  if (claimed > limits[name]) throw protocolError(above(claimed, limits, name), claimed);
  return claimed;
}

export function above(claimed: number, limits: Limits, name: keyof Limits): string {
  return `${claimed}, which is above ${name} (${limits[name]})`;
}
