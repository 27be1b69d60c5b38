import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { requiredFiles } from './entries.js';
import { createRealm } from './realm.js';
import type { Realm } from './realm.js';

const { folder } = inject('packed');
const index = join(folder, 'miniprogram_dist/index.js');

/** The realm with `index` loaded, and the files that were evaluated since. */
function open(): { realm: Realm; lib: Record<string, unknown>; loaded: () => string[] } {
  const realm = createRealm();
  const lib = realm.load(index);
  return { realm, lib, loaded: () => realm.loaded().map((file) => basename(file, '.js')) };
}

describe('the entry of everything, on a device', () => {
  it('evaluates nothing but itself before a name is read', () => {
    expect(open().loaded()).toEqual(['index']);
  });

  it('evaluates what a name needs, and not the rest', () => {
    const { realm, lib, loaded } = open();
    realm.run('lib.scheduler', lib);
    const needed = requiredFiles(join(folder, 'miniprogram_dist/scheduler.js')).map((file) =>
      basename(file, '.js'),
    );
    const others = loaded().filter((name) => name !== 'index' && !needed.includes(name));
    expect(others).toEqual([]);
    expect(loaded().length).toBeLessThan(needed.length + 1);
  });

  it('has every name that the package has elsewhere, and each with a value', () => {
    const elsewhere = createRequire(join(folder, 'package.json'))('./dist/index.cjs') as object;
    const { lib } = open();
    expect(Object.keys(lib).sort()).toEqual(Object.keys(elsewhere).sort());
    for (const name of Object.keys(lib)) expect(lib[name], name).toBeDefined();
  });

  it('gives the same value each time, by a plain property after the first', () => {
    const { lib } = open();
    const { Chan } = lib;
    expect(lib['Chan']).toBe(Chan);
    expect(Object.getOwnPropertyDescriptor(lib, 'Chan')).toMatchObject({ value: Chan, enumerable: true });
  });

  it('gives values although somebody has frozen it', () => {
    const { lib } = open();
    Object.freeze(lib);
    expect(lib['go']).toBe(lib['go']);
    expect(typeof lib['go']).toBe('function');
  });

  it.each([
    ['a class of the DOM', 'return new lib.AbortController().signal.aborted === false;'],
    [
      'the clock of a routine',
      'return lib.go(function* () { yield lib.sleep(1); return 1; }).done.then((n) => n === 1);',
    ],
    ['a signal with a timer', 'return typeof lib.AbortSignal.timeout(1).aborted === "boolean";'],
    ['idle callbacks', 'return new Promise((done) => lib.requestIdleCallback(() => done(true)));'],
    ['the relief of memory', 'lib.memoryRelief.start(); return lib.memoryRelief.relieve(5) >= 0;'],
    ['the codec', 'return lib.structuredClone(new Map([[1, 2]])).get(1) === 2;'],
  ])('finds its host whatever is read first: %s', async (_what, program) => {
    const { realm, lib } = open();
    expect(await realm.run(program, lib)).toBe(true);
  });
});
