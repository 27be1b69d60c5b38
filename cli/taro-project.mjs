/**
 * A Taro project. Taro compiles what its entries import; a worker's files are imported by nobody, so its `copy` setting must
 * bring them into the build, where they lie as they were written.
 *
 * Its configuration is code. It is not run here: a glance at its text tells most, and the lines are printed where it does not.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { andAbove, covers, pathInside, plainPath, shown } from './places.mjs';
import { dependenciesIn, findScript, readScript } from './source-text.mjs';
import { done, judgeWorkers, toDo } from './workers-setting.mjs';

/**
 * @typedef {import('./project.mjs').Project} Project
 * @typedef {import('./texts.mjs').Texts} Texts
 *
 * @typedef {object} TaroProject
 * @property {string} root
 * @property {string} configFile
 * @property {string} config the text of all of config/
 */

const quoted = String.raw`(['"\x60])(.*?)\1`;

/**
 * The Taro project that `folder` lies in.
 *
 * @param {string} folder
 * @returns {TaroProject | null}
 */
export function findTaro(folder) {
  for (const root of andAbove(dirname(folder))) {
    const configFile = findScript(join(root, 'config'), 'index');
    if (configFile === null || !dependenciesIn(root).some((name) => name.startsWith('@tarojs/'))) continue;
    const files = readdirSync(join(root, 'config')).filter((name) => /\.[cm]?[jt]sx?$/.test(name));
    const config = files.map((name) => readScript(join(root, 'config', name))).join('\n');
    return { root, configFile, config };
  }
  return null;
}

/**
 * @param {TaroProject} project
 * @param {string} folder the workers directory, absolute
 * @param {Texts} texts
 * @returns {Project}
 */
export function inspectTaro({ root, configFile, config }, folder, texts) {
  const source = resolve(root, literalIn(config, 'sourceRoot') ?? 'src');
  const output = literalIn(config, 'outputRoot') ?? 'dist';
  const workers = pathInside(source, folder) ?? basename(folder);
  const kind = texts.taroProject(shown(root));
  // An output root such as `dist/${process.env.TARO_ENV}` is known as far as its first `$`.
  const built = resolve(root, output.replace(/\$.*$/s, ''));
  if (pathInside(built, folder) !== null) {
    const home = shown(join(source, basename(folder)));
    return { kind, workers: basename(folder), findings: [toDo(texts.inOutput(shown(folder), home))] };
  }
  const findings = [
    judgeCopy(config, { root, folder, configFile, to: `${output}/${workers}` }, texts),
    judgeAppConfig(source, workers, texts),
  ];
  return { kind, workers, findings };
}

/**
 * @param {string} config
 * @param {{ root: string, folder: string, configFile: string, to: string }} place
 * @param {Texts} texts
 */
function judgeCopy(config, { root, folder, configFile, to }, texts) {
  const from = pathInside(root, folder) ?? folder;
  const copied = Array.from(config.matchAll(new RegExp(String.raw`\bfrom\s*:\s*${quoted}`, 'g')), (match) =>
    plainPath((match[2] ?? '').replace(/\/\*.*$/, '')),
  );
  if (copied.some((path) => path !== '' && covers(path, from))) {
    return done(texts.taroCopies(shown(configFile)));
  }
  const quote = to.includes('${') ? '`' : "'";
  return toDo(texts.addTaroCopy(shown(configFile)), [
    'copy: {',
    `  patterns: [{ from: '${from}', to: ${quote}${to}${quote} }],`,
    '  options: {},',
    '},',
  ]);
}

/**
 * @param {string} source
 * @param {string} workers
 * @param {Texts} texts
 */
function judgeAppConfig(source, workers, texts) {
  const file = findScript(source, 'app.config') ?? join(source, 'app.config.ts');
  const text = readScript(file);
  const inObject = String.raw`\{[^}]*?\bpath\s*:\s*${quoted}[^}]*\}`;
  const [object, , path] = new RegExp(String.raw`\bworkers\s*:\s*${inObject}`).exec(text) ?? [];
  const isSubpackage = object !== undefined && /\bisSubpackage\s*:\s*true\b/.test(object);
  const value = path === undefined ? literalIn(text, 'workers') : { path, isSubpackage };
  const lines = [`workers: '${workers}',`];
  return judgeWorkers({ file: shown(file), value: value ?? undefined, wanted: workers, lines }, texts);
}

/**
 * The string after the first `name:` in the text of a script.
 *
 * @param {string} text
 * @param {string} name
 */
function literalIn(text, name) {
  const [, , value] = new RegExp(String.raw`\b${name}\s*:\s*${quoted}`).exec(text) ?? [];
  return value ?? null;
}
