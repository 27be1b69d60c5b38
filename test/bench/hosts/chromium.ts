/** Chromium: an isolated page (so that its clock has steps of 5 µs), headless. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { bundleSuite, bundleThread, cacheFolder } from '../bundle.js';
import type { SuiteResult } from '../harness/result.js';
import { launchForBench, whyNoBrowser } from './browser.js';
import type { Host, HostJob } from './host.js';

const html = '<!doctype html><meta charset="utf-8"><title>bench</title><script src="/suite.js"></script>';

/** Serves the page and its scripts, by their paths. */
function serve(scripts: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    const [type, body] = script === undefined ? ['text/html', html] : ['text/javascript', script];
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    response.end(body);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function measureOn(page: Page, url: string, { settings, onProgress }: HostJob): Promise<SuiteResult> {
  page.on('console', (message) => {
    if (message.type() === 'debug') onProgress(message.text());
  });
  await page.goto(url);
  return page.evaluate((wanted) => window.benchRun(wanted), settings);
}

async function bundleScripts({ suite, module, threads }: HostJob): Promise<Map<string, string>> {
  const file = join(cacheFolder, `${suite}-chromium.js`);
  await bundleSuite(module, 'chromium', file);
  const scripts = new Map([['/suite.js', readFileSync(file, 'utf8')]]);
  for (const [name, thread] of Object.entries(threads)) {
    const threadFile = join(cacheFolder, `${suite}-chromium-${name}.js`);
    await bundleThread(thread, 'chromium', threadFile);
    scripts.set(`/threads/${name}.js`, readFileSync(threadFile, 'utf8'));
  }
  return scripts;
}

async function run(job: HostJob): Promise<SuiteResult> {
  const server = await serve(await bundleScripts(job));
  const browser = await launchForBench();
  try {
    const { port } = server.address() as AddressInfo;
    const result = await measureOn(await browser.newPage(), `http://127.0.0.1:${String(port)}/`, job);
    return { ...result, engine: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

export const chromiumHost: Host = { name: 'chromium', title: 'Chromium', unavailable: whyNoBrowser, run };
