/** The examples of both readmes, taken from them as they stand and run on the packed package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { describe, expect, inject, it } from 'vitest';
import { asDocumented, bootDevice } from './device.js';
import type { Lib, WorkerLib } from './device.js';

const { folder, root } = inject('packed');
const english = examplesOf('README.md');
const chinese = examplesOf('README.zh-CN.md');

function examplesOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return Array.from(text.matchAll(/```js\n([\s\S]*?)```/g), ([, code = '']) => code.replace(/^ {3}/gm, ''));
}

/** Runs a file of a mini-program; `lib` is whatever it requires. Counts in it are made small: it is tried, not timed. */
function run(code: string, lib: object, Page: (page: object) => void = () => undefined): void {
  const quick = code.replace(/\b([15])0{6,}\b/g, '$1000');
  const file = compileFunction(quick, ['require', 'Page', 'console']) as (...globals: unknown[]) => void;
  file(() => lib, Page, { log: () => undefined });
}

interface ExamplePage {
  data: Record<string, unknown>;
  setData(data: object): void;
  onLoad(): Promise<void>;
  onUnload(): void;
}

function pageOf(code: string, lib: Lib): ExamplePage {
  const data: Record<string, unknown> = {};
  let page: object = {};
  run(code, lib, (given) => {
    page = given;
  });
  return Object.assign(page, {
    data,
    setData: (more: object) => Object.assign(data, more),
  }) as object as ExamplePage;
}

describe('the examples of the readme', () => {
  it('are the same in both languages, but for comments and what is shown', () => {
    const bare = (examples: string[]) => examples.map((code) => code.replace(/ *\/\/.*$|'[^'\n]*'/gm, ''));
    expect(bare(chinese)).toEqual(bare(english));
    expect(english).toHaveLength(4);
  });

  it.each([
    ['English', english],
    ['Chinese', chinese],
  ])('work when pasted (%s)', async (_language, [sliced = '', worker = '', page = '', channel = '']) => {
    const { lib } = bootDevice(
      folder,
      (workerLib: WorkerLib) => {
        run(worker, workerLib);
        workerLib.self.addEventListener('message', (event: object) => {
          const { data } = event as { data: { type?: string; port: { close(): void } } };
          if (data.type === 'connect') data.port.close();
        });
      },
      asDocumented,
    );
    const counting = pageOf(sliced, lib);
    await counting.onLoad();
    expect(counting.data['sum']).toBeCloseTo(21097.456, 2);

    const calling = pageOf(page, lib);
    await calling.onLoad();
    expect(calling.data).toEqual({ percent: 80, sum: expect.closeTo(235666.698, 2) as number });
    calling.onUnload();

    // The worker of the page lives on; a second one is refused, and that is what the example's channel then meets.
    run(channel, {
      ...lib,
      Worker: class {
        postMessage() {}
      },
    });
  });
});
