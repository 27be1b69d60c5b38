import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { entryNames } from './entries.js';
import { createRealm, engineFloor, frozenIntrinsics, withoutGlobalThis } from './realm.js';

const { root, folder } = inject('packed');
const names = entryNames(root);
const fileOf = (name: string): string => join(folder, 'miniprogram_dist', `${name}.js`);

const realms = [
  ['a realm of ECMAScript, timers and console', ''],
  ['a realm whose globalThis is null', withoutGlobalThis],
  ['a realm of frozen intrinsics', frozenIntrinsics],
  ['a realm as old as the engine floor', engineFloor],
] as const;

/** What is used first of each entry; every program gives a promise of `true`. */
const programs: Readonly<Record<string, string>> = {
  index: 'return lib.scheduler.postTask(() => 21 * 2).then((answer) => answer === 42);',
  scheduler: `
    const controller = new lib.TaskController({ priority: 'background' });
    const aborted = lib.scheduler.postTask(() => 0, { signal: controller.signal }).catch((error) => error.name);
    lib.scheduler.configure({ sliceMs: { background: 3 }, maxQueued: 10, stats: true });
    controller.abort();
    return lib.scheduler.postTask(function* () { yield; return 1; }).then((one) =>
      aborted.then((name) => {
        const { priorities, ...rest } = lib.scheduler.stats();
        const { waitMs, ...counts } = priorities['user-visible'];
        const names = [rest, counts, waitMs].map((each) => Object.keys(each).sort().join());
        return one === 1 && name === 'AbortError' && counts.run === 1 && priorities.background.cancelled === 1 &&
          names[0] === 'longestBlockMs,measuredMs,slices' && names[2] === 'p50,p95,p99' &&
          names[1] === 'cancelled,expired,queued,refused,run,runMs,waiting,yields';
      }));`,
  page: `
    const page = lib.withTasks({ onTap() { return this.tasks.postTask(function* () { yield; return 1; }); } });
    page.onLoad({});
    return page.onTap({ type: 'tap', currentTarget: {} }).then((one) => {
      const waiting = page.tasks.postTask(() => 0).catch((error) => error.name);
      page.onUnload();
      return waiting.then((name) => one === 1 && name === 'AbortError');
    });`,
  channel: `
    const { port1, port2 } = new lib.MessageChannel();
    return new Promise((resolve) => {
      port2.onmessage = (event) => { port2.close(); resolve(event.data.list[0] === 7); };
      port1.postMessage({ list: [7] });
    });`,
  testing:
    'const host = lib.createVirtualHost(); return Promise.resolve(typeof host.advance === "function");',
};

describe.each(realms)('in %s', (_realm, prepare) => {
  it.each(names)('the entry %s loads', (name) => {
    const exported = createRealm({ prepare }).load(fileOf(name));
    expect(Object.keys(exported).length).toBeGreaterThan(0);
  });

  it.each(names.filter((name) => name in programs))('the entry %s does its work', async (name) => {
    const realm = createRealm({ prepare });
    expect(await realm.run(programs[name]!, realm.load(fileOf(name)))).toBe(true);
  });
});

describe('importing', () => {
  it.each(names)('%s installs no global and arms no timer', async (name) => {
    const realm = createRealm();
    const before = realm.globals();
    realm.load(fileOf(name));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(realm.globals()).toEqual(before);
    expect(realm.armed).toEqual([]);
  });

  it.each(names)('%s leaves the built-in prototypes as they were', (name) => {
    const realm = createRealm();
    const members =
      'return ["Object", "Function", "Array", "String", "Promise", "Error", "Map", "Set", "Symbol"].map((n) => ' +
      'this[n] || eval(n)).map((C) => Reflect.ownKeys(C).concat(Reflect.ownKeys(C.prototype)).map(String).join());';
    const before = realm.run(members, {});
    realm.load(fileOf(name));
    expect(realm.run(members, {})).toEqual(before);
  });
});

describe('a class keeps its name through minification', () => {
  it.each(names)('in %s', (name) => {
    const exported = createRealm().load(fileOf(name));
    const classes = Object.entries(exported).filter(
      ([key, value]) => typeof value === 'function' && /^[A-Z]/.test(key) && 'prototype' in value,
    );
    expect(classes.map(([, value]) => (value as { name: string }).name)).toEqual(classes.map(([key]) => key));
  });
});
