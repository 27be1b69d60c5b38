// Small messages to the worker and back, without end: a burst every few milliseconds. What is posted in one slice
// travels as one message of the pipe, so a burst is one postMessage however many messages are in it.
const { createTally } = require('./tally.js');

const BEAT_MS = 4;
const BURSTS_UNDER_WAY = 4;

function createStream(port, size) {
  const back = createTally();
  const stream = { size, sent: 0, bursts: 0, back, start, stop, isRunning: () => timer !== null };
  let timer = null;
  port.onmessage = ({ data }) => back.add(data.n);

  function beat() {
    timer = setTimeout(beat, BEAT_MS);
    if (stream.sent - back.count >= BURSTS_UNDER_WAY * stream.size) return; // the worker first
    for (let i = 0; i < stream.size; i++) port.postMessage({ n: stream.sent++, text: 'hello' });
    stream.bursts++;
  }
  function start() {
    if (timer === null) beat();
  }
  function stop() {
    clearTimeout(timer);
    timer = null;
  }
  return stream;
}

module.exports = { createStream };
