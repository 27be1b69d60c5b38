/** `mp-lanes worker <directory>`: puts the runtime there, or says what is wrong with the one that is there. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathInside, shown } from './places.mjs';
import { inspectProject } from './project.mjs';
import { defaultFile, lookAt, readPackagedRuntime, writeRuntime } from './runtime-file.mjs';
import { UserError } from './user-error.mjs';

/**
 * @typedef {import('./command-line.mjs').WorkerCommand} WorkerCommand
 * @typedef {import('./runtime-file.mjs').Found} Found
 * @typedef {import('./runtime-file.mjs').Runtime} Runtime
 * @typedef {import('./texts.mjs').Texts} Texts
 *
 * @typedef {object} Outcome
 * @property {boolean} isWell whether the runtime is in its place now
 * @property {string} text what was done, or what is wrong
 */

/**
 * @param {WorkerCommand} command
 * @param {Texts} texts
 * @returns {{ readonly isWell: boolean, readonly lines: readonly string[] }}
 * @throws UserError
 */
export function runWorkerCommand(command, texts) {
  const folder = resolve(command.folder);
  requireWorkersFolder(folder, command.folder, texts);
  const target = targetIn(folder, command.file, texts);
  const runtime = readPackagedRuntime(command.go);
  if (runtime === null) throw new UserError(texts.incomplete);
  const found = attempt(
    () => lookAt(target, runtime),
    (reason) => texts.cannotRead(shown(target), reason),
  );
  const outcome = command.check
    ? judge(found, target, command, runtime, texts)
    : place(found, target, command, runtime, texts);
  const { kind, workers, findings } = inspectProject(folder, texts);
  const advice = findings.flatMap(({ done, text, lines }) => [
    `${done ? texts.ok : texts.toDo}${text}`,
    ...lines.map((line) => `           ${line}`),
  ]);
  const required = pathInside(folder, target) ?? defaultFile;
  const use = [texts.inWorker(required), texts.onPage(`${workers}/index.js`)];
  return { isWell: outcome.isWell, lines: [outcome.text, '', kind, ...advice, '', ...use] };
}

/**
 * @param {string} folder
 * @param {string} given
 * @param {Texts} texts
 */
function requireWorkersFolder(folder, given, texts) {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) throw new UserError(texts.noSuchFolder(given));
  if (!stat.isDirectory()) throw new UserError(texts.notAFolder(given));
  if (existsSync(join(folder, 'app.json'))) {
    throw new UserError(texts.isTheRoot(given, shown(join(folder, 'workers'))));
  }
}

/**
 * @param {string} folder
 * @param {string} file
 * @param {Texts} texts
 */
function targetIn(folder, file, texts) {
  const target = resolve(folder, file);
  if (pathInside(folder, target) === null || target === folder) {
    throw new UserError(texts.fileOutside(file), { isMisuse: true });
  }
  const stat = attempt(
    () => statSync(target, { throwIfNoEntry: false }),
    (reason) => texts.cannotRead(shown(target), reason),
  );
  if (stat?.isDirectory() === true) throw new UserError(texts.targetIsFolder(shown(target)));
  return target;
}

/**
 * What the system refuses is told in one line.
 *
 * @template T
 * @param {() => T} action
 * @param {(reason: string) => string} told
 * @returns {T}
 */
function attempt(action, told) {
  try {
    return action();
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    throw code === undefined ? error : new UserError(told(message));
  }
}

/**
 * @param {Found} found
 * @param {string} target
 * @param {WorkerCommand} command
 * @param {Runtime} runtime
 * @param {Texts} texts
 * @returns {Outcome}
 */
function judge(found, target, { folder, file, go }, { version }, texts) {
  const path = shown(target);
  const command = `npx mp-lanes worker ${folder}${file === defaultFile ? '' : ` --file ${file}`}${go ? ' --go' : ''}`;
  switch (found.is) {
    case 'same':
      return { isWell: true, text: texts.upToDate(path, version) };
    case 'missing':
      return { isWell: false, text: texts.checkMissing(path, command) };
    case 'other':
      return { isWell: false, text: texts.checkOther(path, found.version, version, command) };
    case 'changed':
      return { isWell: false, text: texts.checkChanged(path, version, command) };
    case 'foreign':
      return { isWell: false, text: texts.checkForeign(path, command) };
  }
}

/**
 * @param {Found} found
 * @param {string} target
 * @param {WorkerCommand} command
 * @param {Runtime} runtime
 * @param {Texts} texts
 * @returns {Outcome}
 */
function place(found, target, { force }, runtime, texts) {
  const path = shown(target);
  const { version } = runtime;
  if (found.is === 'same') return { isWell: true, text: texts.upToDate(path, version) };
  if (found.is === 'foreign' && !force) throw new UserError(texts.isForeign(path));
  attempt(
    () => writeRuntime(target, runtime),
    (reason) => texts.cannotWrite(path, reason),
  );
  return { isWell: true, text: tellPlaced(found, path, version, texts) };
}

/**
 * @param {Exclude<Found, { is: 'same' }>} found what was there before
 * @param {string} path
 * @param {string} version
 * @param {Texts} texts
 */
function tellPlaced(found, path, version, texts) {
  switch (found.is) {
    case 'missing':
      return texts.written(path, version);
    case 'other':
      return texts.updated(path, found.version, version);
    case 'changed':
      return texts.restored(path, version);
    case 'foreign':
      return texts.replaced(path, version);
  }
}
