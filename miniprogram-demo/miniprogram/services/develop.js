// Three kinds of call that filter a photograph in the worker. Each gives bands of finished rows to `onBand` and its share
// of the work to `onProgress`, and is fulfilled when all is done. What differs is what becomes of it if its thread dies.
const { withOptions } = require('mp-lanes');

const kinds = {
  // A stream is of one thread, and ends with it: ERR_WORKER_LOST after the last band.
  async stream(filters, photo, settings, { signal, onBand, onProgress }) {
    const bands = await withOptions(filters, { signal }).bands(photo.picture(), settings);
    for await (const band of bands) onProgress(onBand(band) / photo.height);
  },

  // A call runs once at most: ERR_WORKER_LOST, for nobody knows how far it had come.
  async once(filters, photo, settings, { signal, onBand, onProgress }) {
    await withOptions(filters, { signal, onProgress }).whole(photo.picture(), settings, onBand);
  },

  // The same, but it may run again: the next thread begins anew, and nobody need care.
  async idempotent(filters, photo, settings, { signal, onBand, onProgress }) {
    const lasting = withOptions(filters, { signal, onProgress, idempotent: true });
    await lasting.whole(photo.picture(), settings, onBand);
  },
};

module.exports = { kinds };
