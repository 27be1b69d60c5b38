/** `npm run typecheck`: every TypeScript project of the repository, by its own tsconfig.json or jsconfig.json. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const skipped = new Set([
  'node_modules',
  'miniprogram_npm',
  'fixture',
  'consumer',
  'dist',
  'miniprogram_dist',
]);

function* projectsIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* projectsIn(path);
    else if (/^(tsconfig|jsconfig)\.json$/.test(entry.name)) yield path;
  }
}

let failed = 0;
for (const project of projectsIn(root)) {
  const { status } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', project], { stdio: 'inherit' });
  if (status !== 0) failed++;
  console.log(`  ${status === 0 ? 'ok    ' : 'FAILED'} ${relative(root, project)}`);
}
process.exitCode = failed === 0 ? 0 : 1;
