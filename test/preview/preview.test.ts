/** The fixture mini-program in a real browser: what a page may rely on. */
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../miniprogram-demo/preview/browser.js';
import { Driver } from '../../miniprogram-demo/preview/driver.js';
import { startServer } from '../../miniprogram-demo/preview/server.js';
import type { RunningServer } from '../../miniprogram-demo/preview/server.js';
import { startFixtureService } from './fixture-service.js';
import type { FixtureService } from './fixture-service.js';

const root = fileURLToPath(new URL('./fixture', import.meta.url));

let browser: Browser;
let server: RunningServer;
let service: FixtureService;
let driver: Driver;

beforeAll(async () => {
  service = await startFixtureService();
  server = await startServer({
    root,
    port: 0,
    host: '127.0.0.1',
    strict: true,
    ext: { serviceUrl: service.url },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), service.close()]);
});

beforeEach(async () => {
  const context = await browser.newContext({ viewport: { width: 1120, height: 900 } });
  driver = new Driver(await context.newPage(), server.url);
});

afterEach(async () => {
  await driver.page.context().close();
});

describe('the list page', () => {
  beforeEach(async () => {
    await driver.open('pages/index/index');
  });

  it('renders lists, templates, WXS and a package of miniprogram_npm', async () => {
    expect(await driver.text('#title')).toBe('tiny WXS');
    expect(await driver.texts('.row-name')).toEqual(['甲', '乙']);
    expect(await driver.texts('.row-index')).toEqual(['0', '1']);
    expect(await driver.data('greeting')).toBe('hello from the app');
    expect(await driver.errors()).toEqual([]);
  });

  it('applies styles: rpx, the page’s own and a component’s, apart from one another', async () => {
    const width = await driver.find('#title').evaluate((element) => element.getBoundingClientRect().width);
    expect(Math.abs(width - 187.5)).toBeLessThan(1);
    expect(await driver.find('#title').evaluate((element) => getComputedStyle(element).color)).toBe(
      'rgb(10, 20, 30)',
    );
    const border = (selector: string): Promise<string> =>
      driver.page
        .locator(`.page-on .page-scroll >> css=${selector}`)
        .first()
        .evaluate((element) => getComputedStyle(element).borderTopColor);
    expect(await border('[wx-host] wx-view')).toBe('rgb(1, 2, 3)');
    expect(await border('.card')).not.toBe('rgb(1, 2, 3)');
  });

  it('answers a tap with setData by path', async () => {
    await driver.tap('#add');
    await driver.waitForText('#count', '2');
    expect(await driver.texts('.row-name')).toEqual(['甲', '丁']);
  });

  it('hands over data-* of the tapped row', async () => {
    await driver.tap('.row', 1);
    await driver.waitForText('#picked', 'picked b');
    expect(await driver.count('#none')).toBe(0);
  });

  it('takes input, model:value and confirm', async () => {
    await driver.type('#name', 'abc');
    await driver.press('#name', 'Enter');
    await driver.waitForText('#typed', 'abc|abc|abc');
    expect(await driver.data('name')).toBe('abc');
  });

  it('tells of scrolling in a scroll-view', async () => {
    await driver.scroll(120, '#scroller');
    await driver.waitForText('#scrolled', 'scrolled');
    expect(await driver.data('scrolled')).toBeGreaterThan(0);
  });

  it('fills slots of a component and hears its events', async () => {
    expect(await driver.text('#slotted')).toBe('in the slot 0');
    expect(await driver.text('#foot')).toBe('foot');
    await driver.page.locator('.page-on .page-scroll >> css=[wx-host] wx-view wx-view').first().click();
    await driver.waitForText('#picked', 'picked card');
    expect(await driver.text('#card')).toContain('tiny · 1');
  });

  it('bubbles a tap through bind and stops it at catch', async () => {
    await driver.tap('#inner-bind');
    await driver.waitForText('#taps', '1/1');
    await driver.tap('#inner-catch');
    await driver.waitForText('#taps', '1/2');
  });

  it('knows a long press', async () => {
    await driver.longPress('#long');
    await driver.waitForText('#long', 'long');
  });

  it('lets the logic layer draw on a canvas', async () => {
    await driver.waitForText('#drawn', '200x100');
    await driver.pause(100);
    const shot = await driver.find('#drawing').screenshot();
    const colors = await driver.page.evaluate(
      async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return [10, bitmap.width - 10].map((x) => [...context.getImageData(x, 20, 1, 1).data]);
      },
      [...shot],
    );
    expect(colors).toEqual([
      [255, 0, 0, 255],
      [255, 255, 255, 255],
    ]);
  });

  it('lets the logic layer decode a picture of the package, read its bytes and write others', async () => {
    await driver.waitUntil(async () => ((await driver.data('pixels')) as unknown[]).length > 0);
    expect(await driver.data('pixels')).toEqual([
      [255, 0, 0, 255, 0, 0, 255, 255],
      [0, 255, 0, 255, 0, 0, 255, 255],
    ]);
    await driver.waitForText('#unloaded', 'images/none.png');
    await driver.pause(100);
    const shot = await driver.find('#picture').screenshot();
    const left = await driver.page.evaluate(
      async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return [...context.getImageData(4, bitmap.height / 2, 1, 1).data];
      },
      [...shot],
    );
    expect(left).toEqual([0, 255, 0, 255]);
  });

  it('opens a page with its query, and comes back', async () => {
    await driver.tap('#go');
    await driver.waitForPage('pages/detail/detail');
    expect(await driver.text('#query')).toBe('7 x y 2');
    expect(await driver.pages()).toEqual(['pages/index/index', 'pages/detail/detail']);
    await driver.tap('#back');
    await driver.waitForPage('pages/index/index');
    expect(await driver.pages()).toEqual(['pages/index/index']);
  });

  it('shows nothing that only a browser has', async () => {
    const {
      eval: evalResult,
      Function: functionResult,
      constructor,
      this: self,
      ...names
    } = (await driver.data('globals')) as Record<string, string>;
    const { setTimeout, console, WeakRef, ...hidden } = names;
    expect({ setTimeout, console, WeakRef }).toEqual({
      setTimeout: 'function',
      console: 'object',
      WeakRef: 'function',
    });
    expect(Object.entries(hidden).filter(([, type]) => type !== 'undefined')).toEqual([]);
    expect([evalResult, functionResult, constructor, self]).toEqual([
      'EvalError',
      'EvalError',
      'EvalError',
      'undefined',
    ]);
  });

  it('keeps the view alive while the logic layer is blocked, and measures the block', async () => {
    const mark = await driver.mark();
    await driver.tap('#block');
    await driver.tap('#add');
    await driver.waitForText('#count', '1');
    const { longestBlockMs, tapAnswersMs, longestFrameGapMs, turns } = await driver.samples(mark);
    expect(longestBlockMs).toBeGreaterThan(1490);
    expect(longestBlockMs).toBeLessThan(2500);
    expect(tapAnswersMs).toHaveLength(2);
    expect(Math.min(...tapAnswersMs)).toBeGreaterThan(1000);
    expect(longestFrameGapMs).toBeLessThan(1000);
    expect(turns.some(([, , kind]) => kind === 'tap')).toBe(true);
  });

  it('shows an error of the mini-program in the panel and goes on', async () => {
    await driver.tap('#throw');
    await driver.page.locator('.panel .line-error', { hasText: 'thrown by the fixture' }).waitFor();
    expect(await driver.errors()).toEqual([expect.stringContaining('logic: Error: thrown by the fixture')]);
    await driver.tap('#add');
    await driver.waitForText('#count', '2');
  });
});

describe('the worker page', () => {
  beforeEach(async () => {
    await driver.open('pages/worker/worker');
  });

  const strictWorker = 'refused,undefined,undefined,undefined,undefined,function';

  it('crosses to the worker and back on the JSON carrier, buffers included', async () => {
    await driver.tap('#start');
    await driver.waitForText(
      '#reply',
      `{"bytes":256,"deep":256,"keys":"bytes,deep,map,not","not":null,"map":{}} 15 ${strictWorker}`,
    );
    expect(await driver.workerState()).toMatchObject({ state: 'running' });
  });

  it('crosses on the clone carrier where it is asked for', async () => {
    await driver.faults({ carrier: 'clone' });
    await driver.tap('#start');
    await driver.waitForText('#reply', '"keys":"bytes,deep,map,not,nothing"');
  });

  it('allows one worker at a time', async () => {
    await driver.tap('#start');
    await driver.tap('#second');
    await driver.waitForText('#problem', 'createWorker:fail exceed max concurrent worker limit');
    await driver.tap('#end');
    await driver.waitForText('#problem', 'ended');
    await driver.tap('#start');
    await driver.waitForText('#reply', strictWorker);
  });

  it('tells of a missing file through onError', async () => {
    await driver.tap('#missing');
    await driver.waitForText('#problem', "error: module 'workers/none.js' is not defined");
    expect(await driver.errors()).toEqual([expect.stringContaining('workers/none.js')]);
  });

  it('kills the worker on demand', async () => {
    await driver.tap('#start');
    await driver.waitForText('#reply', strictWorker);
    await driver.faults({ kill: true });
    await driver.waitForText('#problem', 'killed');
    expect(await driver.workerState()).toMatchObject({ state: 'killed' });
  });

  it('delays messages on demand', async () => {
    await driver.faults({ delayMs: 400 });
    const mark = await driver.mark();
    await driver.tap('#start');
    await driver.waitForText('#reply', strictWorker);
    expect((await driver.mark()) - mark).toBeGreaterThan(780);
  });

  it('requests: JSON, text that is no JSON, nobody there, abort', async () => {
    await driver.tap('#fetch');
    await driver.waitForText('#fetched', 'ok 200 object {"q":"巴黎"}');
    await driver.tap('#fetch-text');
    await driver.waitForText('#fetched', 'text 200 string "{\\"cut\\": [1, 2"');
    await driver.tap('#fetch-none');
    await driver.waitForText('#fetched', 'none request:fail');
    await driver.tap('#fetch-abort');
    await driver.waitForText('#fetched', 'abort request:fail abort');
  });

  it('runs timers of 0 and 1 ms in order and without the browser’s 4 ms', async () => {
    await driver.tap('#timers');
    await driver.waitForText('#order', 'pab quick');
  });

  it('switches tabs and keeps their pages', async () => {
    await driver.tap('#start');
    await driver.waitForText('#reply', strictWorker);
    await driver.navigate('switchTab', '/pages/index/index');
    await driver.waitForPage('pages/index/index');
    await driver.page.locator('.tab', { hasText: 'Worker' }).click();
    await driver.waitForPage('pages/worker/worker');
    expect(await driver.text('#reply')).toContain(strictWorker);
  });
});

describe('the controls page', () => {
  beforeEach(async () => {
    await driver.open('pages/controls/controls');
  });

  it('has controls that tell of change and a form that collects them', async () => {
    await driver.tap('switch');
    await driver.waitForText('#said', 'switch false');
    await driver.tap('radio', 2);
    await driver.waitForText('#said', 'size 大 L');
    await driver.tapText('checkbox-group label', '大');
    await driver.waitForText('#said', 'tops 大 L');
    await driver.type('textarea', 'hi');
    await driver.tap('#submit');
    await driver.waitForText('#said', '{"on":false,"level":3,"size":"大 L","tops":["大 L"],"note":"hi"}');
  });

  it('picks and slides', async () => {
    await driver.find('#picker').locator('select').selectOption('1');
    await driver.waitForText('#picker', '选择 Pick: 中 M');
    await driver.slide('#slider', 4);
    await driver.waitUntil(async () => (await driver.data('level')) === 7);
    await driver.slide('#slider', -2);
    await driver.waitUntil(async () => (await driver.data('level')) === 5);
  });

  it('asks with a modal and says with a toast', async () => {
    await driver.tap('#modal');
    await driver.page.locator('.modal-yes').click();
    await driver.waitForText('#said', 'confirmed');
    await driver.page.locator('.toast', { hasText: '好 Yes' }).waitFor();
  });

  it('follows a navigator', async () => {
    await driver.tap('#link');
    await driver.waitForPage('pages/detail/detail');
    await driver.page.locator('.page-on .bar-back').click();
    await driver.waitForPage('pages/controls/controls');
  });
});

describe('loose mode', () => {
  it('leaves the browser’s globals visible', async () => {
    await driver.page.goto(`${server.url}?strict=0`);
    await driver.waitForPage('pages/index/index');
    expect(await driver.data('globals.MessageChannel')).toBe('function');
    expect(await driver.data('globals.Function')).toBe('number');
  });
});
