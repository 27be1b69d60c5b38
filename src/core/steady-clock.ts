/**
 * A clock that starts at zero and never goes back.
 *
 * Invariant: two readings `a` then `b` give `b >= a`, and time goes on passing after the source stepped back. A mere
 * clamp (`Math.max`) would stand still for an hour when the wall clock is put back by one, and with it every delay
 * and expiry; so a step back is added to the offset instead.
 */
export interface SteadyClock {
  /** Milliseconds since the clock was made. */
  now(): number;
  /** It is known, by a timer that fired, that it is at least `ms` now: makes good what a step back hid. */
  atLeast(ms: number): void;
}

/** Makes a steady clock of one that may step. */
export function createSteadyClock(source: () => number): SteadyClock {
  let lastMs = source();
  let offsetMs = -lastMs;
  function now(): number {
    const readMs = source();
    // `!(>=)` takes NaN for a step back of nothing.
    if (!(readMs >= lastMs)) {
      if (readMs !== readMs) return lastMs + offsetMs;
      offsetMs += lastMs - readMs;
    }
    lastMs = readMs;
    return readMs + offsetMs;
  }
  return {
    now,
    atLeast(ms) {
      offsetMs += Math.max(0, ms - now());
    },
  };
}
