/** What `mp-lanes` can be told. */
import { parseArgs } from 'node:util';
import { defaultFile } from './runtime-file.mjs';
import { textsOf } from './texts.mjs';
import { UserError } from './user-error.mjs';

/**
 * @typedef {import('./texts.mjs').Texts} Texts
 *
 * @typedef {object} WorkerCommand
 * @property {'worker'} name
 * @property {string} folder the workers directory, as it was given
 * @property {string} file where the runtime lies in it
 * @property {boolean} go the runtime with Go's concurrency
 * @property {boolean} check look, write nothing
 * @property {boolean} force replace a file that is no runtime of ours
 *
 * @typedef {WorkerCommand | { readonly name: 'help' } | { readonly name: 'version' }} Command
 */

const languages = ['en', 'zh'];

/**
 * The language of all that is printed, known before anything else is, so that errors are in it too.
 *
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Texts}
 */
export function readLanguage(args, env) {
  const { lang } = parseArgs({
    args: [...args],
    strict: false,
    options: { lang: { type: 'string' } },
  }).values;
  if (typeof lang === 'string' && languages.includes(lang)) return textsOf(lang);
  // The order in which POSIX looks; an empty one counts as not set.
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return textsOf(locale.toLowerCase().startsWith('zh') ? 'zh' : 'en');
}

/**
 * @param {readonly string[]} args
 * @param {Texts} texts
 * @returns {Command}
 * @throws UserError that names what is wrong
 */
export function readCommand(args, texts) {
  const { values, positionals } = parse(args, texts);
  if (values.lang !== undefined && !languages.includes(values.lang)) {
    throw new UserError(texts.unknownLanguage(values.lang, languages), { isMisuse: true });
  }
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const [name, folder, ...more] = positionals;
  if (name === undefined) throw new UserError(texts.noCommand, { isMisuse: true });
  if (name !== 'worker') throw new UserError(texts.unknownCommand(name), { isMisuse: true });
  if (folder === undefined || folder === '') throw new UserError(texts.noFolder, { isMisuse: true });
  if (more.length > 0) throw new UserError(texts.tooMany(more), { isMisuse: true });
  return { name, folder, file: values.file, go: values.go, check: values.check, force: values.force };
}

/**
 * @param {readonly string[]} args
 * @param {Texts} texts
 */
function parse(args, texts) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: 'boolean', default: false },
        file: { type: 'string', default: defaultFile },
        force: { type: 'boolean', default: false },
        go: { type: 'boolean', default: false },
        lang: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code?.startsWith('ERR_PARSE_ARGS_') !== true) throw error;
    // Node tells the option in its message alone.
    const [, option = ''] = /'(-[^', ]*)/.exec(message) ?? [];
    const told =
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? texts.unknownOption(option) : texts.badOption(option);
    throw new UserError(told, { isMisuse: true });
  }
}
