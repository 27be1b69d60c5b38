/**
 * Chance, for the choices of `select`. Not for secrets: xorshift, which costs three shifts.
 * https://www.jstatsoft.org/article/view/v008i14
 */
let state = 0;

/** From here on the choices follow from `seed`, an integer above 0: for tests that must come out the same each time. */
export function seedSelect(seed: number): void {
  state = seed | 0 || 1;
}

/** True once in `n` times. */
export function chance(n: number): boolean {
  // Seeded at the first need: modules do nothing when they are loaded.
  if (state === 0) seedSelect(Math.random() * 2 ** 32);
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return ((state >>> 0) / 2 ** 32) * n < 1;
}
