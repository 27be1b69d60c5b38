import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Worker } from '../../src/index.js';
import type { OpenPage } from './mini-program.js';
import { createStage, defineWorker } from './stage.js';
import type { Stage } from './stage.js';

interface Crew {
  getCrew(): { worker: Worker; filters: { whole(...args: unknown[]): Promise<void> } };
}

let stage: Stage;
beforeEach(() => {
  stage = createStage();
});
afterEach(() => {
  stage.close();
});

function type(page: OpenPage, value: string): void {
  page.send('input', '.search-input', { value });
}

async function search(page: OpenPage, value: string): Promise<string[]> {
  type(page, value);
  await stage.host.advance(1000);
  return page.texts('.result-name');
}

describe('loading', () => {
  it('fetches the cities in parts, a few at a time, and says how many there are', async () => {
    const page = await stage.open('pages/city/city');
    expect(stage.requests).toEqual({ count: 5, most: 4 });
    expect(page.text('.results .note')).toContain('12,000');
    expect(page.texts('.loading')).toEqual([]);
  });

  it('shows its progress meanwhile', async () => {
    const page = stage.app.open('pages/city/city');
    expect(page.text('.loading')).toContain('0%');
    await stage.host.advance(50);
    expect(page.text('.loading')).toMatch(/20%/);
    await stage.host.advance(1000);
    page.close();
  });

  it('says that the service cannot be reached, and goes on where it was when told to', async () => {
    const { answer } = stage;
    stage.answer = (url) => (url.searchParams.get('offset') === '5000' ? null : answer(url));
    const page = await stage.open('pages/city/city');
    expect(page.text('.failure-code')).toBe('ERR_SERVICE_UNREACHABLE');
    expect(page.text('.failure-title')).toContain('连不上服务');
    expect(page.texts('.loading')).toEqual([]);

    stage.answer = answer;
    const before = stage.requests.count;
    page.tap('.failure-retry');
    await stage.host.advance(1000);
    expect(page.texts('.failure')).toEqual([]);
    expect(stage.requests.count).toBe(before + 1);
    expect(page.text('.results .note')).toContain('12,000');
  });

  it('says that the answer is no JSON', async () => {
    stage.answer = () => ({ statusCode: 200, data: '{"total": 1, "ci' });
    const page = await stage.open('pages/city/city');
    expect(page.text('.failure-code')).toBe('ERR_SERVICE_JSON');
    expect(page.text('.failure-message')).toContain('"ci');
  });

  it('says that the service refused', async () => {
    stage.answer = () => ({ statusCode: 400, data: { code: 'ERR_BAD_PARAMETER', message: 'no such part' } });
    const page = await stage.open('pages/city/city');
    expect(page.text('.failure-code')).toBe('ERR_SERVICE_STATUS');
    expect(page.text('.failure-message')).toContain('no such part');
  });
});

describe.each(['Blocking', 'Sliced', 'Worker'])('searching, %s', (way) => {
  it('shows the best cities, ranked and highlighted', async () => {
    const page = await stage.open('pages/city/city');
    page.tap('.way', way);
    expect((await search(page, 'shang')).slice(0, 2)).toEqual(['Shanghai', 'Shangyu']);
    expect(page.text('.result-hit')).toBe('Shang');
    expect(page.text('.result-country')).toBe('中国 China');
    expect(page.text('.result-people')).toBe('22,315,474');
    expect(page.texts('.result').length).toBeLessThanOrEqual(20);
    expect(page.text('.results .note')).toContain('匹配 matches');
  });

  it('writes into its row of the table', async () => {
    const page = await stage.open('pages/city/city');
    page.tap('.way', way);
    await search(page, 'shang');
    const row = page.texts('.table-row').find((text) => text.includes(way))!;
    expect(row).toMatch(/\d+ ms/);
    const others = page.texts('.table-row').filter((text) => !text.includes(way) && !text.includes('Way'));
    expect(others.join(' ')).not.toMatch(/\d+ ms/);
  });

  it('clears the list with the text', async () => {
    const page = await stage.open('pages/city/city');
    page.tap('.way', way);
    await search(page, 'shang');
    expect(await search(page, '')).toEqual([]);
    expect(page.text('.results-none')).toContain('Type to search');
    expect(await search(page, 'zzzzzzzz')).toEqual([]);
    expect(page.text('.results-none')).toContain('Nothing found');
  });
});

describe('typing on', () => {
  it.each(['Sliced', 'Worker'])('stops the search before: %s', async (way) => {
    const page = await stage.open('pages/city/city');
    page.tap('.way', way);
    await search(page, 'x'); // the worker has its cities now
    type(page, 'shang');
    await stage.host.advance(5);
    type(page, 'münch');
    await stage.host.advance(1000);
    expect(page.text('.result-hit')).toBe('Munich');
    expect(page.texts('.failure')).toEqual([]);
  });

  it('gives the same result in every way', async () => {
    const page = await stage.open('pages/city/city');
    const results: string[][] = [];
    for (const way of ['Blocking', 'Sliced', 'Worker']) {
      page.tap('.way', way);
      for (const text of ['s', 'san fr', 'shnaghai', '德国']) results.push(await search(page, text));
    }
    expect(results.slice(4, 8)).toEqual(results.slice(0, 4));
    expect(results.slice(8)).toEqual(results.slice(0, 4));
    expect(results.every((found) => found.length > 0)).toBe(true);
  });
});

describe('the button', () => {
  it('counts, and tells how long the answer took', async () => {
    const page = await stage.open('pages/city/city');
    page.tap('.tap');
    page.tap('.tap');
    await stage.host.advance(50);
    expect(page.text('.tap-count')).toBe('2');
    expect(page.text('.tap-ms')).toBe('16 ms'); // the next frame
  });

  it('is answered while a search in slices runs', async () => {
    const page = await stage.open('pages/city/city');
    type(page, 'shang');
    await stage.host.runTurn();
    page.tap('.tap');
    expect(page.text('.tap-count')).toBe('1');
    expect(page.texts('.result')).toEqual([]);
    await stage.host.advance(1000);
    expect(page.texts('.result').length).toBeGreaterThan(0);
  });
});

describe('the worker', () => {
  it('that does not exist is told with a code, and retried', async () => {
    stage.close();
    stage = createStage({ worker: false });
    const page = await stage.open('pages/city/city');
    page.tap('.way', 'Worker');
    expect(await search(page, 'shang')).toEqual([]);
    expect(page.text('.failure-code')).toBe('ERR_WORKER_START');
    expect(stage.written.splice(0)).toEqual([expect.stringContaining('workers/index.js')]);

    defineWorker(stage.host);
    page.tap('.failure-retry');
    await stage.host.advance(1000);
    expect(page.texts('.failure')).toEqual([]);
    expect(page.text('.result-name')).toBe('Shanghai');
  });

  it('that dies in the middle of a search is replaced by one that is given the cities and searches again', async () => {
    const page = await stage.open('pages/city/city');
    page.tap('.way', 'Worker');
    await search(page, 'x');
    type(page, 'shang');
    await stage.host.advance(1);
    stage.host.workers[0]!.kill(new Error('out of memory'));
    await stage.host.advance(2000);
    expect(page.texts('.failure')).toEqual([]);
    expect(page.text('.result-name')).toBe('Shanghai');
    expect(page.text('.results .note')).toContain('匹配 matches');
    expect(stage.host.workers).toHaveLength(2);
    expect(stage.warned).toEqual([expect.stringContaining('out of memory')]);
  });

  it('that dies while it is given the cities is given all of them again', async () => {
    const page = await stage.open('pages/city/city');
    type(page, 'shang');
    page.tap('.way', 'Worker');
    await stage.until(() => page.texts('.loading').some((text) => /[46]0%/.test(text)));
    stage.host.workers[0]!.kill();
    await stage.host.advance(2000);
    expect(page.texts('.failure')).toEqual([]);
    expect(page.texts('.loading')).toEqual([]);
    expect((await search(page, 'shang')).slice(0, 2)).toEqual(['Shanghai', 'Shangyu']);
  });

  it('that dies under each try of a search is told with a code, and searches when asked again', async () => {
    const page = await stage.open('pages/city/city');
    page.tap('.way', 'Worker');
    await search(page, 'x');
    const { worker } = (stage.app.require('services/crew') as Crew).getCrew();
    const kill = (): void => stage.host.workers.at(-1)!.kill();
    const killWhatIsReady = (): void => {
      if (worker.state === 'ready') kill();
    };
    worker.addEventListener('statechange', killWhatIsReady);
    type(page, 'shang');
    kill();
    await stage.until(() => page.texts('.failure-code').length > 0);
    expect(page.text('.failure-code')).toBe('ERR_WORKER_LOST');
    expect(stage.host.workers.length).toBeGreaterThan(2);

    worker.removeEventListener('statechange', killWhatIsReady);
    page.tap('.failure-retry');
    await stage.host.advance(2000);
    expect(page.texts('.failure')).toEqual([]);
    expect(page.text('.result-name')).toBe('Shanghai');
  });

  it('lets a search go ahead of a picture that it filters', async () => {
    stage.close();
    stage = createStage({ rowMs: 10 });
    const page = await stage.open('pages/city/city');
    page.tap('.way', 'Worker');
    await search(page, 'x');
    const { filters } = (stage.app.require('services/crew') as Crew).getCrew();
    const picture = { pixels: new ArrayBuffer(4 * 4 * 300), width: 4, height: 300 };
    let filtered = false;
    filters.whole(picture, { filter: 'smooth', radius: 4 }, () => undefined).then(() => (filtered = true));
    await stage.host.advance(100);
    await search(page, 'shang');
    expect(page.text('.result-name')).toBe('Shanghai');
    expect(filtered).toBe(false);
    await stage.host.advance(4000);
    expect(filtered).toBe(true);
  });
});

it('a hidden page measures nothing, a shown one does again', async () => {
  const page = await stage.open('pages/city/city');
  page.lifecycle('onHide');
  await stage.host.advance(1000);
  expect(stage.host.armed().timer).toBe(0);
  page.lifecycle('onShow');
  expect(stage.host.armed().timer).toBe(1);
});

it('leads to the pages of the scheduler, the worker and the routines', async () => {
  const page = await stage.open('pages/city/city');
  expect(page.texts('.entry-name')).toEqual(['调度 Scheduler', '线程 Worker', '例程 Routines']);
  const entries = Array.from(page.element.querySelectorAll('.entry'));
  expect(entries.map((entry) => entry.getAttribute('url'))).toEqual([
    '/pages/scheduler/scheduler',
    '/pages/worker/worker',
    '/pages/routines/routines',
  ]);
});
