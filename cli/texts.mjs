/** All that the command says, in the language of whoever reads it. */
import { chinese } from './texts-chinese.mjs';
import { english } from './texts-english.mjs';

/** @typedef {typeof english} Texts */

/**
 * @param {string} language `en` or `zh`
 * @returns {Texts}
 */
export function textsOf(language) {
  return language === 'zh' ? chinese : english;
}
