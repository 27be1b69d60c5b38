import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callStats } from '../../src/index.js';
import type { Worker } from '../../src/index.js';
import { Canvas, createPicture } from './canvas.js';
import { openMiniProgram } from './mini-program.js';
import type { OpenPage } from './mini-program.js';
import { createStage } from './stage.js';
import type { Stage } from './stage.js';

interface Filters {
  createFilter(picture: object, settings: object): (y: number, out: Uint8ClampedArray, at: number) => void;
}
interface Crew {
  getCrew(): { worker: Worker };
}

const rowMs = 20;
const picture = createPicture(24, 42);
const path = 'pages/worker/worker';

let stage: Stage;
let canvas: Canvas;
let page: OpenPage;
beforeEach(async () => {
  await open();
});
afterEach(() => {
  stage.close();
});

async function open({ pictures = { '/images/coffee.jpg': picture }, simulated = true } = {}): Promise<void> {
  stage = createStage({ rowMs, simulated });
  canvas = new Canvas(pictures);
  const { findCanvas } = stage.app.require('services/canvas') as { findCanvas: unknown };
  expect(typeof findCanvas).toBe('function');
  Object.assign(stage.app.require('services/canvas') as object, {
    findCanvas: async () => ({ node: canvas }),
  });
  page = await stage.open(path);
}

async function tap(selector: string, text = '', ms = 0): Promise<void> {
  page.tap(selector, text);
  await stage.host.advance(ms);
}

async function settled(): Promise<void> {
  await stage.until(() => page.data['running'] === false);
  await stage.host.advance(200);
}

/** What the filter makes of the whole picture, without any page or worker. */
function expected(filter: string, radius = 20): Uint8ClampedArray {
  const workers = openMiniProgram('miniprogram-demo/miniprogram/workers', { wx: undefined as never });
  const { createFilter } = workers.require('image-filters') as Filters;
  const { pixels, width, height } = picture;
  const filterRow = createFilter({ pixels: pixels.slice().buffer, width, height }, { filter, radius });
  const out = new Uint8ClampedArray(pixels.length);
  for (let y = 0; y < height; y++) filterRow(y, out, y * width * 4);
  return out;
}

const rows = (): number => page.data['rows'] as number;
const percent = (): number => Number.parseInt(page.text('.done-percent'), 10);
const worker = (): Worker => (stage.app.require('services/crew') as Crew).getCrew().worker;

const kinds = ['Idempotent', 'Call', 'Stream'] as const;
const filters = [
  ['Smooth', 'smooth'],
  ['Sharpen', 'sharpen'],
  ['Paint', 'paint'],
] as const;

describe('a run', () => {
  it('shows the photograph before, and whose it is', () => {
    expect(canvas.shown).toEqual(picture.pixels);
    expect([canvas.width, canvas.height]).toEqual([24, 42]);
    expect(page.text('.done-rows')).toContain('0/42');
    expect(page.text('.credit')).toContain('Rachel Michetti');
    expect(page.text('.credit')).toContain('CC0');
  });

  it.each(filters)('draws what the filter makes of it: %s', async (name, filter) => {
    await tap('.filter', name);
    await tap('.go', 'Start');
    await settled();
    expect(canvas.shown).toEqual(expected(filter));
    expect(percent()).toBe(100);
    expect(rows()).toBe(42);
    expect(page.text('.outcome-zh')).toContain('完成');
    expect(page.text('.outcome-en')).toContain(`checksum ${String(page.data['sum'])}`);
  });

  it.each(kinds)('draws the rows as they are done, in either kind of call: %s', async (kind) => {
    await tap('.choice', kind);
    await tap('.go', 'Start', 25 * rowMs);
    expect(rows()).toBeGreaterThanOrEqual(16);
    expect(rows()).toBeLessThan(42);
    expect(percent()).toBeGreaterThan(30);
    expect(percent()).toBeLessThan(100);
    const done = rows() * 24 * 4;
    const all = expected('paint');
    expect(canvas.shown.slice(0, done)).toEqual(all.slice(0, done));
    expect(canvas.shown.slice(-4 * 24)).toEqual(picture.pixels.slice(-4 * 24));
    await settled();
    expect(canvas.shown).toEqual(all);
    // Each band came once; the last one is shorter than the others.
    expect([...canvas.puts.keys()].sort((a, b) => a - b)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    expect(Math.max(...[...canvas.puts].filter(([first]) => first > 0).map(([, times]) => times))).toBe(1);
  });

  it('takes as strength what the slider says', async () => {
    page.send('change', '.slider', { value: 8 });
    await tap('.go', 'Start');
    await settled();
    expect(page.text('.dial-value')).toBe('8 px');
    expect(canvas.shown).toEqual(expected('paint', 8));
  });

  it('begins again with the photograph', async () => {
    await tap('.go', 'Start');
    await settled();
    await tap('.go', 'Start');
    expect(canvas.shown).toEqual(picture.pixels);
    expect(percent()).toBe(0);
    await settled();
    expect(canvas.shown).toEqual(expected('paint'));
  });

  it('leaves the page free to answer taps', async () => {
    await tap('.go', 'Start', 60);
    for (let n = 1; n <= 3; n++) await tap('.tap', '', 60);
    expect(page.data['running']).toBe(true);
    expect(page.text('.tap-count')).toBe('3');
    expect(Number.parseInt(page.text('.tap-ms'), 10)).toBeLessThanOrEqual(16 + 2 * rowMs);
    await settled();
  });
});

describe('cancel', () => {
  it.each(kinds)('stops it here and in the worker, and is no failure: %s', async (kind) => {
    await tap('.choice', kind);
    await tap('.go', 'Start', 400);
    await tap('.go', 'Cancel', 50);
    const at = rows();
    expect(at).toBeGreaterThan(0);
    expect(page.data['running']).toBe(false);
    expect(page.text('.outcome-zh')).toContain(`已取消，画了 ${at} 行`);
    const { filtered } = stage;
    const made = filtered.rows;
    expect(made).toBeLessThan(42);
    await stage.host.advance(1000);
    expect(rows()).toBe(at);
    expect(filtered.rows).toBeLessThanOrEqual(made + 4); // the band that was under way
    expect(callStats(worker())).toMatchObject({ pending: 0, callbacks: 0, streams: 0 });
    expect(page.texts('.entry-bad')).toEqual([]);
    await tap('.go', 'Start');
    await settled();
    expect(canvas.shown).toEqual(expected('paint'));
  });

  it('comes of itself when the page is left', async () => {
    await tap('.go', 'Start', 100);
    const { worker: left } = (stage.app.require('services/crew') as Crew).getCrew();
    page.close();
    await stage.host.advance(100);
    expect(callStats(left)).toMatchObject({ pending: 0, callbacks: 0, streams: 0 });
    page = await stage.open(path);
  });
});

describe('a thread that is killed', () => {
  it('loses a call that may run once, with its code; another thread is there soon', async () => {
    await tap('.choice', 'Call');
    await tap('.go', 'Start', 400);
    await tap('.kill', '', 50);
    expect(page.text('.outcome-zh')).toBe('ERR_WORKER_LOST');
    expect(page.text('.state')).toContain('restarting');
    await stage.host.advance(500);
    expect(page.text('.state')).toContain('ready');
    expect(page.text('.restarts')).toBe('1');
    expect(page.text('.down')).toBe('100 ms'); // what a restart waits
    expect(page.texts('.entry-bad').join()).toContain('The system killed the worker');
    expect(page.data['running']).toBe(false);
    expect(stage.warned).toHaveLength(1);
  });

  it('ends a stream, with the same code, behind the rows that had come', async () => {
    await tap('.choice', 'Stream');
    await tap('.go', 'Start', 400);
    await tap('.kill', '', 500);
    expect(rows()).toBeGreaterThan(8);
    expect(page.text('.outcome-zh')).toBe('ERR_WORKER_LOST');
    expect(page.text('.outcome-en')).toContain(`after ${rows()} of 42 rows`);
    expect(canvas.shown.slice(0, rows() * 96)).toEqual(expected('paint').slice(0, rows() * 96));
  });

  it('is survived by a call that is idempotent: it runs again, and gives the pixels of an undisturbed run', async () => {
    await tap('.go', 'Start');
    await settled();
    const undisturbed = page.data['sum'];
    await tap('.go', 'Start', 600);
    const before = rows();
    expect(before).toBeGreaterThan(16);
    await tap('.kill', '', 100 + 8 * rowMs);
    expect(page.text('.outcome-zh')).toContain('正在重跑');
    expect(rows()).toBeLessThan(before);
    await settled();
    expect(page.data['sum']).toBe(undisturbed);
    expect(canvas.shown).toEqual(expected('paint'));
    expect(canvas.puts.get(4)).toBe(3); // once undisturbed, twice disturbed
    expect(page.text('.outcome-zh')).toContain('跑了 2 遍，像素一致');
    expect(page.text('.outcome-en')).toContain(String(undisturbed));
    expect(page.texts('.outcome-good')).toHaveLength(1);
  });

  it('is not to be had where the client cannot simulate it, which the page says', async () => {
    stage.close();
    await open({ simulated: false });
    await tap('.kill', '', 100);
    expect(page.text('.state')).toContain('ready');
    expect(page.texts('.entry-detail')).toContain('kill(): ERR_NOT_SIMULATED');
  });

  it('is not replaced for ever: then the page says so, and starts a new worker when asked to', async () => {
    for (let deaths = 0; deaths < 5; deaths++) {
      await tap('.kill');
      await stage.until(() => page.text('.state').includes('restarting'));
      await stage.until(() => page.text('.state').includes('ready'));
    }
    await tap('.go', 'Start', 50);
    await tap('.kill', '', 100);
    expect(page.text('.state')).toContain('failed');
    expect(page.text('.failure-code')).toBe('ERR_WORKER_LOST');
    expect(page.text('.failure-message')).toContain('5 times');
    expect(stage.written.splice(0)).toHaveLength(1);

    page.tap('.failure-retry');
    await settled();
    expect(page.texts('.failure')).toEqual([]);
    expect(page.text('.state')).toContain('ready');
    expect(canvas.shown).toEqual(expected('paint'));
  });
});

describe('a thread that hangs', () => {
  it('is ended when it has let nothing in for a heartbeat, and is survived as one that is killed', async () => {
    await tap('.go', 'Start', 400);
    await tap('.hang', '', 1500);
    expect(page.text('.state')).toContain('ready'); // nobody knows yet
    expect(Number.parseFloat(page.text('.silent'))).toBeGreaterThan(1);
    await stage.until(() => page.text('.state').includes('restarting'));
    expect(page.texts('.entry-bad').join()).toContain('heartbeatMs: 2000');
    expect(page.text('.silent')).toMatch(/^(–|\d\.\d s)$/);
    await settled();
    expect(page.text('.restarts')).toBe('1');
    expect(page.texts('.entry-detail')).toContain('hang(): ERR_WORKER_LOST');
    expect(canvas.shown).toEqual(expected('paint'));
    expect(page.text('.outcome-zh')).toContain('跑了 2 遍');
  });

  it('does not take along a kill that came too late for it', async () => {
    await tap('.hang', '', 100);
    await tap('.kill', '', 6000);
    expect(page.text('.restarts')).toBe('1');
    expect(page.texts('.entry-detail')).toContain('kill(): ERR_CALL_TIMEOUT');
  });
});

it('a photograph that is not there is a failure with words', async () => {
  stage.close();
  await open({ pictures: {} as never });
  expect(page.text('.failure-message')).toContain('/images/coffee.jpg');
  await tap('.go', 'Start', 100);
  expect(page.data['running']).toBe(false);
});

it('a hidden page looks at no heartbeat', async () => {
  page.lifecycle('onHide');
  await stage.host.advance(1000);
  expect(stage.host.armed().timer).toBe(0);
  page.lifecycle('onShow');
  expect(stage.host.armed().timer).toBe(1);
});
