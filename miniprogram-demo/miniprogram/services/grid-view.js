// A field of small squares, each in one of a few colours. Canvas 2d.
const { openCanvas } = require('./canvas.js');

const GAP = 1; // pixels

// Gives draw(colorOf), which asks for the colour of each cell by its place, row by row; null without a canvas. Only cells
// that have changed are drawn.
async function createGrid(page, selector, { columns, rows }) {
  const canvas = await openCanvas(page, selector);
  if (canvas === null) return null;
  const { context, width, height } = canvas;
  const shown = new Array(columns * rows).fill('');
  return function draw(colorOf) {
    for (let at = 0; at < shown.length; at++) {
      const color = colorOf(at);
      if (shown[at] === color) continue;
      shown[at] = color;
      const [left, right] = [at % columns, (at % columns) + 1].map((x) => Math.round((x * width) / columns));
      const row = Math.floor(at / columns);
      const [top, bottom] = [row, row + 1].map((y) => Math.round((y * height) / rows));
      context.fillStyle = color;
      context.fillRect(left, top, right - left - GAP, bottom - top - GAP);
    }
  };
}

module.exports = { createGrid };
