// The filters as a service. A picture is filtered row by row; after each row whatever is more urgent goes first, and
// messages come in: such as that nobody waits for the rest.
const { currentCall, scheduler, transfer } = require('./mp-lanes/worker.js');
const { createFilter } = require('./image-filters.js');

const BAND_ROWS = 4; // finished rows that leave together

const filterService = {
  // A stream of bands { first, pixels }: some finished rows, the first of which is row `first`.
  async *bands(picture, settings) {
    const { width, height } = picture;
    const filterRow = createFilter(picture, settings);
    for (let first = 0; first < height; first += BAND_ROWS) {
      const rows = Math.min(BAND_ROWS, height - first);
      const bytes = new Uint8ClampedArray(rows * width * 4);
      for (let row = 0; row < rows; row++) {
        filterRow(first + row, bytes, row * width * 4);
        await scheduler.yield();
      }
      yield transfer({ first, pixels: bytes.buffer }, [bytes.buffer]);
    }
  },

  // The same as one call, which may run again from its beginning. Each band is given to `onBand`.
  async whole(picture, settings, onBand) {
    const { signal, progress } = currentCall();
    for await (const band of filterService.bands(picture, settings)) {
      signal.throwIfAborted();
      await onBand(band);
      progress(Math.min(1, (band.first + BAND_ROWS) / picture.height));
    }
  },
};

module.exports = { filterService };
