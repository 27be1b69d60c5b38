/** The phone: status bar, the stack of pages, the tab bar, and what lies over them. */
import type { TabBarConfig, TabConfig } from '../shared/manifest.js';
import type { PageShell, Screen, ViewToLogic } from '../shared/protocol.js';
import { make, makeButton } from './dom.js';
import { PageView } from './page-shell.js';
import type { PageContext } from './page-shell.js';
import { assetUrl } from '../shared/path.js';

const navigationBarHeight = 44;
const tabBarHeight = 50;

export class Frame {
  readonly element = make('div', 'phone');
  readonly overlays = make('div', 'overlays');
  private readonly statusBar = make('div', 'status');
  private readonly clock = make('span', 'status-time');
  private readonly stack = make('div', 'stack');
  private readonly tabBar = make('nav', 'tabs');
  private readonly pages = new Map<number, PageView>();
  private tabs: readonly TabConfig[] = [];
  private top: PageView | null = null;

  constructor(private readonly context: PageContext) {
    this.statusBar.append(this.clock, statusIcons());
    this.element.append(this.statusBar, this.stack, this.tabBar, make('div', 'home'), this.overlays);
    this.tick();
    setInterval(() => {
      this.tick();
    }, 10_000);
  }

  /** The page that is on top. */
  get current(): PageView | null {
    return this.top;
  }

  /** The screen as it is laid out now. */
  screen(hasTabs: boolean): Screen {
    const { width, height } = this.element.getBoundingClientRect();
    const pixels = (name: string): number =>
      Number.parseFloat(getComputedStyle(this.element).getPropertyValue(name)) || 0;
    return {
      width: Math.round(width - 2 * pixels('--rim')),
      height: Math.round(height - 2 * pixels('--rim')),
      statusBarHeight: pixels('--status'),
      pixelRatio: devicePixelRatio,
      navigationBarHeight,
      tabBarHeight: hasTabs ? tabBarHeight : 0,
      bottomInset: pixels('--inset'),
    };
  }

  setTabs(tabs: readonly TabConfig[], config: Omit<TabBarConfig, 'list'>): void {
    this.tabs = tabs;
    this.tabBar.style.setProperty('--tab', config.color ?? '#7a7e83');
    this.tabBar.style.setProperty('--tab-on', config.selectedColor ?? '#07c160');
    this.tabBar.style.backgroundColor = config.backgroundColor ?? '#f7f7f7';
    this.tabBar.classList.toggle('tabs-white', config.borderStyle === 'white');
    this.tabBar.replaceChildren(...tabs.map((tab) => this.makeTab(tab)));
  }

  open(shell: PageShell, place: Element): void {
    const page = new PageView(shell, place, this.context);
    this.pages.set(shell.id, page);
    this.stack.append(page.element);
  }

  close(id: number): void {
    this.pages.get(id)?.element.remove();
    this.pages.delete(id);
  }

  show(id: number, depth: number): void {
    const page = this.pages.get(id) ?? null;
    this.top = page;
    for (const each of this.pages.values()) each.element.classList.toggle('page-on', each === page);
    page?.setDepth(depth);
    this.dress();
  }

  /** Waits for the styles of all pages. */
  async styled(): Promise<void> {
    await Promise.all([...this.pages.values()].map((page) => page.styled));
  }

  page(id: number): PageView | undefined {
    return this.pages.get(id);
  }

  /** Status bar and tab bar follow the page on top. */
  dress(): void {
    const page = this.top;
    if (page === null) return;
    this.element.classList.toggle('phone-light', page.isLight);
    this.element.classList.toggle('phone-custom', page.shell.window.navigationStyle === 'custom');
    this.statusBar.style.backgroundColor = page.element.style.getPropertyValue('--bar-back');
    this.element.classList.toggle('phone-tabs', page.shell.tab >= 0);
    this.element.style.setProperty(
      '--bottom',
      page.shell.tab >= 0 ? this.tabBar.style.backgroundColor : 'transparent',
    );
    [...this.tabBar.children].forEach((tab, index) =>
      tab.classList.toggle('tab-on', index === page.shell.tab),
    );
  }

  private makeTab(tab: TabConfig): HTMLElement {
    const icon = (className: string, path: string | undefined): Node[] => {
      if (path === undefined) return [];
      const image = make('img', className);
      Object.assign(image, { src: assetUrl(path), alt: '' });
      return [image];
    };
    const message: ViewToLogic = { type: 'route', action: 'switchTab', url: `/${tab.pagePath}` };
    const content = [
      ...icon('tab-icon', tab.iconPath),
      ...icon('tab-icon-on', tab.selectedIconPath ?? tab.iconPath),
    ];
    const button = makeButton(
      'tab',
      tab.text,
      () => {
        this.context.send(message);
      },
      ...content,
      make('span', 'tab-text', tab.text),
    );
    button.dataset['path'] = tab.pagePath;
    return button;
  }

  private tick(): void {
    const now = new Date();
    this.clock.textContent = `${String(now.getHours())}:${String(now.getMinutes()).padStart(2, '0')}`;
  }
}

function statusIcons(): HTMLElement {
  const icons = make('span', 'status-icons');
  icons.innerHTML =
    '<svg viewBox="0 0 60 12" width="60" height="12" fill="currentColor" aria-hidden="true">' +
    '<rect x="0" y="8" width="3" height="4" rx="1"/><rect x="4.5" y="5.5" width="3" height="6.5" rx="1"/>' +
    '<rect x="9" y="3" width="3" height="9" rx="1"/><rect x="13.5" y="0.5" width="3" height="11.5" rx="1"/>' +
    '<path d="M29 2.2c2.4 0 4.6.9 6.3 2.5l-1.4 1.4A7 7 0 0 0 29 4.2a7 7 0 0 0-4.9 1.9l-1.4-1.4A9 9 0 0 1 29 2.2Zm0 3.6c1.4 0 2.8.6 3.8 1.5l-1.4 1.4a3.4 3.4 0 0 0-4.8 0l-1.4-1.4c1-.9 2.4-1.5 3.8-1.5Zm0 3.7 1.6 1.2L29 12l-1.6-1.3L29 9.5Z"/>' +
    '<rect x="40.5" y="1" width="16" height="10" rx="2.5" fill="none" stroke="currentColor" opacity=".45"/>' +
    '<rect x="42" y="2.5" width="13" height="7" rx="1.3"/><rect x="57.6" y="4" width="1.6" height="4" rx=".8" opacity=".5"/></svg>';
  return icons;
}
