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
  await stage.host.advance(100);
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
    await stage.host.advance(100);
    expect(page.text('.line-state')).toContain('Closed');
    expect(lastSteps(2)).toEqual(['已关闭 port2 We closed', 'Worker 看到端口关闭 The worker saw the close']);
    expect(page.texts('.failure')).toEqual([]);
  });

  it('leaves a page on which sending is an error and opening works again', async () => {
    await tap('Text');
    expect(page.text('.failure-code')).toBe('ERR_PORT_CLOSED');
    page.tap('.failure-retry');
    await stage.host.advance(100);
    await tap('Text');
    expect(page.texts('.failure')).toEqual([]);
    expect(lastSteps(1)).toEqual(['第 1 条 message ✓ 13 字 letters']);
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
  await stage.host.advance(100);
  expect(page.text('.line-state')).toContain('Closed');
  expect(page.text('.failure-code')).toBe('ERR_PORT_CLOSED');
  expect(stage.written.splice(0)).toEqual([expect.stringContaining('out of memory')]);
});

it('clears its log', async () => {
  await tap('Open channel');
  page.tap('.note', 'Clear');
  expect(page.texts('.entry')).toEqual([]);
  await tap('Text');
  expect(page.texts('.entry')).toHaveLength(2);
});
