/** A source tree of its own, on which the configurations of this repository are run as they are. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a checker said: the names of the broken rules with the file each was broken in. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

interface DependencyReport {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

interface LintReport {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

/** Plants `files` (path under `src/` to content) in a temporary folder. */
export function plantTree(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mp-lanes-layers-'));
  copyFileSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'src', path)), { recursive: true });
    writeFileSync(join(folder, 'src', path), content);
  }
  return folder;
}

export function removeTree(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** What dependency-cruiser finds in the tree. */
export function cruise(folder: string): Finding[] {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, [bin, '--config', config, '-T', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as DependencyReport;
  return summary.violations.map(({ from, rule }) => ({ rule: rule.name, file: from, message: '' }));
}

/** What ESLint finds in the tree. */
export function lint(folder: string): Finding[] {
  const bin = join(root, 'node_modules/eslint/bin/eslint.js');
  const config = join(root, '.eslint.config.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [bin, '--config', config, '-f', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as LintReport[]).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message }) => ({
      rule: ruleId ?? 'fatal',
      file: filePath.slice(filePath.indexOf('src/')),
      message,
    })),
  );
}

/** The files of `src/` that git knows or would add. */
export function sourceFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => path !== '');
}
