import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenPage } from './mini-program.js';
import { createStage } from './stage.js';
import type { Stage } from './stage.js';

let stage: Stage;
let page: OpenPage;
beforeEach(async () => {
  stage = createStage();
  page = await stage.open('pages/channel/channel');
});
afterEach(() => {
  stage.close();
});

async function tap(text: string): Promise<void> {
  page.tap('.button', text);
  await stage.host.advance(200);
}

function lastSteps(count: number): string[] {
  return page.texts('.entry-text').slice(-count);
}

it('opens a channel whose other end is in the worker, which says hello', async () => {
  expect(page.text('.line-state')).toContain('Not open');
  await tap('Open channel');
  expect(page.text('.line-state')).toContain('Open');
  expect(lastSteps(2)).toEqual(['新通道，port1 已交给 Worker', '你好，我是 Worker。Hello from the worker.']);
  expect(page.texts('.failure')).toEqual([]);
});

it('sends text both ways', async () => {
  await tap('Open channel');
  await tap('Text');
  expect(lastSteps(2)).toEqual(['文字 Text: 第 1 条 message', '第 1 条 message ✓ 13 字 letters']);
  expect(page.text('.line-count')).toBe('→ 1   ← 2');
});

it('sends an ArrayBuffer both ways, and the checksums of both ends agree', async () => {
  await tap('Open channel');
  await tap('Bytes');
  expect(lastSteps(2)).toEqual(['ArrayBuffer 65536 B', 'ArrayBuffer 65536 B，校验一致 intact']);
  const [sent, answered] = page.texts('.entry-detail').slice(-2);
  const sum = /[0-9a-f]{8}/.exec(sent!)![0];
  expect(answered).toMatch(new RegExp(`there ${sum}, back [0-9a-f]{8}`));
});

describe('three ports on one pipe', () => {
  const counts = (): string[] => page.texts('.line-count');
  const states = (): string[] => page.texts('.line-state').map((text) => text.split(' ').slice(1).join(' '));

  it('are opened one by one, each with its own counts', async () => {
    page.tap('.line-of-B');
    await tap('Open channel');
    await tap('Text');
    expect(states()).toEqual(['Not open', 'Open', 'Not open']);
    expect(counts()).toEqual(['→ 0   ← 0', '→ 1   ← 2', '→ 0   ← 0']);
  });

  it('are closed one by one: the others go on', async () => {
    await tap('Open all');
    page.tap('.line-of-B');
    await tap('We close');
    await tap('Ten on each');
    expect(states()).toEqual(['Open', 'Closed', 'Open']);
    expect(counts()).toEqual(['→ 10   ← 11', '→ 0   ← 1', '→ 10   ← 11']);
    expect(page.texts('.failure')).toEqual([]);
  });

  it('keep the order of what was posted in turn on all of them', async () => {
    await tap('Open all');
    await tap('Ten on each');
    expect(lastSteps(1)).toEqual(['30 条返回，顺序一致 back, in order']);
  });
});

describe('closing', () => {
  it('by the other end is shown as an error with a code', async () => {
    await tap('Open channel');
    await tap('Peer closes');
    expect(page.text('.line-state')).toContain('Closed');
    expect(page.text('.failure-code')).toBe('ERR_PORT_CLOSED');
    expect(page.text('.failure-message')).toContain('The other end');
  });

  it('by us is seen by the other end', async () => {
    await tap('Open channel');
    page.tap('.close');
    await stage.host.advance(200);
    expect(page.text('.line-state')).toContain('Closed');
    expect(lastSteps(2)).toEqual(['已关闭 port2 We closed', 'Worker 看到端口关闭 The worker saw the close']);
    expect(page.texts('.failure')).toEqual([]);
  });

  it('leaves a page on which sending is an error and opening works again', async () => {
    await tap('Text');
    expect(page.text('.failure-code')).toBe('ERR_PORT_CLOSED');
    page.tap('.failure-retry');
    await stage.host.advance(200);
    await tap('Text');
    expect(page.texts('.failure')).toEqual([]);
    expect(lastSteps(1)).toEqual(['第 1 条 message ✓ 13 字 letters']);
  });
});

describe('a port handed on to the next page', () => {
  const count = (of: OpenPage, name: string): number => Number(of.text(`.count-${name}`));

  it('goes on there where it was, and comes back: no number is missing', async () => {
    await tap('Hand it over');
    expect(stage.visited).toEqual(['/pages/channel/reader']);
    const reader = await stage.open('pages/channel/reader'); // and waits for two seconds
    const there = count(reader, 'there');
    expect(there).toBeGreaterThanOrEqual(20);
    expect([count(reader, 'last'), count(reader, 'wrong')]).toEqual([count(page, 'here') + there - 1, 0]);

    reader.close();
    await stage.host.advance(1000);
    expect(count(page, 'there')).toBeGreaterThanOrEqual(there);
    expect(count(page, 'here')).toBeGreaterThanOrEqual(9);
    expect(count(page, 'last')).toBe(count(page, 'here') + count(page, 'there') - 1);
    expect(count(page, 'wrong')).toBe(0);
  });

  it('can be handed on again', async () => {
    for (let time = 0; time < 3; time++) {
      await tap('Hand it over');
      (await stage.open('pages/channel/reader')).close();
      await stage.host.advance(300);
    }
    expect(count(page, 'last')).toBe(count(page, 'here') + count(page, 'there') - 1);
    expect(count(page, 'there')).toBeGreaterThan(60);
    expect(count(page, 'wrong')).toBe(0);
  });

  it('is closed when both pages go, and the worker stops counting', async () => {
    await tap('Hand it over');
    const reader = await stage.open('pages/channel/reader');
    reader.close();
    page.close();
    await stage.host.advance(300);
    expect(stage.host.armed().timer).toBe(0);
  });

  it('tells there that the worker ended', async () => {
    await tap('Hand it over');
    const reader = await stage.open('pages/channel/reader');
    (stage.app.require('services/crew') as { stopCrew(): void }).stopCrew();
    await stage.host.advance(100);
    expect(reader.text('.failure-code')).toBe('ERR_PORT_CLOSED');
    expect(stage.host.armed().timer).toBe(0);
  });

  it('is asked for on a page that was opened without one', async () => {
    const reader = await stage.open('pages/channel/reader');
    expect(reader.text('.none')).toContain('from the channel page');
  });
});

it('tells that the worker cannot be started', async () => {
  stage.close();
  stage = createStage({ worker: false });
  page = await stage.open('pages/channel/channel');
  await tap('Open channel');
  expect(page.text('.failure-code')).toBe('ERR_WORKER_START');
  expect(stage.written.splice(0)).toEqual([expect.stringContaining('workers/index.js')]);
});

it('tells that the worker died while the channel was open', async () => {
  await tap('Open channel');
  stage.host.workers[0]!.kill(new Error('out of memory'));
  await stage.host.advance(200);
  expect(page.text('.line-state')).toContain('Closed');
  expect(page.text('.failure-code')).toBe('ERR_PORT_CLOSED');
  expect(stage.warned).toEqual([expect.stringContaining('out of memory')]);
});

it('clears its log', async () => {
  await tap('Open channel');
  page.tap('.note', 'Clear');
  expect(page.texts('.entry')).toEqual([]);
  await tap('Text');
  expect(page.texts('.entry')).toHaveLength(2);
});
