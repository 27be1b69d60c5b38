/**
 * The layers of `src/`, lowest first: the one table from which `.dependency-cruiser.cjs` and `.eslint.config.mjs` are made.
 * A folder imports only from the levels before its own; folders on one level do not know one another.
 * Above all of them stand the entries, the files directly in `src/`.
 */
const layers = [
  ['core'],
  ['host', 'codec'],
  ['adapters', 'scheduler', 'channel'],
  ['rpc', 'go', 'page'],
  ['worker', 'lanes', 'policy'],
  ['pool'],
  ['observe'],
];

/** Folders that a file of `folder` must not import from. */
function forbiddenFor(folder) {
  const level = layers.findIndex((names) => names.includes(folder));
  return layers.flatMap((names, at) => (at >= level ? names : [])).filter((name) => name !== folder);
}

module.exports = { layers, folders: layers.flat(), forbiddenFor };
