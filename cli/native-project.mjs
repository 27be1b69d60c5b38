/** A project that WeChat DevTools compiles itself: `app.json` lies beside the code. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { andAbove, pathInside, shown } from './places.mjs';
import { asRecord, readJson, readJsonOrNothing } from './source-text.mjs';
import { done, judgeWorkers, toDo } from './workers-setting.mjs';

/**
 * @typedef {import('./project.mjs').Project} Project
 * @typedef {import('./texts.mjs').Texts} Texts
 * @typedef {import('./workers-setting.mjs').Finding} Finding
 */

/**
 * @param {string} folder the workers directory, absolute
 * @param {Texts} texts
 * @returns {Project}
 */
export function inspectNative(folder, texts) {
  const root = findRoot(folder);
  const wanted = root === null ? basename(folder) : (pathInside(root, folder) ?? basename(folder));
  const lines = [`"workers": "${wanted}"`];
  if (root === null) {
    return { kind: texts.noProject, workers: wanted, findings: [toDo(texts.addWorkers('app.json'), lines)] };
  }
  return {
    kind: texts.nativeProject(shown(root)),
    workers: wanted,
    findings: [judgeAppJson(root, wanted, lines, texts), ...judgeNpm(root, texts)],
  };
}

/**
 * The root of the mini-program: the nearest folder above with app.json, or the one that a project.config.json above
 * names, where the workers directory lies in that.
 *
 * @param {string} folder
 */
function findRoot(folder) {
  for (const above of andAbove(dirname(folder))) {
    if (existsSync(join(above, 'app.json'))) return above;
    const { miniprogramRoot } = readJsonOrNothing(join(above, 'project.config.json'));
    if (typeof miniprogramRoot !== 'string') continue;
    const named = resolve(above, miniprogramRoot);
    if (pathInside(named, folder) !== null) return named;
  }
  return null;
}

/**
 * @param {string} root
 * @param {string} wanted
 * @param {readonly string[]} lines
 * @param {Texts} texts
 * @returns {Finding}
 */
function judgeAppJson(root, wanted, lines, texts) {
  const file = join(root, 'app.json');
  const json = readJson(file);
  if (json === 'missing') return toDo(texts.missingFile(shown(file)), ['{', `  ${lines.join('')}`, '}']);
  if (json === 'broken') return toDo(texts.brokenFile(shown(file)), lines);
  return judgeWorkers({ file: shown(file), value: json['workers'], wanted, lines }, texts);
}

/**
 * "Build npm" looks for package.json in the root of the mini-program, unless project.config.json says where it is. Where it
 * has found the package, however that came about, there is nothing to say.
 *
 * @param {string} root
 * @param {Texts} texts
 * @returns {Finding[]}
 */
function judgeNpm(root, texts) {
  if (existsSync(join(root, 'miniprogram_npm/mp-lanes'))) return [];
  const place = findUpTo(root, 'project.config.json', null);
  const owner = findUpTo(root, 'package.json', place);
  if (place === null || owner === null || owner === root) return [];
  const file = shown(join(place, 'project.config.json'));
  const setting = asRecord(readJsonOrNothing(join(place, 'project.config.json'))['setting']);
  const relations = /** @type {unknown} */ (setting?.['packNpmRelationList']);
  const placed = (Array.isArray(relations) ? relations : []).some((each) => {
    const target = asRecord(each)?.['miniprogramNpmDistDir'];
    return typeof target === 'string' && resolve(place, target) === root;
  });
  if (setting?.['packNpmManually'] === true && placed) return [done(texts.npmPlaced(file))];
  return [toDo(texts.placeNpm(file), relationLines(place, owner, root))];
}

/**
 * @param {string} place the folder of project.config.json
 * @param {string} owner the folder of package.json
 * @param {string} root
 */
function relationLines(place, owner, root) {
  const packageJson = `./${pathInside(place, join(owner, 'package.json')) ?? 'package.json'}`;
  const target = `./${pathInside(place, root) ?? ''}/`;
  return [
    '"setting": {',
    '  "packNpmManually": true,',
    '  "packNpmRelationList": [',
    `    { "packageJsonPath": "${packageJson}", "miniprogramNpmDistDir": "${target}" }`,
    '  ]',
    '}',
  ];
}

/**
 * The nearest folder from `folder` up to `last` that has a file of that name.
 *
 * @param {string} folder
 * @param {string} name
 * @param {string | null} last
 */
function findUpTo(folder, name, last) {
  for (const above of andAbove(folder)) {
    if (existsSync(join(above, name))) return above;
    if (above === last) return null;
  }
  return null;
}
