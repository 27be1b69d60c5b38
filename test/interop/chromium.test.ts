/** Our ports and those of a real browser. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../miniprogram-demo/preview/browser.js';
import type { scenarios as Scenarios } from './chromium-page.js';

declare const scenarios: typeof Scenarios;

let browser: Browser;
let page: Page;
let script: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { scenarios } from './chromium-page.ts'; globalThis.scenarios = scenarios;`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  script = outputFiles[0]?.text ?? '';
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ content: script });
});

afterAll(() => browser.close());

describe('in Chromium', () => {
  it('wrap and expose take native ports, to a worker', async () => {
    expect(await page.evaluate((text) => scenarios.calls(text), script)).toBe(3);
  });

  it.each([
    ['in one thread', false],
    ['over a pipe of JSON', true],
  ])('a native port travels through ours %s', async (_, overPipe) => {
    const seen = await page.evaluate(({ text, pipe }) => scenarios.sent(text, pipe), {
      text: script,
      pipe: overPipe,
    });
    expect(seen).toEqual({
      backlog: 'backlog',
      bytes: [1, 2],
      left: 0,
      nan: 'NaN',
      heard: 'nested',
      sum: 42,
    });
  });
});
