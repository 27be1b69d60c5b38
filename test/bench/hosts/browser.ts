/** A headless browser for measuring: found as the preview finds its own, started with what only a benchmark needs. */
import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { findBrowser, launchBrowser, packagedBrowser } from '../../../miniprogram-demo/preview/browser.js';

/** `gc()`, also in workers, and a heap size that is not rounded. */
const flags = ['--js-flags=--expose-gc --no-flush-bytecode', '--enable-precise-memory-info'];

/** `null`, or why there is no browser. */
export async function whyNoBrowser(): Promise<string | null> {
  try {
    const path = findBrowser()?.path ?? (await packagedBrowser()).path;
    return existsSync(path) ? null : `there is no file ${path}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Starts the browser; close it when done. */
export function launchForBench(): Promise<Browser> {
  return launchBrowser(flags);
}
