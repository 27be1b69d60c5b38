/**
 * What only the benchmarks need: the libraries that ours is measured beside. They have a lock file of their own and are
 * installed beside this file when something first asks for them, and again when the lock file has changed; `npm ci` in the
 * root does without. Run by itself (`node --import tsx test/bench/peers.ts`) it installs them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One process's part in it, replaced by tests. */
export interface Installer {
  /** Runs `npm ci` in `folder`; `null` when that went well, else what it said. */
  install(this: void, folder: string): string | null;
  say(this: void, text: string): void;
}

const here = fileURLToPath(new URL('.', import.meta.url));

const npm: Installer = {
  install(folder) {
    // On Windows npm is a script, which only a shell can start.
    const { status, stdout, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    return status === 0 ? null : (error?.message ?? `${stdout}${stderr}`.trim());
  },
  say: (text) => void process.stderr.write(`${text}\n`),
};

/**
 * Installs the peers unless those of the present lock file are there.
 * @throws Error that says what npm said, and what to do
 */
export function installPeers(folder = here, { install, say }: Installer = npm): void {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  // `npm ci` begins with removing the folder, so this goes with what it vouches for.
  const installed = join(folder, 'node_modules/.installed-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  say('installing what is measured beside us into test/bench/node_modules (npm ci, once) …');
  const failure = install(folder);
  if (failure !== null) {
    throw new Error(
      `The libraries that the benchmarks compare with could not be installed: npm ci in test/bench failed.\n${failure}`,
    );
  }
  writeFileSync(installed, lock);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPeers();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
