// What the logic layer can measure of itself, on a phone as well as in a browser.

const TICK_MS = 8;

// Calls onBlock(ms) about every 8 ms with the time by which a timer came late: so long, the logic layer was blocked.
// Gives a function that stops it.
function watchBlocks(onBlock) {
  let due = 0;
  let timer = null;
  const arm = () => {
    due = Date.now() + TICK_MS;
    timer = setTimeout(tick, TICK_MS);
  };
  const tick = () => {
    const late = Math.max(0, Date.now() - due);
    arm();
    onBlock(late);
  };
  arm();
  return () => clearTimeout(timer);
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

module.exports = { watchBlocks, createEventClock, percentile };
