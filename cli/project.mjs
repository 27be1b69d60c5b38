/** The project around a workers directory, and what it still needs. Nothing in it is changed. */
import { inspectNative } from './native-project.mjs';
import { findTaro, inspectTaro } from './taro-project.mjs';
import { findUniApp, inspectUniApp } from './uni-app-project.mjs';

/**
 * @typedef {import('./texts.mjs').Texts} Texts
 *
 * @typedef {object} Project
 * @property {string} kind in words
 * @property {string} workers the workers directory as the mini-program names it, from its root on
 * @property {readonly import('./workers-setting.mjs').Finding[]} findings
 */

/**
 * @param {string} folder the workers directory, absolute
 * @param {Texts} texts
 * @returns {Project}
 */
export function inspectProject(folder, texts) {
  // Frameworks first: what they build has an app.json too, which the next build writes anew.
  const taro = findTaro(folder);
  if (taro !== null) return inspectTaro(taro, folder, texts);
  const uniApp = findUniApp(folder);
  return uniApp !== null ? inspectUniApp(uniApp, folder, texts) : inspectNative(folder, texts);
}
