/** Reads the configuration of others: JSON with comments and trailing commas, and scripts as far as a glance goes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const strings = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` + '`(?:\\\\.|[^`\\\\])*`';
const comments = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;

/**
 * `text` with what the pattern finds outside of strings left out.
 *
 * @param {string} text
 * @param {string} pattern
 */
function without(text, pattern) {
  return text.replace(new RegExp(`(${strings})|${pattern}`, 'g'), (_all, string) => String(string ?? ''));
}

/** @param {string} text */
export function withoutComments(text) {
  return without(text, comments);
}

/**
 * The object in a JSON file, which may have comments and trailing commas, as those of uni-app do.
 *
 * @param {string} file
 * @returns {{ readonly [key: string]: unknown } | 'missing' | 'broken'}
 */
export function readJson(file) {
  if (!existsSync(file)) return 'missing';
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const plain = without(withoutComments(text), String.raw`,(?=\s*[}\]])`);
    return asRecord(JSON.parse(plain)) ?? 'broken';
  } catch {
    return 'broken';
  }
}

/**
 * The object in a JSON file; an empty one if there is none, or none that can be read.
 *
 * @param {string} file
 */
export function readJsonOrNothing(file) {
  const json = readJson(file);
  return typeof json === 'string' ? {} : json;
}

/**
 * @param {unknown} value
 * @returns {{ readonly [key: string]: unknown } | null}
 */
export function asRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? /** @type {{ readonly [key: string]: unknown }} */ (value)
    : null;
}

/**
 * The text of a script without its comments, `''` where there is none.
 *
 * @param {string} file
 */
export function readScript(file) {
  return existsSync(file) ? withoutComments(readFileSync(file, 'utf8')) : '';
}

/**
 * The first of the files `folder/name.extension` that is there.
 *
 * @param {string} folder
 * @param {string} name
 */
export function findScript(folder, name) {
  const files = ['ts', 'js', 'tsx', 'jsx', 'mts', 'mjs', 'cts', 'cjs'].map((each) =>
    join(folder, `${name}.${each}`),
  );
  return files.find((file) => existsSync(file)) ?? null;
}

/**
 * Names of the packages that the package.json in `folder` asks for.
 *
 * @param {string} folder
 */
export function dependenciesIn(folder) {
  const { dependencies, devDependencies } = readJsonOrNothing(join(folder, 'package.json'));
  return Object.keys({ ...asRecord(dependencies), ...asRecord(devDependencies) });
}
