// What the logic layer can measure of itself, on a phone as well as in a browser.

const TICK_MS = 8;

// Calls onBlock(ms) at each tick of a timer, with the time by which it came late: so long, the logic layer was blocked.
// closely(true) lets it tick in every gap, for as long as something runs that may block. A slow tick would find two
// slices where there is one, because the next slice is often in line before it.
function createBlockWatch(onBlock) {
  let timer = null;
  let due = 0;
  let everyMs = TICK_MS;
  const arm = () => {
    due = Date.now() + everyMs;
    timer = setTimeout(tick, everyMs);
  };
  const tick = () => {
    const late = Math.max(0, Date.now() - due);
    arm();
    onBlock(late);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
  };
  const closely = (on) => {
    everyMs = on ? 0 : TICK_MS;
    // What blocked until now is told by the tick that waits already: only a slow one is replaced.
    if (!on || timer === null) return;
    stop();
    arm();
  };
  return { start: arm, stop, closely };
}

// Gives since(event): milliseconds from the moment when the view saw `event` until now. The view's clock has another
// zero than ours; the smallest difference ever seen between the two belongs to an event that did not have to wait.
function createEventClock() {
  let offset = Infinity;
  return function since(event) {
    const difference = Date.now() - event.timeStamp;
    offset = Math.min(offset, difference);
    return Math.round(difference - offset);
  };
}

// The value below which the share `p` (0 to 1) of `values` lies; null without values.
function percentile(values, p) {
  if (values.length === 0) return null;
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

module.exports = { createBlockWatch, createEventClock, percentile };
