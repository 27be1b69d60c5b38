// WeChat runs one worker at a time, so all pages share this one. It starts when somebody first asks for it, and again
// after it has failed or was stopped. `parts` counts what it has
// been given of the cities.
const { Worker, wrap } = require('mp-lanes');

let crew = null;

function getCrew() {
  if (crew === null || crew.worker.state === 'failed' || crew.worker.state === 'closed') {
    // A thread that took its place would have no cities: whoever needs it starts another and fills it.
    const worker = new Worker('workers/index.js', { restart: false });
    // What fails because of it tells the page; this line is for the developer.
    worker.onerror = (event) => console.error(event.message);
    crew = { worker, api: wrap(worker), parts: 0, filling: null };
  }
  return crew;
}

function stopCrew() {
  if (crew !== null) crew.worker.terminate();
  crew = null;
}

module.exports = { getCrew, stopCrew };
