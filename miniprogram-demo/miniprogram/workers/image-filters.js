// Filters for photographs. Each pixel becomes what its window says, the square of `radius` pixels around it. Edges stay
// sharp: of the window counts what is like the pixel, or the calmest of its quarters.
//
// A picture is { pixels, width, height }: an ArrayBuffer of red, green, blue and alpha, a byte each, as a canvas has them.

const COLOURS = 766; // how far apart two colours can be: the sum of three differences, or none
const ALIKE = 48; // at this distance a colour counts for 60 %
const GAIN = 2; // of the details that sharpening adds

const filters = {
  // The bilateral filter: what is near and alike counts most. https://doi.org/10.1109/ICCV.1998.710815
  smooth: (picture, radius) => createBilateral(picture, radius, 0),
  // What that filter takes away are the details. Here they are added, and no edge gets a halo.
  sharpen: (picture, radius) => createBilateral(picture, radius, 1 + GAIN),
  // The Kuwahara filter: the mean of the calmest quarter. https://en.wikipedia.org/wiki/Kuwahara_filter
  paint: (picture, radius) => createKuwahara(picture, radius),
};

// Gives filterRow(y, out, at): writes a row of the filtered picture into the bytes `out`, from `at` on.
function createFilter(picture, { filter, radius }) {
  const filterPixel = filters[filter](picture, radius);
  return function filterRow(y, out, at) {
    for (let x = 0; x < picture.width; x++) filterPixel(x, y, out, at + x * 4);
  };
}

// A gain of 0 gives the mean of the window; one above 1 leads away from it.
function createBilateral({ pixels, width, height }, radius, gain) {
  const source = new Uint8ClampedArray(pixels);
  const near = bellCurve(radius + 1, radius / 2);
  const alike = bellCurve(COLOURS, ALIKE);
  return function filterPixel(x, y, out, at) {
    const centre = (y * width + x) * 4;
    const r = source[centre];
    const g = source[centre + 1];
    const b = source[centre + 2];
    const left = Math.max(0, x - radius);
    const right = Math.min(width - 1, x + radius);
    const bottom = Math.min(height - 1, y + radius);
    let red = 0;
    let green = 0;
    let blue = 0;
    let sum = 0;
    for (let row = Math.max(0, y - radius); row <= bottom; row++) {
      const nearRow = near[Math.abs(row - y)];
      let from = (row * width + left) * 4;
      for (let column = left; column <= right; column++, from += 4) {
        const sr = source[from];
        const sg = source[from + 1];
        const sb = source[from + 2];
        const distance = Math.abs(sr - r) + Math.abs(sg - g) + Math.abs(sb - b);
        const weight = nearRow * near[Math.abs(column - x)] * alike[distance];
        red += weight * sr;
        green += weight * sg;
        blue += weight * sb;
        sum += weight;
      }
    }
    out[at] = red / sum + gain * (r - red / sum);
    out[at + 1] = green / sum + gain * (g - green / sum);
    out[at + 2] = blue / sum + gain * (b - blue / sum);
    out[at + 3] = source[centre + 3];
  };
}

function createKuwahara({ pixels, width, height }, radius) {
  const source = new Uint8ClampedArray(pixels);
  return function filterPixel(x, y, out, at) {
    let calmest = Infinity;
    for (let quarter = 0; quarter < 4; quarter++) {
      const left = quarter & 1 ? x : x - radius;
      const top = quarter & 2 ? y : y - radius;
      const right = Math.min(width - 1, left + radius);
      const bottom = Math.min(height - 1, top + radius);
      let red = 0;
      let green = 0;
      let blue = 0;
      let light = 0;
      let squares = 0;
      let count = 0;
      for (let row = Math.max(0, top); row <= bottom; row++) {
        for (let column = Math.max(0, left); column <= right; column++) {
          const from = (row * width + column) * 4;
          const luma = source[from] * 0.299 + source[from + 1] * 0.587 + source[from + 2] * 0.114;
          red += source[from];
          green += source[from + 1];
          blue += source[from + 2];
          light += luma;
          squares += luma * luma;
          count++;
        }
      }
      const variance = squares / count - (light / count) * (light / count);
      if (variance >= calmest) continue;
      calmest = variance;
      out[at] = red / count;
      out[at + 1] = green / count;
      out[at + 2] = blue / count;
    }
    out[at + 3] = source[(y * width + x) * 4 + 3];
  };
}

// The heights of the bell curve at 0, 1, 2, …
function bellCurve(length, sigma) {
  return Float32Array.from({ length }, (_, at) => Math.exp(-(at * at) / (2 * sigma * sigma)));
}

module.exports = { createFilter };
