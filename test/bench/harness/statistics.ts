/** The few figures that the tables are made of. */

/** The value in the middle, or the mean of the two in the middle; `NaN` without any. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const upper = sorted.length >> 1;
  const high = sorted[upper] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[upper - 1] ?? NaN) + high) / 2;
}

/** The smallest value that at least the part `p` (0 to 1) of the values does not exceed; `NaN` without any. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = ascending(values);
  const rank = Math.ceil(p * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? NaN;
}

/** Between which two values the middle half lies, by linear interpolation; `NaN` without any. */
export function quartiles(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = ascending(values);
  const at = (p: number): number => {
    const place = p * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? NaN;
    const above = sorted[Math.ceil(place)] ?? NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.25), high: at(0.75) };
}

/**
 * How many times `values` is `base`. Of samples taken in the same rounds it is the median of the rounds' ratios, so that
 * a machine that slows down in the middle of a run slows both sides of each; otherwise the ratio of the medians.
 */
export function ratio(values: readonly number[], base: readonly number[]): number {
  if (values.length !== base.length) return median(values) / median(base);
  return median(values.map((value, round) => value / (base[round] ?? NaN)));
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
