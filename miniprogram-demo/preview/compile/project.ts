/** A mini-program on disk, read and compiled anew each time it is asked for: nothing is watched, a reload is enough. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AppConfig, ComponentConfig, Manifest } from '../shared/manifest.js';
import { resolveFrom } from '../shared/path.js';
import { apiNames } from './api-names.js';
import { toCommonJs, wrapModule } from './script.js';
import { compileStyle } from './style.js';
import { compileTemplates } from './template.js';
import type { CompiledTemplates, SourceFile } from './template.js';

/** Opens the mini-program whose `app.json` is in `root`. */
export function openProject(root: string): Project {
  if (!existsSync(join(root, 'app.json')))
    throw new Error(`No mini-program here: ${join(root, 'app.json')} does not exist`);
  return new Project(root);
}

/** The compiled pieces of one mini-program. */
export class Project {
  constructor(readonly root: string) {}

  /** What the threads need to know beforehand. */
  manifest(): Omit<Manifest, 'ext'> {
    const app = this.readJson<AppConfig>('app.json');
    const workersFolder = folderSetting(app.workers);
    const scripts = this.scripts();
    const inWorkers = (path: string): boolean => workersFolder !== '' && path.startsWith(`${workersFolder}/`);
    const components = this.components(app);
    return {
      app,
      scripts: scripts.filter((path) => !inWorkers(path)),
      workerScripts: scripts.filter(inWorkers),
      workersFolder,
      components,
      scopes: scopesOf(components),
      apiNames: apiNames(),
    };
  }

  /** One wrapped script; `path` ends in `.js` also where the source is TypeScript. `null` where there is none. */
  async script(path: string, strict: boolean): Promise<string | null> {
    const source = [path, path.replace(/\.js$/, '.ts')].find((each) => this.has(each));
    if (source === undefined || !/\.[jt]s$/.test(source)) return null;
    return wrapModule(path, await toCommonJs(source, this.read(source)), strict);
  }

  /** All templates. */
  templates(): CompiledTemplates {
    return compileTemplates(this.sources(/\.(?:wxml|wxs)$/));
  }

  /** The styles of one page: the app's, its own, and those of every component it can contain. */
  pageStyle(page: string): string {
    const manifest = this.manifest();
    const used = componentsUsedBy(page, manifest);
    return [
      compileStyle('app.wxss', this.readStyle),
      ...used.map((path) => compileStyle(`${path}.wxss`, this.readStyle, manifest.scopes[path])),
      compileStyle(`${page}.wxss`, this.readStyle),
    ].join('\n');
  }

  /** The bytes of an asset such as an image; `null` where there is none or the path leaves the folder. */
  asset(path: string): Buffer | null {
    const safe = resolveFrom('', path);
    return this.has(safe) ? readFileSync(join(this.root, safe)) : null;
  }

  private readonly readStyle = (path: string): string | null => (this.has(path) ? this.read(path) : null);

  private components(app: AppConfig): Record<string, ComponentConfig> {
    const found: Record<string, ComponentConfig> = {};
    const visit = (path: string): void => {
      if (path in found) return;
      const config = this.has(`${path}.json`) ? this.readJson<ComponentConfig>(`${path}.json`) : {};
      found[path] = { ...config, usingComponents: resolveUses(path, config.usingComponents) };
      Object.values(found[path].usingComponents ?? {}).forEach(visit);
    };
    Object.values(resolveUses('app', app.usingComponents)).forEach(visit);
    app.pages.forEach(visit);
    return found;
  }

  private scripts(): string[] {
    return this.files(/(?<!\.d)\.[jt]s$/).map((path) => path.replace(/\.ts$/, '.js'));
  }

  private sources(pattern: RegExp): SourceFile[] {
    return this.files(pattern).map((path) => ({ path, text: this.read(path) }));
  }

  private files(pattern: RegExp): string[] {
    const all = readdirSync(this.root, { recursive: true, encoding: 'utf8' });
    const paths = all.map((path) => path.replaceAll('\\', '/')).filter((path) => pattern.test(path));
    return paths.filter((path) => !/(?:^|\/)node_modules\//.test(path) && this.has(path)).sort();
  }

  private has(path: string): boolean {
    return statSync(join(this.root, path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  private read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  private readJson<T>(path: string): T {
    try {
      return JSON.parse(this.read(path)) as T;
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
    }
  }
}

function folderSetting(workers: AppConfig['workers']): string {
  const folder = typeof workers === 'object' ? workers.path : workers;
  return (folder ?? '').replace(/^\/|\/$/g, '');
}

function resolveUses(from: string, uses: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(uses).map(([tag, path]) => [tag, resolveFrom(from, path)]));
}

/** Each component has a style scope of its own, named by a number and the file's name, for who reads the tree. */
function scopesOf(components: Readonly<Record<string, ComponentConfig>>): Record<string, string> {
  const paths = Object.keys(components).filter((path) => components[path]?.component === true);
  const nameOf = (path: string): string => (path.split('/').at(-1) ?? '').replace(/[^\w-]/g, '');
  return Object.fromEntries(paths.map((path, index) => [path, `c${String(index + 1)}-${nameOf(path)}`]));
}

function componentsUsedBy(page: string, manifest: Omit<Manifest, 'ext'>): string[] {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    Object.values(manifest.components[path]?.usingComponents ?? {}).forEach(visit);
  };
  Object.values(resolveUses('app', manifest.app.usingComponents)).forEach(visit);
  visit(page);
  return [...seen].filter((path) => path in manifest.scopes);
}
