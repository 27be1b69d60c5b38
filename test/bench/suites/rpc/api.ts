/** What the other thread can be asked for; every subject serves the same. */

/** A callback of the caller's, as the other thread has it: it tells when the caller has dealt with it. */
export type Remote = (n: number) => PromiseLike<unknown>;

/** How many callbacks may be under way where the other thread hears of each: a sender that waits for every one only idles. */
export const WINDOW = 1_000;

export function add(a: number, b: number): number {
  return a + b;
}

/** Proves that the bytes are there: how many, and the one at `at`. */
export function weigh(buffer: ArrayBuffer, at: number): number {
  return weightOf(buffer.byteLength, new Uint8Array(buffer)[at]);
}

export function weightOf(byteLength: number, byte: number | undefined): number {
  return byteLength * 256 + (byte ?? NaN);
}

/** Calls back with 1 to `count`, and goes on when all of a window were dealt with. */
export async function visit(count: number, each: Remote): Promise<number> {
  let underWay: PromiseLike<unknown>[] = [];
  for (let n = 1; n <= count; n++) {
    underWay.push(each(n));
    if (underWay.length < WINDOW) continue;
    await Promise.all(underWay);
    underWay = [];
  }
  await Promise.all(underWay);
  return count;
}

/** The numbers 1 to `count`. */
export async function* items(count: number): AsyncGenerator<number, void> {
  for (let n = 1; n <= count; n++) yield n;
}
