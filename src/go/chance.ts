/**
 * Chance, for the choices of `select`. Not for secrets: xorshift, which costs three shifts.
 * https://www.jstatsoft.org/article/view/v008i14
 */
let state = 0;

/**
 * Makes the choices of `select` among ready cases follow from `seed`, from here on: for tests that must come out the same
 * each time. Without it they differ from run to run, as in Go. They are as even as before.
 * @param seed - an integer; its last 32 bits count, and zero counts as one
 * @example
 * seedSelect(1);
 * const { case: first } = await select({ a: from(ready), b: from(alsoReady) });
 * @see https://go.dev/ref/spec#Select_statements
 */
export function seedSelect(seed: number): void {
  state = seed | 0 || 1;
}

/** An integer from 0 to `n` - 1, each as often. */
export function below(n: number): number {
  // Seeded at the first need: modules do nothing when they are loaded.
  if (state === 0) seedSelect(Math.random() * 2 ** 32);
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return Math.floor(((state >>> 0) / 2 ** 32) * n);
}

/** True once in `n` times. */
export function chance(n: number): boolean {
  return below(n) === 0;
}
