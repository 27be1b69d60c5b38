import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, inject, it } from 'vitest';
import { entryNames, specifierOf } from './entries.js';

const { root, folder, tarball } = inject('packed');

it('publint finds nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg as never))).toEqual([]);
});

it('every entry has the right types under every condition', async () => {
  const packed = createPackageFromTarballData(readFileSync(tarball));
  const entrypoints = entryNames(root).map((name) => specifierOf(name).replace('mp-lanes', '.'));
  const checked = await checkPackage(packed, { entrypoints });
  if (checked.types === false) expect.unreachable('the package has no types');
  // Node before 12 knew no `exports`: there the types are found (typesVersions), the code of a subpath is not.
  const problems = checked.problems.filter(
    (problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  );
  expect(problems).toEqual([]);
  for (const entrypoint of entrypoints) {
    const { resolutions } = checked.entrypoints[entrypoint]!;
    for (const kind of ['node16-cjs', 'node16-esm', 'bundler'] as const) {
      expect([entrypoint, kind, resolutions[kind].resolution?.isTypeScript]).toEqual([
        entrypoint,
        kind,
        true,
      ]);
    }
  }
});
