import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStage } from './stage.js';
import type { Stage } from './stage.js';

interface Meter {
  createBlockWatch(onBlock: (ms: number) => void): {
    start(): void;
    stop(): void;
    closely(on: boolean): void;
  };
  createEventClock(): (event: { timeStamp: number }) => number;
  percentile(values: readonly number[], p: number): number | null;
}
interface Chart {
  createChart(page: object, selector: string): Promise<((points: readonly object[]) => void) | null>;
}

interface Painter {
  createPainter(page: object): { paint(values: object): void; flush(): void; stop(): void };
}
interface Waits {
  createWaits(): { add(ms: number): void; clear(): void; figures(): Record<string, string | number> };
}
interface Chunks {
  checksum(start: number, length: number): number;
  measureSpeed(): number;
  workFor(ms: number): void;
}

let stage: Stage;
let meter: Meter;
beforeEach(() => {
  stage = createStage();
  meter = stage.app.require('services/meter') as Meter;
});
afterEach(() => {
  stage.close();
});

describe('the block watch', () => {
  it('tells by how much a timer came late', async () => {
    const blocks: number[] = [];
    const watch = meter.createBlockWatch((ms) => blocks.push(ms));
    watch.start();
    await stage.host.advance(20);
    expect(blocks).toEqual([0, 0]);
    stage.host.time.setTimer(() => {
      stage.host.costMs(100);
    }, 3); // the tick is due a millisecond after
    await stage.host.advance(120);
    expect(Math.max(...blocks)).toBe(99);
    watch.stop();
  });

  it('ticks between two slices where it watches closely', async () => {
    const blocks: number[] = [];
    const watch = meter.createBlockWatch((ms) => blocks.push(ms));
    watch.start();
    watch.closely(true);
    let slices = 0;
    const slice = (): void => {
      if (++slices === 10) watch.closely(false);
      else stage.host.time.setTimer(slice, 0); // in line before it works, as the scheduler's
      stage.host.costMs(6);
    };
    slice();
    await stage.host.advance(100);
    expect(Math.max(...blocks)).toBe(6);
    blocks.length = 0;
    await stage.host.advance(80);
    expect(blocks).toHaveLength(10);
    watch.stop();
  });

  it('tells a block with which the close watching ended', async () => {
    const blocks: number[] = [];
    const watch = meter.createBlockWatch((ms) => blocks.push(ms));
    watch.start();
    await stage.host.advance(3);
    watch.closely(true);
    stage.host.costMs(70);
    watch.closely(false);
    await stage.host.advance(20);
    expect(Math.max(...blocks)).toBe(70);
    watch.stop();
  });

  it('arms nothing any more once it is stopped, even if asked to look closely', async () => {
    const watch = meter.createBlockWatch(() => undefined);
    watch.start();
    await stage.host.advance(50);
    watch.stop();
    watch.closely(true);
    expect(stage.host.armed().timer).toBe(0);
  });
});

describe('the event clock', () => {
  it('counts from the event that waited least, whatever the zero of the view is', async () => {
    const since = meter.createEventClock();
    const viewZero = 5000;
    const at = (ms: number): { timeStamp: number } => ({ timeStamp: ms - viewZero });
    await stage.host.advance(6000);
    expect(since(at(stage.host.time.now() - 2))).toBe(0); // 2 ms are the way of every event
    await stage.host.advance(100);
    expect(since(at(stage.host.time.now() - 52))).toBe(50);
    expect(since(at(stage.host.time.now()))).toBe(0);
    expect(since(at(stage.host.time.now() - 52))).toBe(52);
  });
});

describe('percentile', () => {
  it.each([
    [[], 0.5, null],
    [[7], 0.99, 7],
    [[3, 1, 2], 0.5, 2],
    [[3, 1, 2], 1, 3],
    [[3, 1, 2], 0, 1],
  ])('of %j at %d is %s', (values: number[], p, wanted) => {
    expect(meter.percentile(values, p)).toBe(wanted);
  });
});

describe('the painter', () => {
  const painted: { at: number; values: object }[] = [];
  let painter: ReturnType<Painter['createPainter']>;
  beforeEach(async () => {
    painted.length = 0;
    await stage.host.advance(1000);
    const setData = (values: object): void => void painted.push({ at: stage.host.time.now(), values });
    painter = (stage.app.require('services/painter') as Painter).createPainter({ setData });
  });

  it('paints at once, then ten times a second at most, and the last of what it was given', async () => {
    const start = stage.host.time.now();
    for (let ms = 0; ms < 1000; ms += 5) {
      painter.paint({ count: ms });
      await stage.host.advance(5);
    }
    await stage.host.advance(100);
    expect(painted.map(({ at }) => at - start)).toEqual([
      0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000,
    ]);
    expect(painted.at(-1)!.values).toEqual({ count: 995 });
  });

  it('paints only what has changed, and nothing where nothing has', async () => {
    painter.paint({ 'batches[0].done': 1, 'batches[1].done': 1 });
    await stage.host.advance(200);
    painter.paint({ 'batches[0].done': 2, 'batches[1].done': 1 });
    await stage.host.advance(200);
    painter.paint({ 'batches[0].done': 2, 'batches[1].done': 1 });
    await stage.host.advance(200);
    expect(painted.map(({ values }) => values)).toEqual([
      { 'batches[0].done': 1, 'batches[1].done': 1 },
      { 'batches[0].done': 2 },
    ]);
  });

  it('paints at once what waits when it is told to, and never again what it was stopped with', async () => {
    painter.paint({ count: 1 });
    painter.paint({ count: 2 });
    painter.flush();
    expect(painted.map(({ values }) => values)).toEqual([{ count: 1 }, { count: 2 }]);
    painter.paint({ count: 3 });
    painter.stop();
    await stage.host.advance(500);
    expect(painted).toHaveLength(2);
  });
});

describe('the waits', () => {
  it('are counted in bins that double, each with its end, and drawn by the highest', () => {
    const waits = (stage.app.require('services/waits') as Waits).createWaits();
    for (const ms of [0, 1, 1.5, 2, 3, 3, 3, 4, 16, 17, 1000]) waits.add(ms);
    const figures = waits.figures();
    const of = (part: string): unknown[] =>
      Array.from({ length: 8 }, (_, bin) => figures[`bins[${String(bin)}].${part}`]);
    expect(of('count')).toEqual([2, 2, 4, 0, 1, 1, 0, 1]);
    expect(of('height')).toEqual([50, 50, 100, 0, 25, 25, 0, 25]);
    expect(figures).toMatchObject({ p50: '3 ms', p95: '1000 ms', p99: '1000 ms' });
    waits.clear();
    expect(waits.figures()).toMatchObject({ 'bins[2].count': 0, 'bins[2].height': 0, p50: '–' });
  });
});

describe('the chunks', () => {
  it('are as long as they are said to be, and go round', () => {
    const { checksum } = stage.app.require('services/chunks') as Chunks;
    expect(checksum(0, 0)).toBe(0x811c9dc5);
    expect(checksum(65_536 + 7, 100)).toBe(checksum(7, 100));
    expect(checksum(65_500, 100)).not.toBe(checksum(65_500, 99));
    expect(checksum(65_500, 100)).toBe(checksum(131_036, 100));
  });

  it('become more when the device turns out to be faster, up to the time that they shall take', () => {
    const { measureSpeed, workFor } = stage.app.require('services/chunks') as Chunks;
    let readings = 0;
    let readingsAMs = 10;
    let ms = 0;
    const clock = vi.spyOn(stage.host.time, 'now').mockImplementation(() => {
      readings++;
      return (ms += 1 / readingsAMs) | 0;
    });
    const piecesIn = (costMs: number): number => {
      const before = readings;
      workFor(costMs);
      return readings - before;
    };
    measureSpeed();
    expect(piecesIn(1)).toBeLessThanOrEqual(10);
    readingsAMs = 100;
    for (let task = 0; task < 100; task++) workFor(1);
    expect(piecesIn(1)).toBeGreaterThanOrEqual(99);
    expect(piecesIn(1)).toBeLessThanOrEqual(101);
    expect(piecesIn(0.25)).toBeLessThanOrEqual(26);
    clock.mockRestore();
  });

  it('have a speed even where the clock stands still', () => {
    const { measureSpeed } = stage.app.require('services/chunks') as Chunks;
    expect(measureSpeed()).toBeGreaterThan(0);
  });
});

describe('the chart', () => {
  async function draw(points: readonly object[]): Promise<string[]> {
    const drawn: string[] = [];
    const draws = await (stage.app.require('services/chart') as Chart).createChart(
      pageWith(contextInto(drawn)),
      '#chart',
    );
    draws?.(points);
    return drawn;
  }

  it('draws a bar for a block, red if it is longer than a frame, and a dot for a tap', async () => {
    const at = stage.host.time.now() - 100;
    const short = await draw([{ kind: 'block', at, ms: 4 }]);
    const long = await draw([{ kind: 'block', at, ms: 40 }]);
    const tap = await draw([{ kind: 'tap', at, ms: 40 }]);
    const empty = await draw([]);
    expect(short.length).toBe(empty.length + 1);
    expect(long.at(-1)).toContain('#f0655a');
    expect(short.at(-1)).not.toContain('#f0655a');
    expect(tap.at(-1)).toMatch(/^dot/);
  });

  it('chooses a scale on which the longest fits, and leaves out what is too old', async () => {
    const now = stage.host.time.now();
    expect(await draw([{ kind: 'block', at: now, ms: 130 }])).toContain('text 200');
    expect(await draw([{ kind: 'block', at: now, ms: 9000 }])).toContain('text 9000');
    expect(await draw([{ kind: 'block', at: now - 11_000, ms: 9000 }])).toContain('text 50');
  });

  it('is none where there is no canvas', async () => {
    const chart = stage.app.require('services/chart') as Chart;
    expect(await chart.createChart(pageWith(null), '#chart')).toBeNull();
  });
});

/** A page whose canvas has this context. */
function pageWith(context: object | null): object {
  const node = context === null ? null : { getContext: () => context };
  const query = {
    select: () => query,
    fields: () => query,
    exec: (callback: (found: object[]) => void) => {
      callback([{ node, width: 200, height: 100 }]);
    },
  };
  return { createSelectorQuery: () => query };
}

/** A context that writes down what is drawn. */
function contextInto(drawn: string[]): object {
  return {
    fillStyle: '',
    scale: () => undefined,
    clearRect: () => undefined,
    beginPath: () => undefined,
    fill: () => undefined,
    fillText: (text: string) => drawn.push(`text ${text}`),
    arc: () => drawn.push('dot'),
    fillRect(this: { fillStyle: string }) {
      drawn.push(`rect ${this.fillStyle}`);
    },
  };
}
