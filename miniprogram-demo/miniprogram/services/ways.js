// The three ways to run the same search. Each gives a promise of { matches, of, rows }.
const { scheduler } = require('mp-lanes');
const { index, fillWorker } = require('./cities.js');
const { search, drain } = require('../shared/search-core.js');

const ways = {
  // Plain code: nothing else happens on the logic layer until it has returned.
  async blocking(text) {
    return drain(search(index, text));
  },

  // The scheduler runs it in slices of 5 ms; taps are answered in between, and `signal` stops it.
  sliced(text, { signal }) {
    const steps = function* () {
      return yield* search(index, text);
    };
    return scheduler.postTask(steps, { signal });
  },

  // The worker does it. `signal` crosses over, too.
  async worker(text, { signal, onProgress }) {
    const api = await fillWorker(onProgress);
    return api.search(text, { signal });
  },
};

module.exports = { ways };
