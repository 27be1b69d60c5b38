// The strip chart of the last seconds: messages a second as bars. Canvas 2d.
const { openCanvas } = require('./canvas.js');
const { grouped } = require('./numbers.js');

const SECONDS = 10;
const COLORS = { grid: '#e3e6e8', text: '#8a9096', bar: '#5bbf8f' };

// Gives draw(points), points being [{ at, ms, perSecond }]: the rate over the `ms` before `at`. Null without a canvas.
async function createRateChart(page, selector) {
  const canvas = await openCanvas(page, selector);
  return canvas && ((points) => draw(canvas, points));
}

function draw({ context, width, height }, points) {
  const now = Date.now();
  const recent = points.filter(({ at }) => at > now - SECONDS * 1000);
  const scale = roundUp(recent.reduce((most, { perSecond }) => Math.max(most, perSecond), 0));
  const area = { left: 44, top: 8, right: width - 2, bottom: height - 8 };
  const pxPerMs = (area.right - area.left) / (SECONDS * 1000);
  const y = (rate) => area.bottom - (rate / scale) * (area.bottom - area.top);
  context.clearRect(0, 0, width, height);
  context.font = '10px sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  [0, scale / 2, scale].forEach((rate) => {
    context.fillStyle = COLORS.grid;
    context.fillRect(area.left, Math.round(y(rate)), area.right - area.left, 1);
    context.fillStyle = COLORS.text;
    context.fillText(grouped(rate), area.left - 4, y(rate));
  });
  context.fillStyle = COLORS.bar;
  recent.forEach(({ at, ms, perSecond }) => {
    const right = area.right - (now - at) * pxPerMs;
    const left = Math.max(area.left, right - ms * pxPerMs);
    if (right > left)
      context.fillRect(left, y(perSecond), Math.max(1, right - left - 1), area.bottom - y(perSecond));
  });
}

// To the next of 100, 200, 500, 1000, …
function roundUp(rate) {
  let step = 100;
  while (step < rate) step *= String(step)[0] === '2' ? 2.5 : 2;
  return step;
}

module.exports = { createRateChart, SECONDS };
