// Large messages to a worker that may read slowly. One sender keeps posting, whatever has piled up; the polite one stops
// while anything waits here, and goes on when it hears `bufferedamountlow`.

const MESSAGES = 256;
const MESSAGE_BYTES = 64 * 1024;
const HIGH_WATER = 4 * 1024 * 1024; // what a port has under way to the other thread at most
const BEAT_MS = 8;
const MESSAGES_A_BEAT = 2;

const text = 'x'.repeat(MESSAGE_BYTES);

function createShipments(port) {
  const shipments = {
    sent: 0,
    ordered: 0,
    most: 0, // bytes that have waited here at once, of this shipment
    lows: 0, // bufferedamountlow so far, of this shipment
    polite: false,
    order,
    stop,
    setPolite,
    isSending: () => shipments.sent < shipments.ordered,
  };
  let timer = null;
  let holding = false;
  port.onbufferedamountlow = () => {
    shipments.lows++;
    if (holding) goOn();
  };

  function order() {
    shipments.ordered = shipments.sent + MESSAGES;
    shipments.most = shipments.lows = 0;
    goOn();
  }
  function goOn() {
    timer = null;
    holding = false;
    for (let i = 0; i < MESSAGES_A_BEAT && shipments.isSending(); i++) {
      if (shipments.polite && port.bufferedAmount > 0) return hold();
      port.postMessage({ n: shipments.sent++, text });
      shipments.most = Math.max(shipments.most, port.bufferedAmount);
    }
    if (shipments.isSending()) timer = setTimeout(goOn, BEAT_MS);
  }
  function hold() {
    holding = true;
  }
  function setPolite(polite) {
    shipments.polite = polite;
    if (holding && !polite) goOn();
  }
  function stop() {
    clearTimeout(timer);
    timer = null;
    holding = false;
    shipments.ordered = shipments.sent;
  }
  return shipments;
}

module.exports = { createShipments, MESSAGES, MESSAGE_BYTES, HIGH_WATER };
