/** A headless browser for measuring: found as the preview finds its own, started with what only a benchmark needs. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findBrowser, packagedBrowser } from '../../miniprogram-demo/preview/browser.js';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-dev-shm-usage',
  '--no-first-run',
  // `gc()`, also in workers, and a heap size that is not rounded.
  '--js-flags=--expose-gc',
  '--enable-precise-memory-info',
];

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
export async function launchForBench(): Promise<Browser> {
  const found = findBrowser();
  if (found !== null) return chromium.launch({ executablePath: found.path, args: flags });
  const { path, env } = await packagedBrowser();
  return chromium.launch({
    executablePath: path,
    args: flags,
    env: { ...process.env, ...env },
  });
}
