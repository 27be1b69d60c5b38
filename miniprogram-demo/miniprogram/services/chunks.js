// The work of the scheduler's page: FNV-1a checksums of as many bytes as fill the time that a task shall take. How many
// those are differs a hundredfold between a phone without JIT and a desktop, and tenfold before and after the code is
// compiled, so it is measured while it runs.

const SIZE = 1 << 16;
const PIECE = 4096; // between two readings of the clock; a part of SIZE
const MEASURE_MS = 8;
const MEASURE_BYTES = 8 << 20; // enough for any device, and an end where a clock stands still

const bytes = new Uint8Array(SIZE);
for (let i = 0; i < SIZE; i++) bytes[i] = Math.imul(i, 0x9e3779b1) >>> 24;
// Of all checksums: what nobody takes is optimised away.
const all = new Int32Array(1);

let perMs = 0; // the most bytes that ever went into a millisecond; in any other somebody else had a part
let inThisMs = 0;
let clockMs = 0;

// The checksum of `length` bytes from `start` on, round and round.
function checksum(start, length) {
  const from = start % SIZE; // small numbers are fast numbers
  let hash = 0x811c9dc5;
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ bytes[i & (SIZE - 1)], 0x01000193);
  all[0] ^= hash;
  return hash >>> 0;
}

function work(length) {
  for (let left = length; left > 0; left -= PIECE) {
    const piece = Math.min(PIECE, left);
    checksum(left, piece);
    inThisMs += piece;
    const now = Date.now();
    if (now === clockMs) continue;
    perMs = Math.max(perMs, inThisMs);
    inThisMs = 0;
    clockMs = now;
  }
}

// Measures anew, for 8 ms, and gives the bytes in a millisecond.
function measureSpeed() {
  const end = Date.now() + MEASURE_MS;
  perMs = 0;
  inThisMs = 0;
  clockMs = Date.now();
  for (let done = 0; Date.now() < end && done < MEASURE_BYTES; done += PIECE) work(PIECE);
  perMs = perMs || inThisMs;
  return perMs;
}

// Works for so many milliseconds, by what is known of the speed.
function workFor(ms) {
  work(Math.round(perMs * ms));
}

module.exports = { checksum, measureSpeed, workFor };
