// The chart of the last seconds: bars for block time, dots for answered taps. Canvas 2d.
const { openCanvas } = require('./canvas.js');

const SECONDS = 10;
const FRAME_MS = 16;
const SCALES = [50, 100, 200, 500, 1000, 2000, 5000];
const COLORS = {
  grid: '#e3e6e8',
  text: '#8a9096',
  frame: '#b4babf',
  short: '#8fd3b0',
  long: '#f0655a',
  tap: '#2f7de1',
};

// Finds the canvas of `page` and gives draw(points), points being [{ at, ms, kind: 'block' | 'tap' }]; null without a canvas.
async function createChart(page, selector) {
  const canvas = await openCanvas(page, selector);
  return canvas && ((points) => draw(canvas, points));
}

function draw({ context, width, height }, points) {
  const now = Date.now();
  const recent = points.filter((point) => point.at > now - SECONDS * 1000);
  const highest = recent.reduce((max, point) => Math.max(max, point.ms), 0);
  const scale = SCALES.find((step) => step >= highest) || highest;
  const area = { left: 28, top: 8, right: width - 2, bottom: height - 8 };
  const x = (at) => area.right - ((now - at) / (SECONDS * 1000)) * (area.right - area.left);
  const y = (ms) => area.bottom - (ms / scale) * (area.bottom - area.top);
  context.clearRect(0, 0, width, height);
  drawGrid(context, area, scale, y);
  drawBlocks(context, area, recent, x, y);
  drawTaps(context, recent, x, y);
}

function drawGrid(context, area, scale, y) {
  context.font = '10px sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  [0, scale / 2, scale].forEach((ms) => {
    drawLine(context, area, y(ms), COLORS.grid);
    context.fillStyle = COLORS.text;
    context.fillText(String(ms), area.left - 4, y(ms));
  });
  drawLine(context, area, y(FRAME_MS), COLORS.frame);
}

function drawLine(context, area, at, color) {
  context.fillStyle = color;
  context.fillRect(area.left, Math.round(at), area.right - area.left, 1);
}

// One bar for each three pixels: the longest block in them.
function drawBlocks(context, area, points, x, y) {
  const longest = new Map();
  points.forEach(({ kind, at, ms }) => {
    const slot = Math.floor(x(at) / 3) * 3;
    if (kind === 'block' && slot >= area.left) longest.set(slot, Math.max(ms, longest.get(slot) || 0));
  });
  longest.forEach((ms, slot) => {
    context.fillStyle = ms > FRAME_MS ? COLORS.long : COLORS.short;
    context.fillRect(slot, y(ms), 2, area.bottom - y(ms));
  });
}

function drawTaps(context, points, x, y) {
  context.fillStyle = COLORS.tap;
  points.forEach(({ kind, at, ms }) => {
    if (kind !== 'tap') return;
    context.beginPath();
    context.arc(x(at), y(ms), 2.5, 0, 2 * Math.PI);
    context.fill();
  });
}

module.exports = { createChart, SECONDS };
