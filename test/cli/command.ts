/** Runs the command of the packed package in a project made for one test, as a user would. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject, onTestFinished } from 'vitest';

const { folder } = inject('packed');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
  version: string;
};

export const version = manifest.version;
export const runtime = readFileSync(join(folder, 'miniprogram_dist/worker.js'), 'utf8');
export const runtimeWithGo = readFileSync(join(folder, 'miniprogram_dist/worker-go.js'), 'utf8');

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own, which ends with the test. */
export interface Project {
  readonly root: string;
  /** @param from the folder in which the user stands */
  run(args: string, env?: Readonly<Record<string, string>>, from?: string): Run;
  read(file: string): string;
  write(file: string, content: string | object): void;
  modifiedAt(file: string): number;
  /** All files, with `/` between the parts. */
  files(): string[];
}

/** @param files their content, an object as JSON; a name that ends in `/` is an empty folder */
export function createProject(files: Readonly<Record<string, string | object>>): Project {
  const root = mkdtempSync(join(tmpdir(), 'mp-lanes-cli-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const project: Project = {
    root,
    run(args, env = {}, from = '') {
      const command = join(folder, manifest.bin['mp-lanes']!);
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [command, ...args.split(' ').filter((each) => each !== '')],
        {
          cwd: join(root, from),
          encoding: 'utf8',
          timeout: 20_000,
          env: { PATH: process.env['PATH'], ...env },
        },
      );
      return { code: status, out: stdout, err: stderr };
    },
    read: (file) => readFileSync(join(root, file), 'utf8'),
    write(file, content) {
      const path = join(root, file);
      mkdirSync(dirname(path), { recursive: true });
      if (file.endsWith('/')) mkdirSync(path, { recursive: true });
      else writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    },
    modifiedAt: (file) => statSync(join(root, file)).mtimeMs,
    files: () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort(),
  };
  for (const [file, content] of Object.entries(files)) project.write(file, content);
  return project;
}

/** The smallest native project: nothing is left to do in it. */
export const native = {
  'app.json': { pages: ['pages/index'], workers: 'workers' },
  'project.config.json': { compileType: 'miniprogram' },
  'package.json': { private: true },
  'workers/index.js': '',
};
