/** Shared memory between the threads of a browser: with cross-origin isolation, and without. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../miniprogram-demo/preview/browser.js';

const html = '<!doctype html><meta charset="utf-8"><title>ring</title><script src="/page.js"></script>';
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./shared-ring-${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

function serve(files: ReadonlyMap<string, string>, headers: object): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const script = files.get(url);
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, ...headers });
    response.end(script ?? html);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let browser: Browser;
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = new Map([
    ['/page.js', await bundle('page')],
    ['/worker.js', await bundle('worker')],
  ]);
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What the page says of an exchange of `count` messages each way. */
async function run(count: number, headers: object, prepare = ''): Promise<unknown> {
  const server = await serve(new Map([...files].map(([url, code]) => [url, prepare + code])), headers);
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const told: unknown = await page.evaluate(`ring(${count})`);
  await page.close();
  server.closeAllConnections();
  server.close();
  expect(errors).toEqual([]);
  return told;
}

describe('a worker in Chromium that may share memory', () => {
  it.each([
    ['an isolated page, woken by Atomics.waitAsync', isolation, '', true],
    ['an isolated page, woken by messages', isolation, 'Atomics.waitAsync = undefined;', true],
    ['a page that is not isolated, without it', {}, '', false],
  ])('exchanges 20,000 messages each way in order in %s', async (_where, headers, prepare, shares) => {
    expect(await run(20_000, headers, prepare)).toEqual({
      here: { inOrder: 20_000, wrong: null },
      there: { inOrder: 20_000, wrong: null, sharedMemory: shares },
      isIsolated: shares,
      shares,
      heardAfterClose: 0,
      heardOfLast: 1000,
    });
  });
});
