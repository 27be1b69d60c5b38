// The worker's entry. It offers the search and the pool's jobs as its API, the rest by names, and answers on every port that it is given.
const { asJobs, currentCall, expose, provide, self, scheduler } = require('./mp-lanes/worker.js');
const { createIndex, addCities, search, drain } = require('./shared/search-core.js');
const { createJobs } = require('./shared/pool-jobs.js');
const { serveChannel, serveTicks } = require('./channel-end.js');
const { serveEcho, serveReader } = require('./flow-end.js');
const { filterService } = require('./filter-service.js');
const { accidents } = require('./accidents.js');

const index = createIndex();
const pool = createJobs('worker');
let parts = 0;

const api = {
  // The cities come in parts; gives how many of them the worker has. A part out of turn is not taken, so a call may run twice.
  addCities(at, part) {
    if (at !== parts) return parts;
    drain(addCities(index, part));
    return ++parts;
  },
  // In slices here too, at the caller's priority: so that the worker hears, in the middle of a search, that nobody waits for
  // it any more.
  search(text) {
    const { signal, priority } = currentCall();
    const steps = function* () {
      return yield* search(index, text);
    };
    return scheduler.postTask(steps, { signal, priority });
  },
  begunJobs: pool.begun,
};
expose(Object.assign(api, asJobs(pool.jobs)));
provide('filters', filterService);
provide('accidents', accidents);

const servants = {
  connect: ({ port, name }) => serveChannel(port, name),
  ticks: ({ port }) => serveTicks(port),
  echo: ({ port }) => serveEcho(port),
  reader: ({ port, control }) => serveReader(port, control),
};

self.onmessage = (event) => {
  const message = event.data;
  if (message && servants[message.type]) servants[message.type](message);
};
