// The worker's end of the channel page: answers text with text, bytes with bytes, and closes when it is asked to.
const { self } = require('./mp-lanes/worker.js');
const { checksum } = require('./shared/checksum.js');

function serveChannel(port) {
  const answers = {
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
  port.addEventListener('close', () => self.postMessage({ type: 'port-closed' }));
  port.postMessage({ type: 'text', text: '你好，我是 Worker。Hello from the worker.' });
}

// Other bytes than those that came, so that an answer cannot be mistaken for what was sent.
function inverted(buffer) {
  return Uint8Array.from(new Uint8Array(buffer), (byte) => byte ^ 0xff).buffer;
}

module.exports = { serveChannel };
