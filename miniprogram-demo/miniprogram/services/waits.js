// How long urgent tasks waited, as a histogram.
const { percentile } = require('./meter.js');

// Each bin ends at its number of milliseconds; the last has no end. Above a frame, one feels it.
const ENDS = [1, 2, 4, 8, 16, 32, 64, Infinity];
const FRAME_MS = 16;

const bins = ENDS.map((end, i) => ({
  label: end === Infinity ? `>${ENDS[i - 1]}` : `${end}`,
  slow: end > FRAME_MS,
  count: 0,
  height: 0, // percent of the highest
}));

function createWaits() {
  let values = [];
  let counts = ENDS.map(() => 0);

  return {
    add(ms) {
      values.push(ms);
      counts[ENDS.findIndex((end) => ms <= end)]++;
    },
    clear() {
      values = [];
      counts = ENDS.map(() => 0);
    },
    // What a page shows: { 'bins[0].count': 3, …, p50: '2 ms', … }.
    figures() {
      const highest = Math.max(1, ...counts);
      const shown = {
        p50: inMs(percentile(values, 0.5)),
        p95: inMs(percentile(values, 0.95)),
        p99: inMs(percentile(values, 0.99)),
      };
      counts.forEach((count, i) => {
        shown[`bins[${i}].count`] = count;
        shown[`bins[${i}].height`] = Math.round((100 * count) / highest);
      });
      return shown;
    },
  };
}

function inMs(value) {
  return value === null ? '–' : `${Math.round(value)} ms`;
}

module.exports = { createWaits, bins };
