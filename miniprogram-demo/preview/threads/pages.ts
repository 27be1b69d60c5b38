/**
 * The page stack. Invariant: `stack` holds what `getCurrentPages()` gives, bottom first; a tab page that is not shown
 * stays alive in `tabs`, as on a device.
 */
import { Element } from 'glass-easel';
import type { GeneralComponent } from 'glass-easel';
import type { Manifest, WindowConfig } from '../shared/manifest.js';
import { resolveFrom } from '../shared/path.js';
import type { LogicBackend, LogicElement } from './backend.js';
import type { Modules } from './modules.js';
import type { Instance, Space } from './space.js';
import { runTurn } from './turns.js';
import { tellView } from './view-link.js';

/** A page that lives. */
export interface OpenPage {
  readonly id: number;
  readonly path: string;
  readonly instance: Instance;
  readonly component: GeneralComponent;
  readonly place: LogicElement;
  shown: boolean;
  ready: boolean;
}

const maxDepth = 10;

/** How `wx.navigateTo` and its like fail; the text is what follows `name:fail `. */
export class RouteError extends Error {}

export class Pages {
  private stack: OpenPage[] = [];
  private readonly tabs = new Map<string, OpenPage>();
  private lastId = 0;

  constructor(
    private readonly manifest: Manifest,
    private readonly space: Space,
    private readonly backend: LogicBackend,
    private readonly modules: Modules,
  ) {}

  /** What `getCurrentPages()` gives. */
  instances(): Instance[] {
    return this.stack.map(({ instance }) => instance);
  }

  current(): OpenPage | undefined {
    return this.stack.at(-1);
  }

  find(id: number): OpenPage | undefined {
    return [...this.stack, ...this.tabs.values()].find((page) => page.id === id);
  }

  navigateTo(url: string): void {
    const { path, query } = this.resolve(url);
    if (this.tabIndex(path) >= 0) throw new RouteError('can not navigateTo a tabbar page');
    if (this.stack.length >= maxDepth) throw new RouteError(`webview count limit exceed`);
    this.hide(this.current());
    this.push(path, query);
  }

  redirectTo(url: string): void {
    const { path, query } = this.resolve(url);
    if (this.tabIndex(path) >= 0) throw new RouteError('can not redirectTo a tabbar page');
    this.close(this.stack.pop());
    this.push(path, query);
  }

  reLaunch(url: string): void {
    const { path, query } = this.resolve(url);
    for (const page of new Set([...this.stack.splice(0).reverse(), ...this.tabs.values()])) this.close(page);
    this.tabs.clear();
    this.push(path, query);
  }

  switchTab(url: string): void {
    const { path } = this.resolve(url);
    if (this.tabIndex(path) < 0) throw new RouteError('can not switch to no-tabBar page');
    while (this.stack.length > 1) this.close(this.stack.pop());
    const from = this.stack[0];
    if (from?.path === path) {
      this.show(from);
      return;
    }
    this.hide(this.stack.pop());
    if (from !== undefined && !this.tabs.has(from.path)) this.close(from);
    const kept = this.tabs.get(path);
    if (kept === undefined) this.push(path, {});
    else {
      this.stack.push(kept);
      this.show(kept);
    }
  }

  navigateBack(delta = 1): void {
    if (this.stack.length < 2) throw new RouteError('cannot navigate back at first page');
    for (let left = Math.min(delta, this.stack.length - 1); left > 0; left--) this.close(this.stack.pop());
    this.show(this.current());
  }

  /** The app came to the front or left it. */
  setHidden(hidden: boolean): void {
    if (hidden) this.hide(this.current());
    else this.show(this.current());
  }

  /** Calls a page's method such as `onPageScroll`, where it has one. */
  callPage(id: number, method: string, argument: unknown): void {
    const page = this.find(id);
    const handler = page?.instance[method];
    if (typeof handler === 'function') handler.call(page?.instance, argument);
  }

  private push(path: string, query: Record<string, string>): void {
    this.loadScripts(path, new Set());
    const { component, instance } = this.space.createPage(path);
    const place = this.backend.createElement('page-place');
    const page: OpenPage = {
      id: ++this.lastId,
      path,
      instance,
      component,
      place,
      shown: false,
      ready: false,
    };
    Object.assign(instance, { route: path, options: query, __route__: path });
    this.stack.push(page);
    if (this.tabIndex(path) >= 0) this.tabs.set(path, page);
    tellView({
      type: 'page-open',
      shell: {
        id: page.id,
        path,
        window: this.windowOf(path),
        root: place.node,
        tab: this.tabIndex(path),
        onScroll: typeof instance['onPageScroll'] === 'function',
        onReachBottom: typeof instance['onReachBottom'] === 'function',
      },
    });
    const placeholder = this.backend.createElement('page-placeholder');
    place.appendChild(placeholder);
    Element.replaceDocumentElement(component, place as never, placeholder as never);
    placeholder.release();
    this.lifecycle(page, 'onLoad', query);
    this.show(page);
    this.backend.render(() => {
      page.ready = true;
      runTurn('page', () => {
        this.lifecycle(page, 'onReady');
      });
    });
  }

  private loadScripts(path: string, seen: Set<string>): void {
    if (seen.has(path)) return;
    seen.add(path);
    const uses = { ...this.manifest.app.usingComponents, ...this.manifest.components[path]?.usingComponents };
    for (const target of Object.values(uses)) this.loadScripts(resolveFrom('', target), seen);
    this.modules.run(`${path}.js`);
  }

  private show(page: OpenPage | undefined): void {
    if (page === undefined) return;
    tellView({ type: 'page-show', id: page.id, depth: this.stack.length });
    if (page.shown) return;
    page.shown = true;
    this.lifecycle(page, 'onShow');
    page.component.triggerPageLifetime('show', []);
  }

  private hide(page: OpenPage | undefined): void {
    if (page?.shown !== true) return;
    page.shown = false;
    this.lifecycle(page, 'onHide');
    page.component.triggerPageLifetime('hide', []);
  }

  private close(page: OpenPage | undefined): void {
    if (page === undefined) return;
    this.lifecycle(page, 'onUnload');
    this.tabs.delete(page.path);
    Element.pretendDetached(page.component);
    page.component.destroyBackendElement();
    page.place.release();
    tellView({ type: 'page-close', id: page.id });
  }

  private lifecycle(page: OpenPage, name: string, argument?: unknown): void {
    runTurn('page', () => {
      this.callOn(page, name, argument);
    });
  }

  private callOn(page: OpenPage, name: string, argument: unknown): void {
    const handler = page.instance[name];
    if (typeof handler === 'function') handler.call(page.instance, argument);
  }

  private resolve(url: string): { path: string; query: Record<string, string> } {
    const [target = '', search = ''] = url.split('?');
    const path = resolveFrom(this.current()?.path ?? '', target);
    if (!this.manifest.app.pages.includes(path)) throw new RouteError(`page "${path}" is not found`);
    return { path, query: parseQuery(search) };
  }

  private tabIndex(path: string): number {
    return this.manifest.app.tabBar?.list.findIndex(({ pagePath }) => pagePath === path) ?? -1;
  }

  private windowOf(path: string): WindowConfig {
    return { ...this.manifest.app.window, ...this.manifest.components[path] };
  }
}

/** `a=1&b=2` to an object; values stay as they are written, as in a mini-program. */
export function parseQuery(search: string): Record<string, string> {
  const pairs = search.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')]),
  );
}
