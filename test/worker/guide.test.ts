/** The examples of the guide, taken from it as they stand. */
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as lanes from '../../src/index.js';
import { Stage, echoing, file } from './stage.js';

const stage = Stage.perTest();

function examplesOf(name: string): string[] {
  const text = readFileSync(`docs/${name}`, 'utf8');
  return Array.from(text.matchAll(/```js\n([\s\S]*?)```/g), ([, code = '']) => code);
}

const english = examplesOf('worker.md');
const chinese = examplesOf('worker.zh-CN.md');
const [first = '', reload = '', shared = '', workerFile = '', inline = '', lease = '', subpackage = ''] =
  english;

interface Ran {
  readonly worker: lanes.Worker;
  readonly exports: unknown;
  readonly page: Record<string, () => void>;
}

/** Runs an example; `modules` are what it may require beside `mp-lanes`, `globals` what it finds. */
function run(
  code: string,
  modules: Record<string, unknown> = {},
  globals: Record<string, unknown> = {},
): Ran {
  const module = { exports: undefined as unknown };
  const page = {};
  const scope: Record<string, unknown> = {
    module,
    require: (name: string) => (name === 'mp-lanes' ? lanes : modules[name]),
    Page: (definition: object) => Object.assign(page, definition),
    console: { log: (...values: unknown[]) => stage.host.note(values.join(' ')) },
    ...globals,
  };
  const end = code.includes('const worker =') ? '\nreturn worker;' : '';
  const compiled = compileFunction(code + end, Object.keys(scope)) as (...values: unknown[]) => lanes.Worker;
  return { worker: compiled(...Object.values(scope)), exports: module.exports, page };
}

describe('the guide to workers', () => {
  it('has the same examples in both languages, but for comments', () => {
    const bare = (examples: string[]): string[] => examples.map((code) => code.replace(/ *\/\/.*$/gm, ''));
    expect(bare(chinese)).toEqual(bare(english));
    expect(english).toHaveLength(7);
  });

  it('has a worker that tells its states, messages and errors', async () => {
    stage.define(echoing());
    const { worker } = run(first);
    expect(await stage.heard()).toEqual(['ready', '1,hello']);
    stage.thread.kill();
    expect((await stage.heard())[1]).toContain('died');
    await stage.end(worker);
  });

  it('tells each thread what it must know', async () => {
    stage.define((scope) => (scope.onmessage = ({ data }) => stage.host.note(JSON.stringify(data))));
    const worker = new lanes.Worker(file);
    run(reload, {}, { worker, cities: ['Oslo'] });
    const load = '{"type":"load","cities":["Oslo"]}';
    expect(await stage.heard()).toEqual([load]);
    stage.thread.kill();
    worker.postMessage('search');
    expect(await stage.heard()).toEqual([load, '"search"']);
    await stage.end(worker);
  });

  it('has code that runs in a worker and without one', async () => {
    const api = run(shared).exports;
    const modules = { './shared/api.js': api };
    stage.define((self) => void run(workerFile, { ...modules, './mp-lanes/worker.js': { self } }));
    for (const state of ['ready', 'inline']) {
      if (state === 'inline')
        stage.host.failStarts(1, new lanes.WorkerStartError('ERR_HOST_CAPABILITY', 'no workers'));
      const { worker } = run(inline, modules);
      stage.hear(worker);
      worker.postMessage('four');
      await stage.host.runUntilIdle();
      expect([worker.state, stage.host.takeLog()]).toEqual([state, ['got 4']]);
      await stage.end(worker);
    }
  });

  it('has pages that share a worker', async () => {
    stage.define((scope) => (scope.onmessage = ({ data }) => stage.host.note(String(data))));
    const pages = [run(lease).page, run(lease).page];
    for (const page of pages) page['onLoad']!();
    expect(await stage.heard()).toEqual(['hello', 'hello']);
    expect(stage.host.workers).toHaveLength(1);
    pages[0]!['onUnload']!();
    expect(stage.thread.live).toBe(true);
    pages[1]!['onUnload']!();
    expect(stage.thread.live).toBe(false);
    await stage.heard();
  });

  it('hears of a subpackage on its way', async () => {
    stage.define(echoing());
    let tell: Parameters<NonNullable<typeof stage.host.threads.fetchSubpackage>> | null = null;
    stage.host.threads.fetchSubpackage = (...args) => void (tell = args);
    const { worker } = run(subpackage);
    const [url, onProgress, onEnd] = tell!;
    onProgress(1, 2);
    onEnd(null);
    expect([url, await stage.heard(), worker.state]).toEqual([file, ['1 2'], 'ready']);
    await stage.end(worker);
  });
});
