/**
 * The setting `workers`, which tells WeChat the directory of worker code. Its value is a path from the root of the
 * mini-program, or `{ path, isSubpackage }`.
 */
import { asRecord } from './source-text.mjs';
import { covers, plainPath } from './places.mjs';

/**
 * @typedef {import('./texts.mjs').Texts} Texts
 *
 * One thing that the project has or needs.
 *
 * @typedef {object} Finding
 * @property {boolean} done
 * @property {string} text
 * @property {readonly string[]} lines what to write, to the letter
 */

/**
 * @param {string} text
 * @returns {Finding}
 */
export function done(text) {
  return { done: true, text, lines: [] };
}

/**
 * @param {string} text
 * @param {readonly string[]} [lines]
 * @returns {Finding}
 */
export function toDo(text, lines = []) {
  return { done: false, text, lines };
}

/**
 * The path in a value of `workers`; `null` where the value has another form.
 *
 * @param {unknown} value
 */
export function pathOf(value) {
  const path = asRecord(value)?.['path'] ?? value;
  return typeof path === 'string' ? plainPath(path) : null;
}

/**
 * Whether `workers` in `file` names the directory.
 *
 * @param {object} place
 * @param {string} place.file as it is shown
 * @param {unknown} place.value `undefined` where the setting is missing
 * @param {string} place.wanted the workers directory, from the root of the mini-program on
 * @param {readonly string[]} place.lines what to write there
 * @param {Texts} texts
 * @returns {Finding}
 */
export function judgeWorkers({ file, value, wanted, lines }, texts) {
  if (value === undefined) return toDo(texts.addWorkers(file), lines);
  const path = pathOf(value);
  if (path === null || !covers(path, wanted)) {
    return toDo(texts.changeWorkers(file, JSON.stringify(value), wanted), lines);
  }
  const inSubpackage = asRecord(value)?.['isSubpackage'] === true;
  return done(inSubpackage ? texts.workersNamedAsSubpackage(file) : texts.workersNamed(file));
}
