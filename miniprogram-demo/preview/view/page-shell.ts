/** One page of the mini-program: its navigation bar, its own style sheet, its tree, its scrolling. */
import type { NodeId, PageShell, ViewToLogic } from '../shared/protocol.js';
import { make, makeButton } from './dom.js';
import type { RouteRequest } from './elements/base.js';
import { Gestures } from './gestures.js';
import type { SendEvent } from './gestures.js';
import pageCss from './page.css';
import type { Tree } from './tree.js';

/** What a page needs of the frame. */
export interface PageContext {
  readonly tree: Tree;
  readonly sendEvent: SendEvent;
  readonly send: (message: ViewToLogic) => void;
}

/** Events of controls, which do not bubble in a mini-program. */
const componentEvents =
  `input focus blur confirm change changing scroll scrolltoupper scrolltolower load error submit reset
  linechange columnchange cancel`.split(/\s+/);

/** Which events carry a control's value, for `model:`. */
const modelEvents: Readonly<Record<string, readonly string[]>> = {
  value: ['input', 'change', 'changing'],
  checked: ['change'],
};

const reachBottomPx = 50;

export class PageView {
  readonly element = make('section', 'page');
  private readonly bar = make('header', 'bar');
  private readonly title = make('h1', 'bar-title');
  private readonly back: HTMLButtonElement;
  private readonly scroller = make('div', 'page-scroll');
  private readonly root: ShadowRoot;
  /** Fulfilled when the page's own styles apply: before that nothing should be measured. */
  readonly styled: Promise<void>;
  private atBottom = false;

  constructor(
    readonly shell: PageShell,
    place: Element,
    private readonly context: PageContext,
  ) {
    this.back = makeButton('bar-back', '返回 Back', () => {
      context.send({ type: 'route', action: 'back', url: '' });
    });
    this.bar.append(this.back, this.title, capsule());
    this.root = this.scroller.attachShadow({ mode: 'open' });
    this.element.append(this.bar, this.scroller);
    this.element.dataset['path'] = shell.path;
    if (shell.window.navigationStyle === 'custom') this.element.classList.add('page-custom');
    this.setTitle(shell.window.navigationBarTitleText ?? '');
    this.setBarColor(
      shell.window.navigationBarTextStyle ?? 'white',
      shell.window.navigationBarBackgroundColor ?? '#000000',
    );
    this.scroller.style.backgroundColor = shell.window.backgroundColor ?? '#ffffff';
    if (shell.window.disableScroll === true) this.scroller.style.overflow = 'hidden';
    this.styled = this.fill(place);
    this.listen();
  }

  setTitle(title: string): void {
    this.title.textContent = title;
  }

  /** `front` is `black`, `white` or a colour. */
  setBarColor(front: string, back: string): void {
    const light = front === 'white' || front.toLowerCase() === '#ffffff';
    this.element.classList.toggle('bar-light', light);
    this.element.style.setProperty('--bar-front', light ? '#ffffff' : '#000000');
    this.element.style.setProperty('--bar-back', back);
  }

  setDepth(depth: number): void {
    this.back.hidden = depth < 2 || this.shell.tab >= 0;
  }

  /** The colours that the status bar takes over from the page. */
  get isLight(): boolean {
    return this.element.classList.contains('bar-light');
  }

  scrollTo(top: number, duration: number): void {
    this.scroller.scrollTo({ top, behavior: duration > 0 ? 'smooth' : 'instant' });
  }

  get scrollOffset(): { scrollLeft: number; scrollTop: number } {
    const { scrollLeft, scrollTop } = this.scroller;
    return { scrollLeft, scrollTop };
  }

  /** A rectangle as the mini-program sees it: from the corner of the page. */
  get origin(): DOMRect {
    return this.scroller.getBoundingClientRect();
  }

  private fill(place: Element): Promise<void> {
    const style = make('style', '', pageCss);
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', href: `/app/style/${this.shell.path}` });
    this.root.append(style, link, place);
    return new Promise((resolve) => {
      const done = (): void => {
        this.element.classList.add('page-styled');
        resolve();
      };
      link.addEventListener('load', done);
      link.addEventListener('error', done);
    });
  }

  private listen(): void {
    new Gestures(this.scroller, this.context.tree, this.context.sendEvent);
    for (const type of componentEvents)
      this.root.addEventListener(type, (event) => {
        this.control(event);
      });
    this.root.addEventListener('preview-route', (event) => {
      this.route((event as CustomEvent<RouteRequest>).detail);
    });
    this.scroller.addEventListener(
      'scroll',
      () => {
        this.scrolled();
      },
      { passive: true },
    );
  }

  /** Only the elements' own events: those of the browser's controls inside them are their business. */
  private control(event: Event): void {
    const { target, type } = event;
    if (!(event instanceof CustomEvent) || !(target instanceof Element)) return;
    const node = this.context.tree.idOf(target);
    if (node === undefined) return;
    const detail: unknown = event.detail;
    this.model(target, node, type, detail);
    if (this.context.tree.listensTo(type)) this.context.sendEvent(node, type, detail, { bubbles: false });
  }

  private model(target: Element, node: NodeId, type: string, detail: unknown): void {
    for (const attribute of this.context.tree.modelsOf(target)) {
      if (modelEvents[attribute]?.includes(type) !== true || typeof detail !== 'object' || detail === null)
        continue;
      if ('value' in detail) this.context.send({ type: 'model', node, attribute, value: detail.value });
    }
  }

  private route({ openType, url }: RouteRequest): void {
    const actions = {
      navigate: 'navigateTo',
      switchTab: 'switchTab',
      reLaunch: 'reLaunch',
      navigateBack: 'back',
    } as const;
    const action = actions[openType as keyof typeof actions] as
      (typeof actions)[keyof typeof actions] | undefined;
    if (action === undefined)
      throw new Error(`navigator open-type="${openType}" is not supported by the preview`);
    this.context.send({ type: 'route', action, url });
  }

  private scrolled(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    const page = this.shell.id;
    if (this.shell.onScroll)
      this.context.send({ type: 'page-event', page, method: 'onPageScroll', argument: { scrollTop } });
    const distance = this.shell.window.onReachBottomDistance ?? reachBottomPx;
    const atBottom = scrollTop + clientHeight >= scrollHeight - distance;
    if (atBottom && !this.atBottom && this.shell.onReachBottom) {
      this.context.send({ type: 'page-event', page, method: 'onReachBottom', argument: undefined });
    }
    this.atBottom = atBottom;
  }
}

/** The two buttons at the top right that every mini-program has. */
function capsule(): HTMLElement {
  const box = make(
    'div',
    'capsule',
    make('span', 'capsule-more'),
    make('span', 'capsule-line'),
    make('span', 'capsule-close'),
  );
  box.setAttribute('aria-hidden', 'true');
  return box;
}
