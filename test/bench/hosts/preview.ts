/**
 * The demo's preview: a mini-program of our own (`preview-app/`) whose page runs the suite in the strict logic layer, a
 * Web Worker that sees ECMAScript, timers and `wx`, and gives the results as its data.
 */
import { cpSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import type { ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { openProject } from '../../../miniprogram-demo/preview/compile/project.js';
import { Driver } from '../../../miniprogram-demo/preview/driver.js';
import { createApp } from '../../../miniprogram-demo/preview/server.js';
import { root } from '../built.js';
import { bundleSuite, bundleThread, cacheFolder } from '../bundle.js';
import type { SuiteResult } from '../harness/result.js';
import { launchForBench, whyNoBrowser } from './browser.js';
import type { Host, HostJob } from './host.js';

const template = fileURLToPath(new URL('../preview-app', import.meta.url));
const pagePath = 'pages/bench/bench';
const limitMs = 30 * 60 * 1000;

/**
 * Strict mode hides clock, collector and global object from the mini-program, as a device does. The bench needs them for itself,
 * so they get a name that no library looks for and that cannot be taken away.
 */
const instruments =
  "Object.defineProperty(self, 'benchInstruments', { value: { now: performance.now.bind(performance), gc: self.gc, scope: self } });";

/** The preview's own server, with the instruments ahead of the logic thread's script. */
function createBenchApp(folder: string, settings: HostJob['settings']): Hono {
  const preview = createApp(openProject(folder), { strict: true, ext: { settings } });
  const app = new Hono();
  app.get('/runtime/logic.js', async (context) => {
    const response = await preview.fetch(context.req.raw);
    const { status, headers } = response;
    return new Response(`${instruments}${await response.text()}`, { status, headers });
  });
  app.all('*', (context) => preview.fetch(context.req.raw));
  return app;
}

function listen(app: Hono): Promise<{ server: ServerType; url: string }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
      resolve({ server, url: `http://127.0.0.1:${String(port)}/` }),
    );
    server.once('error', reject);
  });
}

/** The mini-program with the suite in it, and the SDK where DevTools would put it. */
async function assemble({ suite, module, threads }: HostJob): Promise<string> {
  const folder = join(cacheFolder, `${suite}-preview`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(template, folder, { recursive: true });
  cpSync(join(root, 'miniprogram_dist'), join(folder, 'miniprogram_npm/mp-lanes'), { recursive: true });
  await bundleSuite(module, 'preview', join(folder, 'suite.js'));
  for (const [name, thread] of Object.entries(threads)) {
    await bundleThread(thread, 'preview', join(folder, `workers/${name}.js`));
  }
  return folder;
}

async function run(job: HostJob): Promise<SuiteResult> {
  const { server, url } = await listen(createBenchApp(await assemble(job), job.settings));
  const browser = await launchForBench();
  try {
    const driver = new Driver(await browser.newPage(), url);
    await driver.open(pagePath);
    const result = await awaitResult(driver, job.onProgress);
    return { ...result, engine: `the preview’s logic layer, Chromium ${browser.version()}` };
  } finally {
    await browser.close();
    server.close();
  }
}

/** Only the view is asked meanwhile: a question to the logic layer would be a turn among those that are measured. */
async function awaitResult(driver: Driver, onProgress: HostJob['onProgress']): Promise<SuiteResult> {
  let status = '';
  const isOver = async (): Promise<boolean> => {
    status = await driver.text('#status');
    onProgress(status);
    return status === 'done' || status.startsWith('failed');
  };
  await driver.waitUntil(isOver, { timeoutMs: limitMs, message: 'the bench page did not finish' });
  if (status !== 'done') throw new Error(`the bench page ${status}`);
  return (await driver.data('result')) as SuiteResult;
}

export const previewHost: Host = { name: 'preview', title: 'preview', unavailable: whyNoBrowser, run };
