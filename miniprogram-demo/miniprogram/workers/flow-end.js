// The worker's ends of the flow page.
const { structuredClone } = require('./mp-lanes/worker.js');

const SLOW_MS = 12; // between two messages
const REPORT_MS = 50;

// Every message goes back as it came.
function serveEcho(port) {
  port.onmessage = (event) => port.postMessage(event.data);
}

// Reads numbered messages at the pace that `control` asks for: 'paused', 'slow' or 'fast'. Tells there what was read.
function serveReader(port, control) {
  let inlet = port;
  let pace = 'paused';
  let timer = null;
  let reporting = null;
  const told = { read: 0, wrong: 0 };

  const report = () => {
    reporting = null;
    control.postMessage(told);
  };
  const onMessage = ({ data }) => {
    if (data.n !== told.read) told.wrong++;
    told.read++;
    if (reporting === null) reporting = setTimeout(report, REPORT_MS);
    if (pace !== 'slow') return;
    rest();
    timer = setTimeout(read, SLOW_MS);
  };
  const read = () => {
    timer = null;
    inlet.onmessage = onMessage; // starts the port, too
  };
  // A port that has been moved waits until it is started again, and what waits in it moves along.
  const rest = () => {
    inlet = structuredClone(inlet, { transfer: [inlet] });
  };

  control.onmessage = ({ data }) => {
    clearTimeout(timer);
    rest();
    pace = data;
    if (pace !== 'paused') read();
  };
  control.addEventListener('close', () => {
    clearTimeout(timer);
    clearTimeout(reporting);
    inlet.close();
  });
}

module.exports = { serveEcho, serveReader };
