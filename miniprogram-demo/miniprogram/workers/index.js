// The worker's entry. It offers the search as an API, and answers on every port that it is given.
const { expose, self, scheduler } = require('./mp-lanes/worker.js');
const { createIndex, addCities, search, drain } = require('./shared/search-core.js');
const { serveChannel, serveTicks } = require('./channel-end.js');
const { serveEcho, serveReader } = require('./flow-end.js');

const index = createIndex();

expose({
  // The cities come in parts; gives the number of cities that the worker has now.
  addCities(part) {
    drain(addCities(index, part));
    return index.names.length;
  },
  // In slices here too: so that the worker hears, in the middle of a search, that nobody waits for it any more.
  search(text, { signal }) {
    const steps = function* () {
      return yield* search(index, text);
    };
    return scheduler.postTask(steps, { signal });
  },
});

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
