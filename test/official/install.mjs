/** Installs WeChat's own tool apart from the other dependencies, from its own lock file. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** Gives the folder that has the tool in its `node_modules`; installs it if the lock file is not the one installed. */
export function installOfficialTool() {
  const folder = join(root, '.cache/official');
  const installed = join(folder, 'installed-lock.json');
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return folder;
  console.log('installing miniprogram-ci into .cache/official (276 MB, once) …');
  mkdirSync(folder, { recursive: true });
  rmSync(installed, { force: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(here, name), join(folder, name));
  // No install script is needed: what it compiles with is prebuilt.
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(installed, lock);
  return folder;
}
