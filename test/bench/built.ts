/** What is measured: the build of this repository, and what it was built from. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from './terminal.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The newest change below a folder, as epoch milliseconds. */
function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

/**
 * Builds where there is no build, or one that is older than its sources: figures of something else than what is there are worse
 * than none.
 * @throws Error where that fails
 */
export function ensureBuild(): void {
  const built = join(root, 'dist/index.js');
  if (existsSync(built) && newest(join(root, 'src')) <= statSync(built).mtimeMs) return;
  print('src/ is newer than what was built from it: npm run build …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('There is nothing to measure: npm run build failed.');
}

export function builtVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The commit that is checked out, with a `+` where a file was changed since; `''` outside of git. */
export function checkedOutCommit(): string {
  const git = (...args: string[]): string =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short=12', 'HEAD');
  return commit !== '' && git('status', '--porcelain', '--untracked-files=no') !== '' ? `${commit}+` : commit;
}
