/** Where routines are started, for error messages. */
import { CallSites } from '../host/call-sites.js';
import { watch } from './watch.js';

const sites = new CallSites();

/** Frames of our own at the head of a site, where the engine cannot leave them out; and how many after them are shown. */
const OWN = 4;
const SHOWN = 3;

// Of V8, which most engines of mini-programs are or imitate.
const { captureStackTrace } = Error as { captureStackTrace?(error: Error, below: unknown): void };

/** An error made where `below` was called; `null` where that was asked for too often. */
export function takeSite(below: unknown): Error | null {
  const site = watch.by === null ? sites.take() : new Error();
  if (site !== null && captureStackTrace !== undefined) captureStackTrace(site, below);
  return site;
}

/** Where something was started, some frames, each in a line; nothing for `null`. */
export function startedAt(site: Error | null): string {
  const stack = site === null ? undefined : site.stack;
  if (typeof stack !== 'string') return '';
  const frames = stack.split('\n').filter((line) => /^\s*at |@/.test(line));
  const own = captureStackTrace === undefined ? OWN : 0;
  return frames.slice(own, own + SHOWN).reduce((text, line) => `${text}\n    ${line.trim()}`, '\n  started');
}
