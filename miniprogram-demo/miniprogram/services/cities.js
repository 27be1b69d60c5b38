// The data: fetched in parts, a few at a time, and indexed in slices, so that the page stays alive meanwhile.
const { scheduler, withOptions } = require('mp-lanes');
const { getJson } = require('./http.js');
const { createIndex, addCities } = require('../shared/search-core.js');

// 2,500 rows are about 65 kB: parsing them, or handing them to the worker, takes some milliseconds and not a frame.
const ROWS_A_PART = 2500;
// WeChat allows ten requests at a time; others may need some.
const REQUESTS = 4;

const index = createIndex();
const parts = [];
let loaded = 0; // cities in the parts
let missing = null; // offsets that have not arrived; null before the first answer
let filling = null; // what hands the parts to the worker

// Fetches and indexes what is missing. After a failure it can be called again and goes on where it was.
async function loadCities(onProgress) {
  const report = () => onProgress(parts.length / (parts.length + missing.length));
  if (missing === null) {
    const first = await fetchPart(0);
    missing = [];
    for (let offset = ROWS_A_PART; offset < first.total; offset += ROWS_A_PART) missing.push(offset);
    await addPart(first);
    report();
  }
  let failed = false;
  const fetchOn = async () => {
    while (missing.length > 0 && !failed) {
      const offset = missing.shift();
      try {
        await addPart(await fetchPart(offset));
        report();
      } catch (error) {
        failed = true;
        missing.push(offset);
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: REQUESTS }, fetchOn));
}

function fetchPart(offset) {
  return getJson(`/api/cities?offset=${offset}&limit=${ROWS_A_PART}`);
}

async function addPart(part) {
  await scheduler.postTask(function* () {
    yield* addCities(index, part);
  });
  parts.push(part);
  loaded += part.cities.length;
}

// Whether somebody who has so many cities has all that were loaded.
function isComplete(cities) {
  return cities === loaded;
}

// Hands the worker the parts that it has not got, one after the other, behind whatever else it has to do. The worker itself
// tells how many it has; one that was started again has none, and is given all.
async function fillWorker(api, onProgress) {
  filling = filling || fill(withOptions(api, { priority: 'background', idempotent: true }), onProgress);
  try {
    await filling;
  } finally {
    filling = null;
  }
}

async function fill(api, onProgress) {
  onProgress(0);
  for (let held = 0; held < parts.length; onProgress(held / parts.length)) {
    held = await api.addCities(held, parts[held]);
  }
}

module.exports = { index, loadCities, fillWorker, isComplete };
