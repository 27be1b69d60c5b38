/** The examples of the guide, taken from it as they stand. */
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as lanes from '../../src/index.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

function examplesOf(file: string): string[] {
  const text = readFileSync(`docs/${file}`, 'utf8');
  return Array.from(text.matchAll(/```[jt]s\n([\s\S]*?)```/g), ([, code = '']) => code);
}

const english = examplesOf('page-scope.md');
const chinese = examplesOf('page-scope.zh-CN.md');
const spaceless = (code: string): string => code.replace(/\s+/g, '');

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});
afterEach(() => {
  host.assertClean();
  uninstall();
});

/** Runs an example; gives what it registered. */
function run(code: string): Record<string, unknown> {
  const registered: Record<string, unknown> = {};
  const file = compileFunction(code, ['require', 'Page', 'Component', 'Behavior', 'console']);
  const register = (definition: object) => void Object.assign(registered, definition);
  file(
    () => lanes,
    register,
    register,
    (definition: object) => definition,
    { log: host.note.bind(host) },
  );
  return registered;
}

const tap = { type: 'tap', currentTarget: {} };

describe('the guide to tasks of a page', () => {
  it('has the same examples in both languages, but for comments', () => {
    const bare = (examples: string[]): string[] => examples.map((code) => code.replace(/ *\/\/.*$/gm, ''));
    expect(bare(chinese)).toEqual(bare(english));
    expect(english).toHaveLength(5);
  });

  it('has a page that sums its rows, and says nothing when it goes meanwhile', async () => {
    const data: Record<string, unknown> = {};
    const page = Object.assign(run(english[0]!), { setData: (more: object) => Object.assign(data, more) });
    const call = (name: string, ...args: unknown[]): unknown =>
      (page as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
    call('onLoad', {});
    await host.runUntilIdle();
    const tapped = call('onTap', tap);
    await host.runUntilIdle();
    await tapped;
    expect(data).toEqual({ total: 3 });

    const late = call('onTap', tap);
    call('onUnload');
    await expect(late).resolves.toBe(undefined);
    await host.runUntilIdle();
  });

  it('has a component that answers a tap', async () => {
    const { behaviors, methods } = run(english[1]!) as {
      behaviors: [lanes.TaskBehavior];
      methods: Record<string, () => void>;
    };
    const owner = { triggerEvent: (name: string) => host.note(name) } as lanes.TaskOwner;
    behaviors[0].lifetimes.created.call(owner);
    methods['onTap']!.call(owner);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['choose']);
  });

  it('has a scope without a page, whose task is cancelled', async () => {
    run(english[3]!);
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual([]);
  });

  it('has the types that are compiled in `types/app.ts`', () => {
    const [, cast = ''] = english[4]!.split('export ');
    expect(spaceless(readFileSync('test/page/types/app.ts', 'utf8')).replaceAll(',>', '>')).toContain(
      spaceless(cast).replaceAll(',>', '>'),
    );
  });
});
