/** The English texts, and the list of all there are: the Chinese ones have their type from here. */
export const english = {
  usage: (/** @type {string} */ defaultFile) => `npx mp-lanes worker <directory> [options]

Puts the worker runtime of mp-lanes into the directory that holds the worker code of a mini-program, where that code can
require it, and prints what the project's configuration still needs. Run it again after each update of mp-lanes.

  --check       write nothing; exit with 1 if the runtime is missing or not that of this version (for CI)
  --file PATH   where in the directory the runtime lies (${defaultFile})
  --go          the runtime with Go's concurrency (routines, Chan, select)
  --force       replace the file there even if it is no runtime of mp-lanes
  --lang en|zh  language of what is printed (from LANG)
  --version     version of mp-lanes
  --help        this text

Exit code: 0 all is well, 1 --check found a difference, 2 the command could not be carried out.
`,

  noCommand: 'Which command? There is one: worker.',
  unknownCommand: (/** @type {string} */ name) => `There is no command "${name}", only: worker.`,
  unknownOption: (/** @type {string} */ option) => `There is no option ${option}.`,
  badOption: (/** @type {string} */ option) => `The option ${option} was not given as it is meant.`,
  unknownLanguage: (/** @type {string} */ name, /** @type {readonly string[]} */ known) =>
    `--lang must be one of ${known.join(', ')}, not "${name}".`,
  noFolder: 'Which directory? Name the one that holds the worker code, as in: npx mp-lanes worker workers',
  tooMany: (/** @type {readonly string[]} */ more) => `One directory at a time; too much: ${more.join(' ')}`,
  noSuchFolder: (/** @type {string} */ folder) =>
    `There is no directory ${folder}. Make it first, or name another.`,
  notAFolder: (/** @type {string} */ folder) => `${folder} is a file, not a directory.`,
  isTheRoot: (/** @type {string} */ folder, /** @type {string} */ better) =>
    `${folder} is the root of the mini-program (app.json is in it), not its workers directory. Do you mean ${better}?`,
  fileOutside: (/** @type {string} */ file) => `--file must be a path inside the directory, not "${file}".`,
  targetIsFolder: (/** @type {string} */ target) => `${target} is a directory; the runtime is a file.`,
  isForeign: (/** @type {string} */ target) =>
    `${target} is not a worker runtime of mp-lanes. Nothing was written; --force replaces it, --file names another place.`,
  cannotRead: (/** @type {string} */ target, /** @type {string} */ reason) =>
    `Cannot read ${target}: ${reason}`,
  cannotWrite: (/** @type {string} */ target, /** @type {string} */ reason) =>
    `Cannot write ${target}: ${reason}`,
  incomplete: 'This installation of mp-lanes has no worker runtime in it. Install the package again.',
  errorHead: 'mp-lanes: ',
  seeHelp: 'All there is: npx mp-lanes --help',

  written: (/** @type {string} */ target, /** @type {string} */ version) =>
    `Written: ${target} (mp-lanes ${version})`,
  updated: (/** @type {string} */ target, /** @type {string} */ from, /** @type {string} */ to) =>
    `Updated: ${target}, from version ${from} to ${to}`,
  restored: (/** @type {string} */ target, /** @type {string} */ version) =>
    `Restored: ${target}, which differed from that of version ${version}`,
  replaced: (/** @type {string} */ target, /** @type {string} */ version) =>
    `Replaced: ${target} is now mp-lanes ${version}`,
  upToDate: (/** @type {string} */ target, /** @type {string} */ version) =>
    `Up to date: ${target} (mp-lanes ${version})`,

  checkMissing: (/** @type {string} */ target, /** @type {string} */ command) =>
    `Missing: ${target}. Run: ${command}`,
  checkOther: (
    /** @type {string} */ target,
    /** @type {string} */ found,
    /** @type {string} */ wanted,
    /** @type {string} */ command,
  ) => `Different: ${target} is of version ${found}, the installed mp-lanes is ${wanted}. Run: ${command}`,
  checkChanged: (
    /** @type {string} */ target,
    /** @type {string} */ version,
    /** @type {string} */ command,
  ) => `Different: ${target} says ${version}, but is not what that version brings. Run: ${command}`,
  checkForeign: (/** @type {string} */ target, /** @type {string} */ command) =>
    `Different: ${target} is not a worker runtime of mp-lanes. If it may be replaced, run: ${command} --force`,

  noProject: 'Project: no app.json found above this directory',
  nativeProject: (/** @type {string} */ root) => `Project: native mini-program, its root is ${root}`,
  taroProject: (/** @type {string} */ root) => `Project: Taro, in ${root}`,
  uniAppProject: (/** @type {string} */ root, /** @type {number} */ vue) =>
    `Project: uni-app (Vue ${String(vue)}), its sources are in ${root}`,
  ok: '  ok     ',
  toDo: '  to do  ',

  addWorkers: (/** @type {string} */ file) => `${file} must name this directory; add:`,
  changeWorkers: (/** @type {string} */ file, /** @type {string} */ found, /** @type {string} */ wanted) =>
    `${file} names another directory (${found}), and there can be one only: make it "${wanted}", or move the worker code.`,
  workersNamed: (/** @type {string} */ file) => `${file} names this directory in "workers".`,
  workersNamedAsSubpackage: (/** @type {string} */ file) =>
    `${file} names this directory in "workers", as a subpackage.`,
  missingFile: (/** @type {string} */ file) => `${file} is missing; it must have:`,
  brokenFile: (/** @type {string} */ file) => `${file} cannot be read as JSON; it must have:`,
  npmPlaced: (/** @type {string} */ file) => `${file} tells "Build npm" where package.json is.`,
  placeNpm: (/** @type {string} */ file) =>
    `package.json is not in the root of the mini-program; for "Build npm" ${file} needs:`,
  inOutput: (/** @type {string} */ folder, /** @type {string} */ better) =>
    `${folder} is in the output of the build, which writes it anew. Keep the worker code in ${better}, and run the command for that.`,
  taroCopies: (/** @type {string} */ file) => `${file} copies this directory into the build.`,
  addTaroCopy: (/** @type {string} */ file) =>
    `the build must copy this directory as it is; in ${file}, unless you do it in another way:`,
  uniAppCopies: (/** @type {string} */ folder) => `the build copies ${folder} as it is.`,
  moveIntoStatic: (/** @type {string} */ folder, /** @type {string} */ better) =>
    `the build does not copy ${folder}. Move the worker code to ${better}, and run the command for that.`,

  inWorker: (/** @type {string} */ path) => `In the worker:  const { expose } = require('./${path}');`,
  onPage: (/** @type {string} */ path) => `On a page:      const worker = new Worker('${path}');`,
};
