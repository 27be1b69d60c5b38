/**
 * The bundles for devices have short names where nobody sees them (`rollup.internal-names.mjs`). What is seen is held
 * against the bundles for bundlers, which have all names as they were written.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { asDocumented, bootDevice, bundleOf } from './device.js';
import { entryNames } from './entries.js';
import { createRealm } from './realm.js';

const { root, folder } = inject('packed');
const entries = entryNames(root);

/** The shape of a value: its members, those of its prototype if it is a class, each with its kind, arity and name. */
function shapeOf(value: unknown): Map<string, string> {
  const shape = new Map<string, string>();
  const describeMember = (property: PropertyDescriptor): string => {
    const { get, set, value: member, enumerable } = property;
    if (get !== undefined || set !== undefined) return `${String(enumerable)} ${get?.name} ${set?.name}`;
    if (typeof member !== 'function') return `${String(enumerable)} ${typeof member}`;
    const { name, length } = member as { name: string; length: number };
    return `${String(enumerable)} function ${name} ${length}`;
  };
  const add = (prefix: string, holder: object): void => {
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(holder)))
      shape.set(`${prefix}${key}`, describeMember(property));
  };
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return shape;
  add('.', value);
  // A function that is no constructor may have become an arrow, which has none.
  shape.delete('.prototype');
  const { prototype } = value as { prototype?: object };
  if (prototype !== undefined && Object.keys(prototype).length > 0) add('#', prototype);
  return shape;
}

/** Names that the published types call private. */
function privateNames(entry: string): Set<string> {
  const met = new Set<string>();
  const names = new Set<string>();
  const read = (file: string): void => {
    if (met.has(file)) return;
    met.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/^\s*private (?:readonly )?(?:get )?(\w+)/gm)) names.add(name!);
    for (const [, path] of text.matchAll(/from '(\.[^']+)\.js'/g)) read(join(file, '..', `${path!}.d.ts`));
  };
  read(join(folder, 'dist', `${entry}.d.ts`));
  return names;
}

describe('what is public has the name that the source gives it', () => {
  it.each(entries)('in %s', (entry) => {
    const short = createRealm().load(bundleOf(folder, 'miniprogram_dist', entry));
    const long = createRealm().load(bundleOf(folder, 'dist', entry));
    expect(Object.keys(short).sort()).toEqual(Object.keys(long).sort());
    const hidden = privateNames(entry);
    for (const name of Object.keys(long)) {
      const shape = shapeOf(short[name]);
      for (const [member, description] of shapeOf(long[name]))
        if (!hidden.has(member.slice(1)))
          expect([name, member, shape.get(member)]).toEqual([name, member, description]);
    }
  });

  it.each(['miniprogram_dist', 'dist'] as const)('down to the fields of errors, in %s', async (flavour) => {
    const realm = createRealm();
    const lib = realm.load(bundleOf(folder, flavour, 'index'));
    const program = `
      const fields = (error) => Object.getOwnPropertyNames(error).filter((key) => key !== 'stack').sort().join();
      const error = new lib.WorkerStartError('ERR_WORKER_START', 'no', { cause: 1, value: 2 });
      return lib.scheduler.postTask(() => 0, { priority: 'none' }).catch((thrown) =>
        [fields(error), error.name, error.code, error.cause, error.value, fields(thrown), thrown.code].join(' '));`;
    expect(await realm.run(program, lib)).toBe(
      'cause,code,message,value WorkerStartError ERR_WORKER_START 1 2 code,message ERR_UNKNOWN_PRIORITY',
    );
  });
});

describe('what crosses to the worker is named alike in both kinds of bundles', () => {
  it.each([
    ['dist', 'miniprogram_dist'],
    ['miniprogram_dist', 'dist'],
  ] as const)('from %s to %s', async (logic, inWorker) => {
    const { lib } = bootDevice(
      folder,
      ({ expose }) =>
        void expose({
          echo: (value: unknown) => value,
          async visit(each: (n: number) => Promise<void>) {
            await each(1);
            throw Object.assign(new RangeError('too far'), { code: 'E_FAR', cause: new TypeError('why') });
          },
        }),
      asDocumented,
      '',
      [logic, inWorker],
    );
    const worker = new lib.Worker('workers/index.js');
    const api = lib.wrap<{ echo(value: unknown): unknown; visit(each: (n: number) => void): void }>(worker);
    const value = { map: new Map([[1, new Set(['a'])]]), bytes: new Uint8Array([1, 2]), when: new Date(5) };
    const echoed = (await api.echo(value)) as typeof value;
    expect([echoed.map.get(1)?.has('a'), Array.from(echoed.bytes), echoed.when.getTime()]).toEqual([
      true,
      [1, 2],
      5,
    ]);
    const seen: number[] = [];
    await expect(api.visit((n) => seen.push(n))).rejects.toMatchObject({
      name: 'RangeError',
      message: 'too far',
      code: 'E_FAR',
      cause: { name: 'TypeError', message: 'why' },
    });
    expect(seen).toEqual([1]);
    worker.terminate();
  });
});
