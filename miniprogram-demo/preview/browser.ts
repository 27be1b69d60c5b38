/**
 * A browser for `--check` and `--screenshots`: the one named by `CHROME_PATH`, one of the system's, or the Chromium that
 * the npm package `@sparticuz/chromium` carries, unpacked once into a cache folder.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** What discovery looks at; a test gives its own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  exists(path: string): boolean;
}

/** Where a browser is and what it needs. */
export interface FoundBrowser {
  readonly path: string;
  readonly source: 'CHROME_PATH' | 'system' | 'package';
}

const here: Surroundings = { env: process.env, platform: process.platform, exists: existsSync };

const unixNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const windowsPaths = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** Headless, on any machine. The package's own flags (single process) break workers. */
const headlessFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-dev-shm-usage',
  '--no-first-run',
];
/** For pictures that are the same everywhere. */
const pictureFlags = ['--hide-scrollbars', '--font-render-hinting=none'];

/**
 * The browser of the machine, `null` where it has none.
 * @throws Error when `CHROME_PATH` names a file that does not exist
 */
export function findBrowser({ env, platform, exists }: Surroundings = here): FoundBrowser | null {
  const named = env['CHROME_PATH'];
  if (named !== undefined && named !== '') {
    if (!exists(named)) throw new Error(`CHROME_PATH is ${named}, where there is no file`);
    return { path: named, source: 'CHROME_PATH' };
  }
  const path = candidates(env, platform).find((each) => exists(each));
  return path === undefined ? null : { path, source: 'system' };
}

function candidates(env: Surroundings['env'], platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(env['HOME'] ?? '', 'Applications')];
    return folders.flatMap((folder) => macApps.map((app) => `${folder}/${app}.app/Contents/MacOS/${app}`));
  }
  if (platform === 'win32') {
    const folders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']];
    return folders.flatMap((folder) =>
      folder === undefined ? [] : windowsPaths.map((path) => `${folder}\\${path}`),
    );
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return unixNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Starts a headless browser with `flags` besides those that it needs; close it when done. */
export async function launchBrowser(flags: readonly string[] = pictureFlags): Promise<Browser> {
  const args = [...headlessFlags, ...flags];
  const found = findBrowser();
  if (found !== null) return chromium.launch({ executablePath: found.path, args });
  const { path, env } = await packagedBrowser();
  return chromium.launch({
    executablePath: path,
    args,
    env: { ...process.env, ...env } as Record<string, string>,
  });
}

/** Unpacks the package's Chromium, and the libraries that a bare machine lacks (`libnss3` and its like). */
export async function packagedBrowser(
  cache = cacheFolder(),
): Promise<{ path: string; env: Record<string, string> }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No browser found. Install Chrome, Chromium or Edge, or set CHROME_PATH to one.');
  }
  const packed = packageFolder();
  const path = await unpackFile(join(packed, 'chromium.br'), join(cache, 'chromium'));
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : await packagedFonts(packed, cache);
  if (hasLibraries(path, {})) return { path, env: fonts };
  const libraries = join(await unpackFolder(join(packed, 'al2023.tar.br'), join(cache, 'al2023')), 'lib');
  const env = {
    ...fonts,
    LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH']]
      .filter((each) => each !== undefined)
      .join(delimiter),
  };
  if (!hasLibraries(path, env)) throw new Error(missingLibraries(path, env));
  return { path, env };
}

function packageFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  return join(dirname(entry), '..', '..', 'bin');
}

/** One folder a version of the package: `~/.cache/mp-lanes-preview/147.0.0`. */
function cacheFolder(): string {
  const base =
    process.env['XDG_CACHE_HOME'] ?? (existsSync(homedir()) ? join(homedir(), '.cache') : tmpdir());
  return join(base, 'mp-lanes-preview', packageVersion());
}

function packageVersion(): string {
  const text = readFileSync(join(packageFolder(), '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Unpacks beside the target and renames, so that a half-written file is never used, also with two starts at once. */
async function unpackFile(from: string, to: string): Promise<string> {
  if (existsSync(to)) return to;
  await mkdir(dirname(to), { recursive: true });
  const partial = `${to}.${String(process.pid)}`;
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(partial));
  await chmod(partial, 0o755);
  await rename(partial, to);
  return to;
}

async function unpackFolder(from: string, to: string): Promise<string> {
  if (existsSync(to)) return to;
  const partial = `${to}.${String(process.pid)}`;
  await mkdir(partial, { recursive: true });
  await untar(from, partial);
  await rename(partial, to).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  });
  return to;
}

/** The system's `tar`, which every Linux has, unpacks what we decompress for it. */
async function untar(from: string, to: string): Promise<void> {
  const archive = `${to}.tar`;
  try {
    await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(archive));
    execFileSync('tar', ['-xf', archive, '-C', to]);
  } finally {
    await rm(archive, { force: true });
  }
}

/** Without any font of the system Chromium needs one all the same, beside the web fonts of the preview. */
async function packagedFonts(packed: string, cache: string): Promise<Record<string, string>> {
  const folder = await unpackFolder(join(packed, 'fonts.tar.br'), join(cache, 'fonts'));
  const file = join(folder, 'preview-fonts.conf');
  const config = `<fontconfig><dir>${folder}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>\n`;
  await writeFile(file, `<?xml version="1.0"?>\n${config}`);
  return { FONTCONFIG_FILE: file };
}

function hasLibraries(path: string, env: Record<string, string>): boolean {
  return missingFrom(path, env).length === 0;
}

function missingFrom(path: string, env: Record<string, string>): string[] {
  let output = '';
  try {
    output = execFileSync('ldd', [path], { encoding: 'utf8', env: { ...process.env, ...env } });
  } catch {
    // No ldd, nothing to say: the browser itself will.
  }
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

function missingLibraries(path: string, env: Record<string, string>): string {
  return `Chromium needs shared libraries that are not here: ${missingFrom(path, env).join(', ')}. Install Chrome or Chromium, or set CHROME_PATH.`;
}
