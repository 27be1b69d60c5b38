/** What the user can mend: it is told in one line, without a stack. */
export class UserError extends Error {
  /**
   * @param {string} message in the user's language
   * @param {{ readonly isMisuse?: boolean }} [options] whether `--help` would help
   */
  constructor(message, { isMisuse = false } = {}) {
    super(message);
    this.name = 'UserError';
    this.isMisuse = isMisuse;
  }
}
