/**
 * How far the property tests go: some runs in `npm test`, all of them in `npm run test:deep`. A failure names its seed;
 * `SEED=… npm run test:deep -- test/channel/moves.test.ts` runs the same again.
 */

const isDeep = process.env['MP_LANES_DEEP'] === '1';
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 0x7fffffff));

if (isDeep) console.log(`seed ${seed}`);

/** `quick` in `npm test`, `deep` in `npm run test:deep`. */
export function scaled(quick: number, deep: number): number {
  return isDeep ? deep : quick;
}

/** What fast-check is told: how many runs, and from which seed. */
export function runs(quick: number, deep: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: scaled(quick, deep), seed };
}

/** Enough for a busy machine; a test that hangs is told by it and nothing else. */
export const timeoutMs = scaled(60_000, 3_600_000);
