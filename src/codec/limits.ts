/**
 * How much a message may ask for. A frame is hostile until it is decoded: each claim is compared with its limit
 * before anything of that size is allocated.
 */
import { LanesError } from '../core/errors.js';

/** The limits of one message; every one is inclusive: a value equal to it passes. */
export interface Limits {
  /** Levels of nesting inside one JSON value. What is deeper travels in the side table. @defaultValue 200 */
  readonly maxDepth: number;
  /** Entries of the side table (shared, cyclic, deep and non-JSON objects). @defaultValue 4,194,304 */
  readonly maxEntries: number;
  /** A length that a sparse array claims beyond the elements it brings. @defaultValue 16,777,216 */
  readonly maxArrayLength: number;
  /** Bytes of one buffer, and what a resizable one may claim as its `maxByteLength`. @defaultValue 1,073,741,824 */
  readonly maxByteLength: number;
  /** Hexadecimal digits of a BigInt. @defaultValue 262,144 */
  readonly maxBigIntDigits: number;
  /** Characters of a regular expression's source, which the receiver has to compile. @defaultValue 65,536 */
  readonly maxRegExpLength: number;
}

export const defaultLimits: Limits = {
  maxDepth: 200,
  maxEntries: 2 ** 22,
  maxArrayLength: 2 ** 24,
  maxByteLength: 2 ** 30,
  maxBigIntDigits: 2 ** 18,
  maxRegExpLength: 2 ** 16,
};

/** The limits in force: `given` over the defaults. */
export function limitsOf(given: Partial<Limits> | undefined): Limits {
  return given === undefined ? defaultLimits : Object.assign({}, defaultLimits, given);
}

/** A frame that is not what our encoder writes, or asks for more than a limit allows. */
export function protocolError(what: string, value?: unknown): LanesError {
  return new LanesError('ERR_PROTOCOL', `The message cannot be decoded: ${what}`, { value });
}

/** Refuses `claimed` above `limit`, by the limit's name. */
export function within(claimed: number, limits: Limits, name: keyof Limits): number {
  if (claimed > limits[name]) throw protocolError(`${claimed} is above ${name} (${limits[name]})`, claimed);
  return claimed;
}
