// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. Shows that bytes arrived as they left; no secret.

// Bytes that come piece by piece: add(buffer), and sum() of all so far.
function createChecksum() {
  let hash = 0x811c9dc5;
  return {
    add(buffer) {
      const bytes = new Uint8Array(buffer);
      for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    },
    sum: () => (hash >>> 0).toString(16).padStart(8, '0'),
  };
}

function checksum(buffer) {
  const whole = createChecksum();
  whole.add(buffer);
  return whole.sum();
}

module.exports = { checksum, createChecksum };
