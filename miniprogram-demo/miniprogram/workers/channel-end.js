// The worker's ends of the channel page. Each port is served on its own: text is answered with text, bytes with bytes, a
// number with the number, and `close` by closing.
const { self } = require('./mp-lanes/worker.js');
const { checksum } = require('./shared/checksum.js');

function serveChannel(port, name) {
  const answers = {
    number(message) {
      port.postMessage(message);
    },
    text(message) {
      port.postMessage({ type: 'text', text: `${message.text} ✓ ${message.text.length} 字 letters` });
    },
    bytes(message) {
      const received = checksum(message.buffer);
      const buffer = inverted(message.buffer);
      const sum = checksum(buffer);
      port.postMessage({ type: 'bytes', buffer, sum, received }, [buffer]);
    },
    close() {
      port.close();
    },
  };
  port.onmessage = (event) => answers[event.data.type](event.data);
  port.addEventListener('close', () => self.postMessage({ type: 'port-closed', name }));
  port.postMessage({ type: 'text', text: '你好，我是 Worker。Hello from the worker.' });
}

const TICK_MS = 100;

// Counts, ten times a second, until the other end is closed. Which page that end is on, it never learns.
function serveTicks(port) {
  let n = 0;
  let timer = null;
  const tick = () => {
    port.postMessage(n++);
    timer = setTimeout(tick, TICK_MS);
  };
  port.addEventListener('close', () => clearTimeout(timer));
  tick();
}

// Other bytes than those that came, so that an answer cannot be mistaken for what was sent.
function inverted(buffer) {
  return Uint8Array.from(new Uint8Array(buffer), (byte) => byte ^ 0xff).buffer;
}

module.exports = { serveChannel, serveTicks };
