/** Sources by their paths, requests for `cold.mjs`, and what a process of it found. In Node alone. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { peerFiles } from './subjects.js';
import type { Subject } from './subjects.js';

/** What a process of `cold.mjs` prints. */
export interface Outcome {
  readonly ms: number;
  /** What was evaluated. */
  readonly files: readonly string[];
  /** How many exports were read. */
  readonly touched: number;
  /** How many exports each entry has. */
  readonly exported: readonly number[];
}

export interface Size {
  readonly files: number;
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/** What of esbuild is used. It cannot be bundled, so it is required where it lies. */
interface Minifier {
  transformSync(
    code: string,
    options: { readonly minify: boolean; readonly target: string },
  ): { readonly code: string };
}

const runFile = promisify(execFile);

/** The repository, of which this suite's bundle lies in `test/bench/.cache/`. */
const root = join(dirname(process.argv[1] ?? '.'), '../../..');
const script = join(root, 'test/bench/suites/startup/cold.mjs');
const requests = join(root, 'test/bench/.cache/startup');

/** All that could be required: ours as it is shipped, which is minified; the peers' minified here, as an app's build does. */
export function readSources(kind: Subject['kind']): Record<string, string> {
  const sources: Record<string, string> = {};
  if (kind === 'own') {
    const folder = join(root, 'miniprogram_dist');
    for (const name of readdirSync(folder)) sources[name] = readFileSync(join(folder, name), 'utf8');
    return sources;
  }
  const { transformSync } = createRequire(join(root, 'package.json'))('esbuild') as Minifier;
  for (const [name, file] of Object.entries(peerFiles)) {
    const code = readFileSync(join(root, file), 'utf8');
    sources[name] = transformSync(code, { minify: true, target: 'es2017' }).code;
  }
  return sources;
}

/** Writes what a process is to do. @returns the file */
export function writeRequest(
  { name, entries, touches, inWorker }: Subject,
  sources: Record<string, string>,
): string {
  mkdirSync(requests, { recursive: true });
  const file = join(requests, `${name.replace(/\W+/g, '-')}.json`);
  writeFileSync(file, JSON.stringify({ sources, entries, touches, inWorker }));
  return file;
}

/** One cold start in a new process. @throws (rejects) Error where it fails, with what it printed */
export async function startCold(request: string, flags: readonly string[]): Promise<Outcome> {
  const { stdout } = await runFile(process.execPath, [...flags, script, request], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout) as Outcome;
}

/** Of all that was evaluated, in one text, as `test/package/sizes.test.ts` counts it. */
export function sizeOf(files: readonly string[], sources: Readonly<Record<string, string>>): Size {
  const code = files.map((file) => sources[file] ?? '').join('\n');
  return {
    files: files.length,
    minifiedBytes: Buffer.byteLength(code),
    gzippedBytes: gzipSync(code, { level: 9 }).length,
  };
}
