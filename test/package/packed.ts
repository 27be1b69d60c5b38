/** Packs the project once and unpacks it where the tests of this folder look: they see what a user would get. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

/** Where things are, for `inject('packed')`. */
export interface Packed {
  /** The repository. */
  readonly root: string;
  /** The tarball as `npm pack` wrote it. */
  readonly tarball: string;
  /** A project with nothing but `node_modules/mp-lanes`. */
  readonly project: string;
  /** The unpacked package: `node_modules/mp-lanes` of `project`. */
  readonly folder: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    packed: Packed;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Builds if a source is newer than what was built, so that a single test may be run without thinking of it. */
function buildIfStale(): void {
  const manifest = join(root, '.cache/build/modules.json');
  const configuration = ['package.json', 'rollup.config.mjs', 'rollup.internal-names.mjs'].map(
    (name) => statSync(join(root, name)).mtimeMs,
  );
  const sources = [newestIn(join(root, 'src')), ...configuration];
  if (existsSync(manifest) && statSync(manifest).mtimeMs > Math.max(...sources)) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}

export default function setup(project: TestProject): () => void {
  buildIfStale();
  const temporary = mkdtempSync(join(tmpdir(), 'mp-lanes-packed-'));
  const consumer = join(temporary, 'project');
  const folder = join(consumer, 'node_modules/mp-lanes');
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', temporary],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const described = JSON.parse(packed) as unknown;
  // npm 10 and 11 give an array, later ones may give an object keyed by name.
  const [{ filename }] = Object.values(described as Record<string, { filename: string }>) as [
    { filename: string },
  ];
  const tarball = join(temporary, filename);
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  project.provide('packed', { root, tarball, project: consumer, folder });
  return () => rmSync(temporary, { recursive: true, force: true });
}
