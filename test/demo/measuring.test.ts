import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
