/**
 * A histogram of waiting times in constant memory: buckets that grow by an eighth of an octave, so a percentile is wrong
 * by a tenth of its value at most, from a sixteenth of a millisecond to an hour.
 */

/** The waiting times that half, 95 and 99 of a hundred did not exceed, in milliseconds; 0 where nothing waited. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Buckets an octave. */
const FINENESS = 8;
/** Buckets begin to grow at a sixteenth of a millisecond. */
const PER_MS = 16;
/** log2(3,600,000 ms × 16) × 8 */
const BUCKETS = 207;

/** Waiting times by bucket. */
export class WaitHistogram {
  private count = 0;
  private readonly buckets: number[] = new Array<number>(BUCKETS).fill(0);

  add(waitMs: number): void {
    const bucket = Math.floor(FINENESS * Math.log2(1 + Math.max(0, waitMs) * PER_MS));
    const index = Math.min(bucket, BUCKETS - 1);
    this.buckets[index] = (this.buckets[index] as number) + 1;
    this.count++;
  }

  percentiles(): Percentiles {
    return { p50: this.at(0.5), p95: this.at(0.95), p99: this.at(0.99) };
  }

  /** The upper end of the bucket in which the share of all waits is reached. */
  private at(share: number): number {
    if (this.count === 0) return 0;
    let left = share * this.count;
    let index = 0;
    while ((left -= this.buckets[index] as number) > 0) index++;
    return (Math.pow(2, (index + 1) / FINENESS) - 1) / PER_MS;
  }
}
