/**
 * Opens pages of a mini-program under a DOM such as happy-dom's: its real WXML, compiled and rendered by WeChat's own
 * component framework, its real JavaScript, and a `wx` of the test's making. `docs/testing.md` explains its use.
 *
 * Each `openMiniProgram` evaluates all modules anew, so that no state passes from one test to the next.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { compileFunction } from 'node:vm';
import { Event } from 'glass-easel';
import type { Element, template } from 'glass-easel';
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter';
import { TmplGroup } from 'glass-easel-template-compiler';

/** What the mini-program finds around it. */
export interface Surroundings {
  /** The global `wx`: whatever of it the pages use. */
  readonly wx: object;
  /** What `require` of a package name gives: `{ 'mp-lanes': lanes }`. */
  readonly packages?: Readonly<Record<string, unknown>>;
  /** Other globals, for example `setTimeout` of a virtual host. @defaultValue the real timers */
  readonly globals?: Readonly<Record<string, unknown>>;
}

/** A page that is open. */
export interface OpenPage {
  /** Where it is rendered: `element.querySelector('.title')?.textContent`. */
  readonly element: HTMLElement;
  /** The page's data, as `this.data` in its code. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The text of the first element that matches, without the spaces around it. @throws when there is none */
  text(selector: string): string;
  /** The texts of all elements that match. */
  texts(selector: string): string[];
  /** Taps the first element that matches, or, given `text`, the first such one that contains it. @throws when there is none */
  tap(selector: string, text?: string): void;
  /** Sends any event, such as `input` with `{ value }`. */
  send(type: string, selector: string, detail?: object, text?: string): void;
  /** Calls `onHide`, `onShow`, … */
  lifecycle(name: string): void;
  /** Calls `onUnload` and takes the page out of the document. */
  close(): void;
}

/** A mini-program whose pages can be opened. */
export interface MiniProgram {
  /** Opens the page at `path` (as in `app.json`): `onLoad`, `onShow`, `onReady`. */
  open(path: string, query?: Readonly<Record<string, string>>): OpenPage;
  /** What the module at `path` (without `.js`) exports. */
  require(path: string): unknown;
}

const builtIns = [
  'view',
  'text',
  'button',
  'input',
  'icon',
  'image',
  'canvas',
  'progress',
  'scroll-view',
  'slider',
  'navigator',
];

/** Reads the mini-program in `root`, the folder that has its `app.json`. */
export function openMiniProgram(root: string, surroundings: Surroundings): MiniProgram {
  const environment = new MiniProgramEnv();
  const backend = environment.associateBackend();
  const code = environment.createCodeSpace('app', true);
  for (const tag of builtIns) code.getComponentSpace().setGlobalUsingComponent(tag, tag);
  addTemplates(code, root);
  const load = createLoader(code, root, surroundings);
  return {
    open: (path, query = {}) => openPage({ code, backend, load }, path, query, surroundings.globals),
    require: load,
  };
}

// ---- WXML ---------------------------------------------------------------------------------------------------------

function addTemplates(code: CodeSpace, root: string): void {
  const paths = filesIn(root).filter((path) => path.endsWith('.wxml'));
  const group = new TmplGroup();
  for (const path of paths) {
    const problems = group.addTmpl(path.slice(0, -5), readFileSync(join(root, path), 'utf8')) as {
      message: string;
    }[];
    if (problems[0] !== undefined) throw new Error(`${path}: ${problems[0].message}`);
  }
  const source = `return ${group.getTmplGenObjectGroups()}`;
  group.free();
  const groupList = compileFunction(source)() as Record<string, template.ComponentTemplate['content']>;
  for (const file of paths) addComponent(code, root, file.slice(0, -5), groupList);
}

function addComponent(
  code: CodeSpace,
  root: string,
  path: string,
  groupList: Record<string, template.ComponentTemplate['content']>,
): void {
  const config = JSON.parse(readFileSync(join(root, `${path}.json`), 'utf8')) as object;
  // Without isolation class names stay as they are written, and a test can look for them.
  code.addComponentStaticConfig(path, { ...config, styleIsolation: 'shared' } as never);
  // Without the fallback `bindtap` (no colon) would be an attribute.
  code.addCompiledTemplate(path, {
    groupList,
    content: groupList[path]!,
    fallbackListenerOnNativeNode: true,
  });
}

function filesIn(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'miniprogram_npm') return [];
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}

// ---- JavaScript ---------------------------------------------------------------------------------------------------

/** Evaluates a file, given without `.js`, and gives its exports. */
type Load = (path: string) => unknown;

function createLoader(
  code: CodeSpace,
  root: string,
  { wx, packages = {}, globals = {} }: Surroundings,
): Load {
  const modules = new Map<string, { exports: unknown }>();
  function load(path: string): unknown {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const file = `${path}.js`;
    const require = (name: string): unknown =>
      name in packages ? packages[name] : load(resolve(path, name));
    const scope = { ...globals, wx, require, module, exports: module.exports };
    code.componentEnv(path, (definers) => run(join(root, file), { ...scope, ...definers, App: () => {} }));
    return module.exports;
  }
  return load;
}

function run(file: string, scope: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(scope);
  const call = compileFunction(readFileSync(file, 'utf8'), names, { filename: file });
  call(...names.map((name) => scope[name]));
}

function resolve(from: string, name: string): string {
  return relative('.', join(dirname(from), name)).replace(/\.js$/, '');
}

/** The scripts of a page and of the components that it uses, the latter first. */
function loadScripts(code: CodeSpace, load: Load, path: string): void {
  const uses = code.getComponentStaticConfig(path)?.usingComponents ?? {};
  for (const target of Object.values(uses)) {
    loadScripts(code, load, target.startsWith('/') ? target.slice(1) : resolve(path, target));
  }
  load(path);
}

// ---- A page -------------------------------------------------------------------------------------------------------

type Instance = Record<string, unknown> & { readonly data: Readonly<Record<string, unknown>> };
type Rendered = HTMLElement & { readonly __wxElement?: Element };

interface Parts {
  readonly code: CodeSpace;
  readonly backend: AssociatedBackend;
  readonly load: Load;
}

function openPage(
  { code, backend, load }: Parts,
  path: string,
  query: Readonly<Record<string, string>>,
  globals: Surroundings['globals'] = {},
): OpenPage {
  loadScripts(code, load, path);
  const { setTimeout: later } = { setTimeout, ...globals };
  // The callback of setData comes with the next frame.
  window.requestAnimationFrame = (callback) => later(callback, 16);
  const root = backend.createRoot('page', code, path);
  const instance = root.get() as unknown as Instance;
  const place = document.body.appendChild(document.createElement('div'));
  root.attach(document.body as never, place as never);
  const element = (root.getComponent() as unknown as { $$: HTMLElement }).$$;
  const lifecycle = (name: string, argument?: unknown): void => {
    const method = instance[name];
    if (typeof method === 'function') method.call(instance, argument);
  };
  lifecycle('onLoad', query);
  lifecycle('onShow');
  lifecycle('onReady');
  return {
    ...inspect(element, globals),
    get data() {
      return instance.data;
    },
    lifecycle,
    close() {
      lifecycle('onUnload');
      root.release();
      element.remove();
    },
  };
}

function inspect(
  element: HTMLElement,
  globals: Readonly<Record<string, unknown>>,
): Pick<OpenPage, 'element' | 'text' | 'texts' | 'tap' | 'send'> {
  const all = (selector: string): Rendered[] => Array.from(element.querySelectorAll<Rendered>(selector));
  function first(selector: string, text = ''): Rendered {
    const found = all(selector).find((candidate) => candidate.textContent.includes(text));
    if (found === undefined) throw new Error(`No "${selector}" ${text} in: ${element.textContent}`);
    return found;
  }
  function send(type: string, selector: string, detail: object = {}, text?: string): void {
    const { now } = (globals['Date'] as DateConstructor | undefined) ?? Date;
    const event = new Event(type, detail, {
      bubbles: true,
      composed: true,
      extraFields: { timeStamp: now() },
    });
    Event.dispatchEvent(first(selector, text).__wxElement!, event);
  }
  return {
    element,
    text: (selector) => first(selector).textContent.trim(),
    texts: (selector) => all(selector).map((found) => found.textContent.trim()),
    tap: (selector, text) => send('tap', selector, {}, text),
    send,
  };
}
