/* global performance -- where the host has it; looked for with typeof */
// Routines that sleep, as many as one likes: a generator that sleeps is an entry of the SDK's timer queue, and all of that
// queue is one timer of the host.
const { go, sleep } = require('mp-lanes');

const SLEEP_MS = 1000;
const BATCH = 100; // started between two yields

// Bytes that the engine's heap has in use; null where the host does not tell, as most phones do not.
function heapBytes() {
  // @ts-expect-error -- no global of mini-programs, as their typings have it
  const memory = typeof performance === 'object' && performance !== null ? performance.memory : null;
  return memory ? memory.usedJSHeapSize : null;
}

// Starts `count` routines that sleep for a second and count themselves. `ended` is fulfilled when all have woken, or when
// `cancel` was called. Even starting a hundred thousand takes its time, so it is a routine itself.
function startSleepers(count) {
  const run = { count, started: 0, awake: 0, startMs: null, lateMs: 0, bytes: null };
  const startedAt = Date.now();
  const before = heapBytes();
  let end;

  function* sleeper() {
    const due = Date.now() + SLEEP_MS;
    if (++run.started === count) measure();
    yield sleep(SLEEP_MS);
    run.lateMs = Math.max(run.lateMs, Date.now() - due);
    if (++run.awake === count) end();
  }

  function* startAll() {
    for (let n = 0; n < count; n++) {
      if (n % BATCH === 0) yield; // taps go first
      go(sleeper);
    }
  }

  function measure() {
    run.startMs = Date.now() - startedAt;
    const after = heapBytes();
    if (after !== null && after > before) run.bytes = Math.round((after - before) / (count - run.awake));
  }

  run.ended = new Promise((resolve) => (end = resolve));
  const starter = go(startAll);
  run.cancel = () => {
    starter.cancel(); // those that sleep already wake within a second, and are forgotten
    end();
  };
  return run;
}

module.exports = { startSleepers, SLEEP_MS };
