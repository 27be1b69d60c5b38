import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenPage } from './mini-program.js';
import { createStage } from './stage.js';
import type { Stage } from './stage.js';

const messages = 256;

let stage: Stage;
let page: OpenPage;
beforeEach(async () => {
  stage = createStage();
  page = await stage.open('pages/channel/flow');
});
afterEach(() => {
  stage.close();
});

async function tap(selector: string, text: string, ms = 300): Promise<void> {
  page.tap(selector, text);
  await stage.host.advance(ms);
}

function count(name: string): number {
  return Number(page.text(`.count-${name}`).replaceAll(',', ''));
}

/** Percent of the bar: what is under way, and what waits. */
function levels(): [number, number] {
  const width = (selector: string): number =>
    Number.parseFloat(page.element.querySelector<HTMLElement>(selector)!.style.width);
  return [width('.tank-under'), width('.tank-fill')];
}

describe('throughput', () => {
  it('counts what comes back each second, and how few messages of the pipe carry it', async () => {
    await tap('.go', 'Start', 3000);
    expect(count('rate')).toBeGreaterThan(10_000);
    expect(count('rate') / count('posts')).toBeCloseTo(200, -1);
    expect(count('wrong')).toBe(0);
  });

  it('follows the chosen size of a burst', async () => {
    await tap('.choice', '20', 0);
    expect(page.text('.choice-on')).toBe('20');
    await tap('.go', 'Start', 3000);
    expect(count('rate') / count('posts')).toBeCloseTo(20, 0);
  });

  it('stops, and then draws on only until the chart is empty', async () => {
    await tap('.go', 'Start', 1000);
    await tap('.go', 'Stop', 12_000);
    expect(count('rate')).toBe(0);
    page.tap('.tap');
    await stage.host.advance(100);
    expect(page.text('.tap-count')).toBe('1');
    expect(stage.host.armed().timer).toBe(0);
  });

  it('pauses while the page is hidden', async () => {
    await tap('.go', 'Start', 1000);
    page.lifecycle('onHide');
    await stage.host.advance(100);
    expect(page.text('.go')).toContain('Start');
  });
});

describe('back-pressure', () => {
  it('with a reader that is paused: 4 MiB under way, the rest waits here, and all of it arrives in order', async () => {
    await tap('.choice', 'Paused');
    await tap('.ship', 'Send', 2000);
    expect([count('sent'), count('read')]).toEqual([messages, 0]);
    const [under, fill] = levels();
    expect(under).toBeGreaterThanOrEqual(25);
    expect(under).toBeLessThan(26);
    expect(under + fill).toBeCloseTo(100, 0);

    await tap('.choice', 'Fast', 1000);
    expect([count('sent'), count('read'), count('misread')]).toEqual([messages, messages, 0]);
    expect(levels()).toEqual([0, 0]);
    expect(count('lows')).toBe(1);
  });

  it('with a polite sender: never more than one message waits, and it goes on when there is room', async () => {
    await tap('.choice', 'Polite');
    await tap('.choice', 'Paused');
    await tap('.ship', 'Send', 2000);
    expect(count('sent')).toBe(65);
    expect(levels()[1]).toBeLessThan(1);

    await tap('.choice', 'Slow', 8000);
    expect([count('sent'), count('read'), count('misread')]).toEqual([messages, messages, 0]);
    expect(count('most')).toBeLessThanOrEqual(0.1);
    expect(count('lows')).toBeGreaterThan(5);
  });

  it('with a reader that is slow: the bar grows, and empties by itself', async () => {
    await tap('.ship', 'Send', 1000);
    expect(levels()[1]).toBeGreaterThan(10);
    await stage.host.advance(4000);
    expect([count('read'), count('misread')]).toEqual([messages, 0]);
    expect(levels()).toEqual([0, 0]);
  });

  it('can be paused in the middle, as often as one likes', async () => {
    await tap('.ship', 'Send', 500);
    for (const pace of ['Paused', 'Fast', 'Paused', 'Slow']) await tap('.choice', pace, 150);
    await tap('.choice', 'Paused', 300);
    const read = count('read');
    await stage.host.advance(1000);
    expect(count('read')).toBe(read);
    await tap('.choice', 'Fast', 2000);
    expect([count('read'), count('misread')]).toEqual([messages, 0]);
  });

  it('keeps no other port waiting: the stream goes on', async () => {
    await tap('.choice', 'Paused');
    await tap('.ship', 'Send', 2000);
    await tap('.go', 'Start', 2000);
    expect(count('rate')).toBeGreaterThan(10_000);
    expect([count('read'), count('wrong')]).toEqual([0, 0]);
  });

  it('a sender who becomes keen in the middle waits no longer', async () => {
    await tap('.choice', 'Polite');
    await tap('.choice', 'Paused');
    await tap('.ship', 'Send', 1000);
    await tap('.choice', 'Keeps on', 2000);
    expect(count('sent')).toBe(messages);
  });
});

it('ships again, and counts anew', async () => {
  await tap('.choice', 'Fast');
  await tap('.ship', 'Send', 3000);
  await tap('.ship', 'Send', 400);
  expect(count('sent')).toBeLessThan(messages);
  await stage.host.advance(3000);
  expect([count('sent'), count('read'), count('misread')]).toEqual([messages, messages, 0]);
});

it('tells that the worker died, and starts another on retry', async () => {
  await tap('.go', 'Start', 1000);
  stage.host.workers[0]!.kill(new Error('out of memory'));
  await stage.host.advance(100);
  expect(page.text('.failure-code')).toBe('ERR_PORT_CLOSED');
  expect(stage.warned).toEqual([expect.stringContaining('out of memory')]);
  page.tap('.failure-retry');
  await stage.host.advance(200);
  await tap('.go', 'Start', 3000);
  expect(page.texts('.failure')).toEqual([]);
  expect(count('rate')).toBeGreaterThan(10_000);
  expect(count('wrong')).toBe(0);
});

it('tells that the worker cannot be started', async () => {
  stage.close();
  stage = createStage({ worker: false });
  page = await stage.open('pages/channel/flow');
  await tap('.go', 'Start', 200);
  expect(page.text('.failure-code')).toBe('ERR_WORKER_START');
  expect(stage.written.splice(0)).toEqual([expect.stringContaining('workers/index.js')]);
});
