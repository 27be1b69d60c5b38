// WeChat runs one worker at a time, so all pages share this one. It starts when somebody first asks for it, and again by
// itself when its thread has died. Only after it has failed for good, or was stopped, there is a new one.
const { Worker, service, wrap } = require('mp-lanes');

const OPTIONS = {
  useExperimentalWorker: true, // on iOS the only one with JIT
  heartbeatMs: 2000, // by default 10000, which is long to watch
  restart: { budget: 5 }, // within a minute; by default 3, which is few for people who kill it to watch
};

let crew = null;

function getCrew() {
  if (crew === null || crew.worker.state === 'failed' || crew.worker.state === 'closed') crew = createCrew();
  return crew;
}

function createCrew() {
  const worker = new Worker('workers/index.js', OPTIONS);
  // What fails because of it tells the page; this line is for the developer. A thread that is replaced is no error.
  worker.onerror = ({ message }) => console[worker.state === 'restarting' ? 'warn' : 'error'](message);
  return {
    worker,
    api: wrap(worker),
    filters: service('filters', worker),
    accidents: service('accidents', worker),
  };
}

function stopCrew() {
  if (crew !== null) crew.worker.terminate();
  crew = null;
}

module.exports = { getCrew, stopCrew, OPTIONS };
