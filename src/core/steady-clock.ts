/**
 * A clock that starts at zero and never goes back.
 *
 * Invariant: two readings `a` then `b` give `b >= a`, and time goes on passing after the source stepped back. A mere
 * clamp (`Math.max`) would stand still for an hour when the wall clock is put back by one, and with it every delay
 * and expiry; so a step back is added to the offset instead.
 */
export function createSteadyClock(source: () => number): () => number {
  let lastMs = source();
  let offsetMs = -lastMs;
  return () => {
    const readMs = source();
    // `!(>=)` takes NaN for a step back of nothing.
    if (!(readMs >= lastMs)) {
      if (readMs !== readMs) return lastMs + offsetMs;
      offsetMs += lastMs - readMs;
    }
    lastMs = readMs;
    return readMs + offsetMs;
  };
}
