/**
 * The worker runtime: the copy that this package brings, and the copy in a project.
 *
 * The first line of the file tells its version (`rollup.config.mjs` writes it). So a copy can be told from a file that is
 * not ours, which is never replaced unasked, and from a copy that another version of this command put there.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the runtime lies in a workers directory, unless it is told otherwise. */
export const defaultFile = 'mp-lanes/worker.js';

/**
 * @typedef {object} Runtime
 * @property {string} text
 * @property {string} version
 *
 * What is at the place of the runtime:
 *
 * @typedef {{ readonly is: 'missing' }
 *   | { readonly is: 'same' }
 *   | { readonly is: 'other', readonly version: string }
 *   | { readonly is: 'changed' }
 *   | { readonly is: 'foreign' }} Found `changed`: of this version, and yet another text; `foreign`: no runtime of ours
 */

/** @param {boolean} go */
const packaged = (go) =>
  fileURLToPath(new URL(`../miniprogram_dist/${go ? 'worker-go' : 'worker'}.js`, import.meta.url));

/** @param {string} text */
function versionIn(text) {
  const [, version] = /^\/\*! mp-lanes worker ([^\s|]+)/.exec(text) ?? [];
  return version ?? null;
}

/**
 * The runtime that this package brings; `null` where the package is not whole.
 *
 * @param {boolean} go whether with Go's concurrency
 * @returns {Runtime | null}
 */
export function readPackagedRuntime(go) {
  const text = readIfThere(packaged(go));
  const version = text === null ? null : versionIn(text);
  return text === null || version === null ? null : { text, version };
}

/**
 * @param {string} target
 * @param {Runtime} runtime
 * @returns {Found}
 */
export function lookAt(target, runtime) {
  const text = readIfThere(target);
  if (text === null) return { is: 'missing' };
  // Git on Windows may have changed the line ends of what was checked in.
  if (text.replaceAll('\r\n', '\n') === runtime.text.replaceAll('\r\n', '\n')) return { is: 'same' };
  const version = versionIn(text);
  if (version === null) return { is: 'foreign' };
  return version === runtime.version ? { is: 'changed' } : { is: 'other', version };
}

/**
 * @param {string} target
 * @param {Runtime} runtime
 */
export function writeRuntime(target, runtime) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, runtime.text);
}

/**
 * @param {string} file
 * @returns {string | null}
 */
function readIfThere(file) {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? null : readFileSync(file, 'utf8');
}
