/**
 * A uni-app project. It copies `static/` into every build as it is (`static/mp-weixin/` into that for WeChat alone). Its
 * Vue 2 compiler also copies the directory that `workers` names; that of Vue 3 does not.
 *
 * What stands under `mp-weixin` in manifest.json comes into app.json, over what pages.json says.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { andAbove, covers, pathInside, shown } from './places.mjs';
import { asRecord, dependenciesIn, readJson, readJsonOrNothing } from './source-text.mjs';
import { done, judgeWorkers, toDo } from './workers-setting.mjs';

/**
 * @typedef {import('./project.mjs').Project} Project
 * @typedef {import('./texts.mjs').Texts} Texts
 *
 * @typedef {object} UniAppProject
 * @property {string} input the folder of pages.json and manifest.json
 * @property {string} manifestFile
 * @property {boolean} isVue2
 */

/**
 * The uni-app project that `folder` lies in.
 *
 * @param {string} folder
 * @returns {UniAppProject | null}
 */
export function findUniApp(folder) {
  for (const root of andAbove(dirname(folder))) {
    const packages = dependenciesIn(root).filter((name) => name.startsWith('@dcloudio/'));
    const isInput = ['pages.json', 'manifest.json'].every((name) => existsSync(join(root, name)));
    // A project of HBuilderX has no dependencies, one of its command line has the packages a folder above the sources.
    if (!isInput && packages.length === 0) continue;
    const input = isInput || !existsSync(join(root, 'src')) ? root : join(root, 'src');
    const above = isInput ? dependenciesIn(dirname(root)) : packages;
    const { vueVersion } = readJsonOrNothing(join(input, 'manifest.json'));
    // That of the command line is known by its compiler, and what manifest.json says does not count.
    const isVue2 = above.includes('@dcloudio/vue-cli-plugin-uni') || isVue2Manifest(vueVersion, above);
    return { input, manifestFile: manifestOf(root, input), isVue2 };
  }
  return null;
}

/**
 * @param {unknown} vueVersion
 * @param {readonly string[]} packages
 */
function isVue2Manifest(vueVersion, packages) {
  return String(vueVersion) === '2' && !packages.includes('@dcloudio/vite-plugin-uni');
}

/**
 * Some projects write manifest.json from a script; what is changed in the JSON is lost there.
 *
 * @param {string} root
 * @param {string} input
 */
function manifestOf(root, input) {
  const scripts = [root, dirname(input)].map((folder) => join(folder, 'manifest.config.ts'));
  return scripts.find((file) => existsSync(file)) ?? join(input, 'manifest.json');
}

/**
 * @param {UniAppProject} project
 * @param {string} folder the workers directory, absolute
 * @param {Texts} texts
 * @returns {Project}
 */
export function inspectUniApp({ input, manifestFile, isVue2 }, folder, texts) {
  const kind = texts.uniAppProject(shown(input), isVue2 ? 2 : 3);
  const inside = pathInside(input, folder);
  const isCopied =
    inside !== null &&
    !covers('unpackage', inside) &&
    !covers('dist', inside) &&
    (isVue2 || covers('static', inside));
  if (!isCopied) {
    const home = join(input, 'static', basename(folder));
    const workers = `static/${basename(folder)}`;
    return { kind, workers, findings: [toDo(texts.moveIntoStatic(shown(folder), shown(home)))] };
  }
  const lines = ['"mp-weixin": {', `  "workers": "${inside}"`, '}'];
  const json = readJson(join(input, 'manifest.json'));
  const inManifest = typeof json === 'string' ? undefined : asRecord(json['mp-weixin'])?.['workers'];
  const inPages = readJsonOrNothing(join(input, 'pages.json'))['workers'];
  const isStatic = covers('static', inside);
  // Elsewhere the Vue 2 compiler copies what manifest.json names, and nothing else does.
  const copied = isStatic || inManifest !== undefined ? [done(texts.uniAppCopies(shown(folder)))] : [];
  const place =
    isStatic && inManifest === undefined && inPages !== undefined
      ? { file: shown(join(input, 'pages.json')), value: inPages, lines: [`"workers": "${inside}"`] }
      : { file: shown(manifestFile), value: inManifest, lines };
  const named =
    json === 'broken'
      ? toDo(texts.brokenFile(shown(join(input, 'manifest.json'))), lines)
      : judgeWorkers({ ...place, wanted: inside }, texts);
  return { kind, workers: inside, findings: [...copied, named] };
}
