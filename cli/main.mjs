#!/usr/bin/env node
/** The command `mp-lanes`. */
import { fileURLToPath } from 'node:url';
import { readCommand, readLanguage } from './command-line.mjs';
import { defaultFile } from './runtime-file.mjs';
import { readJsonOrNothing } from './source-text.mjs';
import { UserError } from './user-error.mjs';
import { runWorkerCommand } from './worker-command.mjs';

/** @typedef {import('./texts.mjs').Texts} Texts */

const exitDifferent = 1;
const exitFailed = 2;

function packageVersion() {
  const file = fileURLToPath(new URL('../package.json', import.meta.url));
  return String(readJsonOrNothing(file)['version']);
}

/**
 * @param {readonly string[]} args
 * @param {Texts} texts
 * @returns {number} the exit code
 */
function run(args, texts) {
  const command = readCommand(args, texts);
  if (command.name === 'help') {
    process.stdout.write(texts.usage(defaultFile));
    return 0;
  }
  if (command.name === 'version') {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const { isWell, lines } = runWorkerCommand(command, texts);
  (isWell ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  return isWell ? 0 : exitDifferent;
}

const args = process.argv.slice(2);
const texts = readLanguage(args, process.env);
try {
  process.exitCode = run(args, texts);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const hint = error.isMisuse ? `${texts.seeHelp}\n` : '';
  process.stderr.write(`${texts.errorHead}${error.message}\n${hint}`);
  process.exitCode = exitFailed;
}
