/** Work that keeps the thread busy for a known time and allocates nothing. */

/** Busy until the clock has gone on by `lengthMs`. Reads the clock all the time, so not for less than 0.1 ms. */
export function spinByClock(now: () => number, lengthMs: number): void {
  const endMs = now() + lengthMs;
  while (now() < endMs);
}

let sink = 0;

/** Busy for `steps` steps of arithmetic that no compiler can leave out. */
export function spinBySteps(steps: number): void {
  let value = sink | 1;
  for (let step = 0; step < steps; step++) value = Math.imul(value, 1664525) + 1013904223;
  sink = value;
}

/** How many steps take a microsecond here: the median of some tries, after the compiler had its turn. */
export function stepsPerMicrosecond(now: () => number): number {
  const steps = 20_000;
  const speeds: number[] = [];
  for (let round = 0; round < 60; round++) {
    const startMs = now();
    for (let call = 0; call < 10; call++) spinBySteps(steps);
    speeds.push((10 * steps) / ((now() - startMs) * 1000));
  }
  return speeds.slice(20).sort((a, b) => a - b)[20] ?? 1;
}
