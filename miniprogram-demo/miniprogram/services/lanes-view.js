// Jobs as squares: those that wait in the middle, those of the worker on the left, those of the logic layer on the right,
// and those that have just ended on their way there. Canvas 2d.
const { openCanvas } = require('./canvas.js');

const FLIGHT_MS = 350;
const COLORS = { waiting: '#c9ced4', worker: '#2f7de1', inline: '#e8842c' };
const LANES = { worker: 0, waiting: 1, inline: 2 }; // from the left
const GUTTER = 16; // pixels between two lanes

// Gives draw(done), `done[n]` being null or where job n ran, 'worker' or 'inline'; it tells whether any is on its way. Null
// without a canvas.
async function createLanesView(page, selector) {
  const canvas = await openCanvas(page, selector);
  if (canvas === null) return null;
  let run = null; // the `done` that is shown
  let flights = []; // by job
  let landed = {};
  return function draw(done) {
    if (done !== run) {
      run = done;
      flights = [];
      landed = { worker: 0, inline: 0 };
    }
    const now = Date.now();
    done.forEach((where, n) => {
      if (where !== null && flights[n] === undefined) flights[n] = { slot: landed[where]++, at: now };
    });
    return drawJobs(canvas, done, flights, now);
  };
}

function drawJobs({ context, width, height }, done, flights, now) {
  const laneWidth = (width - 2 * GUTTER) / 3;
  // All jobs find room in one lane.
  const columns = Math.max(1, Math.ceil(Math.sqrt((done.length * laneWidth) / height)));
  const pitch = Math.min(laneWidth / columns, height / Math.ceil(done.length / columns));
  const place = (lane, slot) => [
    lane * (laneWidth + GUTTER) + (slot % columns) * pitch,
    Math.floor(slot / columns) * pitch,
  ];
  let isMoving = false;
  context.clearRect(0, 0, width, height);
  done.forEach((where, n) => {
    const [x, y] = place(LANES.waiting, n);
    context.fillStyle = COLORS[where || 'waiting'];
    if (where === null) return context.fillRect(x, y, pitch - 1, pitch - 1);
    const { slot, at } = flights[n];
    const [toX, toY] = place(LANES[where], slot);
    const share = Math.min(1, (now - at) / FLIGHT_MS);
    const way = share * share * (3 - 2 * share);
    if (share < 1) isMoving = true;
    context.fillRect(x + (toX - x) * way, y + (toY - y) * way, pitch - 1, pitch - 1);
  });
  return isMoving;
}

module.exports = { createLanesView };
