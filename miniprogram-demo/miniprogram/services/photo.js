// A photograph on a canvas of the page: the canvas decodes it, gives its bytes, and shows rows that have become others.
const { transfer } = require('mp-lanes');
const { findCanvas } = require('./canvas.js');
const { createChecksum } = require('../shared/checksum.js');

// Null where the page has no such canvas. Rejects where there is no such picture.
async function openPhoto(page, selector, path) {
  const found = await findCanvas(page, selector);
  if (found === null) return null;
  const { node } = found;
  const image = await loadImage(node, path);
  const { width, height } = image;
  node.width = width;
  node.height = height;
  const context = node.getContext('2d');
  context.drawImage(image, 0, 0);
  const shown = context.getImageData(0, 0, width, height);
  const original = shown.data.slice();
  let drawn = createChecksum();

  return {
    height,
    // For the worker: a copy, which is moved there.
    picture() {
      const pixels = original.slice().buffer;
      return transfer({ pixels, width, height }, [pixels]);
    },
    // Draws finished rows, of which the first is row `first`, and gives the number of the row after them.
    draw({ first, pixels }) {
      const rows = pixels.byteLength / (4 * width);
      drawn.add(pixels);
      shown.data.set(new Uint8ClampedArray(pixels), first * 4 * width);
      context.putImageData(shown, 0, 0, 0, first, width, rows);
      return first + rows;
    },
    restore() {
      drawn = createChecksum();
      shown.data.set(original);
      context.putImageData(shown, 0, 0);
    },
    // Of all rows that were drawn since.
    checksum: () => drawn.sum(),
  };
}

function loadImage(node, path) {
  return new Promise((resolve, reject) => {
    const image = node.createImage();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error(`${path} cannot be shown`));
    image.src = path;
  });
}

module.exports = { openPhoto };
