// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. Shows that bytes arrived as they left; no secret.
function checksum(buffer) {
  let hash = 0x811c9dc5;
  const bytes = new Uint8Array(buffer);
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

module.exports = { checksum };
