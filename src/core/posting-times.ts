/**
 * When tasks were posted, by their keys: a mark each time that passed since the last, instead of a field in each task,
 * which would be an eighth of what a queued task takes.
 *
 * Invariants: keys and times of the marks rise; a key's time is at most {@link GRAIN_MS} too early and never too late; a
 * key from before the first mark was posted too long ago to know, so whoever waits for an expiry has waited for it. There
 * are at most {@link MOST_MARKS}, which reach back 16 seconds of ceaseless posting at least.
 */

/** A sixty-fourth of the shortest expiry's default. */
const GRAIN_MS = 4;
const MOST_MARKS = 8192;
/** Far enough back for any expiry, and a number that infinity may be added to. */
const LONG_AGO_MS = -1e15;

/** Times by keys. */
export class PostingTimes {
  private keys: number[] = [];
  private times: number[] = [];
  /** Before this the last mark will do, and nothing need be noted: most posts ask no more than that. */
  private nextMs = -Infinity;

  /** `key`, the highest so far, is minted at `nowMs`. */
  note(key: number, nowMs: number): void {
    if (nowMs < this.nextMs) return;
    const { keys, times } = this;
    this.nextMs = nowMs + GRAIN_MS;
    keys.push(key);
    times.push(nowMs);
    if (keys.length <= MOST_MARKS) return;
    this.keys = keys.slice(MOST_MARKS / 2);
    this.times = times.slice(MOST_MARKS / 2);
  }

  /** When `key` was minted. */
  of(key: number): number {
    const { keys, times } = this;
    let low = 0;
    let high = keys.length;
    // The first mark above the key: the one before it is the key's.
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] as number) > key) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? LONG_AGO_MS : (times[low - 1] as number);
  }
}
