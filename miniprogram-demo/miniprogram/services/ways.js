// The three ways to run the same search. Each gives a promise of { matches, of, rows }.
const { scheduler, withOptions } = require('mp-lanes');
const { index, fillWorker, isComplete } = require('./cities.js');
const { getCrew } = require('./crew.js');
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

  // The worker does it, before anything else that it has to do; `signal` crosses over, too. A search may run twice, so it
  // survives the death of its thread. The next thread has no cities yet: then it gets them, and is asked again.
  async worker(text, { signal, onProgress }) {
    const { worker, api } = getCrew();
    const urgent = withOptions(api, { signal, priority: 'user-blocking', idempotent: true });
    if (worker.state !== 'ready') onProgress(0); // a thread is on its way, and has no cities
    for (;;) {
      const found = await urgent.search(text);
      if (isComplete(found.of)) return found;
      await fillWorker(api, onProgress);
    }
  },
};

module.exports = { ways };
