// A port on its way from one page to another: it is posted, with transfer, through a channel of this thread. The line
// between the two pages stays open until the port has come back.
const { MessageChannel } = require('mp-lanes');

let waiting = null; // the end of the line that the next page takes

// Sends `goods`, which has `port` in it, to the page that opens next. onBack(goods) is called when they are returned;
// whoever does not wait for that calls the result.
function handOver(goods, onBack) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    port1.close();
    onBack(data);
  };
  port1.postMessage(goods, [goods.port]);
  waiting = port2;
  return () => port1.close();
}

// The line that leads to the page before, or null: its message brings the goods, and giveBack(line, goods) returns them.
function takeOver() {
  const line = waiting;
  waiting = null;
  return line;
}

function giveBack(line, goods) {
  line.postMessage(goods, [goods.port]);
}

module.exports = { handOver, takeOver, giveBack };
