/** Paths, and the folders around one. */
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * `path` from `folder` on, with `/` between the parts; `null` if it is not inside. `''` is the folder itself.
 *
 * @param {string} folder
 * @param {string} path
 */
export function pathInside(folder, path) {
  const from = relative(folder, path);
  if (from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from)) return null;
  return from.split(sep).join('/');
}

/**
 * How `path` is told to somebody who stands in the current folder.
 *
 * @param {string} path
 */
export function shown(path) {
  const inside = pathInside(process.cwd(), path);
  return inside === null ? path : inside === '' ? '.' : inside;
}

/**
 * `folder` and all above it, the nearest first.
 *
 * @param {string} folder
 */
export function* andAbove(folder) {
  let current = resolve(folder);
  yield current;
  while (dirname(current) !== current) {
    current = dirname(current);
    yield current;
  }
}

/**
 * A path as configurations write it (`./workers/`, `/workers`, `workers`), in one form.
 *
 * @param {string} path
 */
export function plainPath(path) {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
}

/**
 * Whether `path` is `folder` or inside it; both plain.
 *
 * @param {string} folder
 * @param {string} path
 */
export function covers(folder, path) {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
