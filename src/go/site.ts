/** Where routines are started, for error messages. */

/** At the head of a site are frames of our own, of which the names are not known once they are minified. */
const SKIPPED = 3;
const SHOWN = 3;

/** Where something was started, by an error made there: some frames of its stack, each in a line; nothing for `null`. */
export function startedAt(site: Error | null): string {
  const stack = site === null ? undefined : site.stack;
  if (typeof stack !== 'string') return '';
  const frames = stack.split('\n').filter((line) => /^\s*at |@/.test(line));
  return `\n  started${frames
    .slice(SKIPPED, SKIPPED + SHOWN)
    .map((line) => `\n    ${line.trim()}`)
    .join('')}`;
}
