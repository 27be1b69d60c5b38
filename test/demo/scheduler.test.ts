import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scheduler } from '../../src/index.js';
import type { OpenPage } from './mini-program.js';
import { createStage } from './stage.js';
import type { Stage } from './stage.js';

interface Chunks {
  measureSpeed(): number;
  workFor(ms: number): void;
}

const path = 'pages/scheduler/scheduler';
const priorities = ['user-blocking', 'user-visible', 'background'] as const;

let stage: Stage;
let page: OpenPage;
/** Called before each chunk. */
let onChunk: () => void;
beforeEach(async () => {
  stage = createStage({ costlySteps: false });
  const chunks = stage.app.require('services/chunks') as Chunks;
  chunks.measureSpeed = () => 0;
  onChunk = () => undefined;
  chunks.workFor = (ms) => {
    onChunk();
    stage.host.costMs(ms);
  };
  page = await stage.open(path);
});
afterEach(() => {
  stage.close();
});

function slide(dial: string, value: number): void {
  page.send('change', `.dial-${dial}`, { value });
}

async function start(ms: number): Promise<void> {
  page.tap('.button', 'Start');
  await stage.host.advance(ms);
}

async function choose(name: string, priority: string): Promise<void> {
  page.tap(`.batch-of-${name} .level`, priority);
  await stage.host.advance(200);
}

/** The numbers of a column, one a batch: input, content, prefetch. */
function counts(column: 'done' | 'queued' | 'lost', from = page): number[] {
  return from.texts(`.batch-${column}`).map((text) => Number(text.replaceAll(/\D/g, '')));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function widths(selector: string): number[] {
  return Array.from(page.element.querySelectorAll<HTMLElement>(selector)).map((bar) =>
    Number.parseFloat(bar.style.width),
  );
}

/** What waits in the scheduler itself. */
function waiting(): number {
  const stats = scheduler.stats().priorities;
  return sum(priorities.map((priority) => stats[priority].waiting));
}

describe('a run', () => {
  it('fills the bars by priority: what arrives first, then the visible, then the background', async () => {
    await start(500);
    const [input, content, prefetch] = counts('done');
    expect(input).toBeGreaterThan(400); // a third of the time, at 0.25 ms a task
    expect(content).toBeGreaterThan(input!);
    expect(prefetch).toBe(0);
    expect(counts('queued')[2]).toBe(4000);
    expect(widths('.bar-done')).toEqual(counts('done').map((done) => Math.floor(done / 4) / 10));
    expect(page.texts('.batch-speed')[1]).toMatch(/^\d,\d{3} \/s$/);
  });

  it('runs every task, says how long it took, and leaves nothing armed', async () => {
    slide('count', 3000);
    await start(3000);
    expect(counts('done')).toEqual([1000, 1000, 1000]);
    expect(counts('queued')).toEqual([0, 0, 0]);
    expect(widths('.bar-done')).toEqual([100, 100, 100]);
    expect(page.texts('.hint')[1]).toMatch(/^All done in [01]\.\d s$/);
    expect(page.text('.button')).toContain('Start');
    expect(page.texts('.batch-speed')).toEqual(['', '', '']);
    stage.host.assertClean();
  });

  it('runs again, from the beginning', async () => {
    slide('count', 3000);
    await start(3000);
    await start(300);
    expect(sum(counts('done'))).toBeLessThan(1500);
    await stage.host.advance(3000);
    expect(counts('done')).toEqual([1000, 1000, 1000]);
  });

  it('shows an error of a task, with its code, and ends all the same', async () => {
    slide('count', 3000);
    let left = 100;
    onChunk = () => {
      if (left-- === 0) throw Object.assign(new Error('a bad chunk'), { code: 'ERR_CHUNK' });
    };
    await start(3000);
    expect(page.text('.failure-code')).toBe('ERR_CHUNK');
    expect(sum(counts('done'))).toBe(2999);
    expect(page.text('.hint-en')).not.toContain('All done');
    expect(counts('queued')).toEqual([0, 0, 0]);
    page.tap('.failure-retry');
    expect(page.texts('.failure')).toEqual([]);
    await stage.host.advance(3000);
    expect(sum(counts('done'))).toBe(3000);
  });
});

describe('a tap on a priority', () => {
  it('lets the last batch overtake at once, and fall back again', async () => {
    await start(300);
    await choose('prefetch', 'user-blocking');
    const raised = counts('done');
    await stage.host.advance(100);
    const ahead = counts('done');
    expect(ahead[2]! - raised[2]!).toBeGreaterThan(100);
    expect(ahead[1]).toBe(raised[1]);

    await choose('prefetch', 'background');
    const lowered = counts('done');
    await stage.host.advance(100);
    expect(counts('done')[1]).toBeGreaterThan(lowered[1]!);
    expect(counts('done')[2]).toBe(lowered[2]);
  });

  it('holds for the next run, too', async () => {
    await choose('content', 'background');
    await choose('prefetch', 'user-visible');
    expect(page.texts('.level-on .level-en')).toEqual(['user-blocking', 'background', 'user-visible']);
    await start(400);
    expect(counts('done')[1]).toBe(0);
    expect(counts('done')[2]).toBeGreaterThan(100);
  });
});

describe('the sliders', () => {
  it('say what they are at', () => {
    slide('count', 60000);
    slide('cost', 5);
    slide('slice', 20);
    stage.host.advanceSync(200);
    expect(page.texts('.dial-value')).toEqual(['60,000', '0.05 ms', '20 ms']);
  });

  it('of the cost works on a run under way', async () => {
    await start(300);
    slide('cost', 100);
    await stage.host.advance(200); // until the figures show nothing from before any more
    const before = sum(counts('done'));
    await stage.host.advance(300);
    const slow = sum(counts('done')) - before;
    expect(slow).toBeGreaterThan(200);
    expect(slow).toBeLessThan(400);
  });

  it.each([
    [1, 1, 3],
    [20, 15, 40],
  ])('of the slice at %d ms lets the thread be blocked for %d to %d ms', async (sliceMs, least, most) => {
    slide('slice', sliceMs);
    await start(500);
    expect(page.text('.longest')).toMatch(/^\d+ ms$/);
    const longestMs = Number.parseInt(page.text('.longest'), 10);
    expect(longestMs).toBeGreaterThanOrEqual(least);
    expect(longestMs).toBeLessThanOrEqual(most);
  });
});

describe('the waits of urgent tasks', () => {
  const urgent = (): number => sum(page.texts('.bin-count').map(Number));

  it('are probed ten times a second, and at each tap', async () => {
    await start(1050);
    const probed = urgent();
    expect(probed).toBeGreaterThanOrEqual(8);
    expect(probed).toBeLessThanOrEqual(11);
    for (let tap = 0; tap < 5; tap++) page.tap('.tap');
    await stage.host.advance(500);
    expect(urgent()).toBeGreaterThanOrEqual(probed + 5 + 3);
    expect(page.text('.tap-count')).toBe('5');
    expect(page.text('.tap-ms')).toMatch(/^\d+ ms$/);
  });

  it('are short while thousands of others wait', async () => {
    await start(1000);
    const [p50, p95, p99] = page.texts('.mark-value').map((text) => Number.parseInt(text, 10));
    expect(p50).toBeLessThanOrEqual(16);
    expect(p95).toBeGreaterThanOrEqual(p50!);
    expect(p99).toBeLessThanOrEqual(24);
  });
});

describe('cancelling', () => {
  it('takes out at once all that waits, which is no failure', async () => {
    await start(300);
    const done = counts('done');
    expect(waiting()).toBeGreaterThan(5000);
    page.tap('.button', 'Cancel');
    expect(waiting()).toBe(0);
    await stage.host.advance(0);
    expect(counts('queued')).toEqual([0, 0, 0]);
    expect(counts('lost').slice(1)).toEqual([4000 - counts('done')[1]!, 4000]);
    expect(sum(counts('done')) - sum(done)).toBeLessThan(500); // what ran since the figures were last shown
    expect(page.texts('.hint')[1]).toBe('Cancelled with an AbortError, which is no failure');
    expect(page.texts('.failure')).toEqual([]);
    stage.host.assertClean();
  });
});

describe('leaving in the middle', () => {
  it('cancels everything, and the next one who comes is told how much', async () => {
    await start(300);
    page.close();
    expect(waiting()).toBe(0);
    const again = await stage.open(path);
    expect(again.text('.left-en')).toMatch(/^Cancelled 7,\d\d\d when you left; 0 left in the queue$/);
    expect(counts('done', again)).toEqual([0, 0, 0]);
  });

  it('is told once, and not at all where nothing ran', async () => {
    await start(300);
    page.close();
    (await stage.open(path)).close();
    expect((await stage.open(path)).texts('.left')).toEqual([]);
  });

  it('gives the other pages the slices they had', async () => {
    slide('slice', 20);
    await start(100);
    page.close();
    expect(scheduler.stats().measuredMs).toBe(0);
    // For a second after a tap slices are shorter.
    await stage.host.advance(1100);
    scheduler.configure({ stats: true });
    for (let n = 0; n < 100; n++) scheduler.scheduleTask(() => stage.host.costMs(0.5));
    await stage.host.advance(200);
    const { longestBlockMs } = scheduler.stats();
    scheduler.configure({ stats: false });
    expect(longestBlockMs).toBeGreaterThan(4);
    expect(longestBlockMs).toBeLessThan(12);
  });
});

it('a hidden page paints and probes nothing, a shown one does again', async () => {
  await start(300);
  page.lifecycle('onHide');
  const done = counts('done');
  await stage.host.advance(500);
  expect(counts('done')).toEqual(done);
  page.lifecycle('onShow');
  await stage.host.advance(500);
  expect(sum(counts('done'))).toBeGreaterThan(sum(done));
});
