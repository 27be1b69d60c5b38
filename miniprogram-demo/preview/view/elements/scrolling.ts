/** `scroll-view` and `swiper`: native scrolling, told to the mini-program in its terms. */
import { PreviewElement } from './base.js';

/** `scroll-view`. */
export class ScrollViewElement extends PreviewElement {
  private last = { top: 0, left: 0 };
  private atEnd = { upper: true, lower: false };

  connectedCallback(): void {
    this.addEventListener(
      'scroll',
      () => {
        this.told();
      },
      { passive: true },
    );
    queueMicrotask(() => {
      for (const name of ['scroll-top', 'scroll-left', 'scroll-into-view']) this.apply(name);
    });
  }

  protected update(name: string): void {
    if (/^scroll-[xy]$/.test(name)) this.toggleAttribute(name, this.flag(name));
    else if (this.isConnected)
      queueMicrotask(() => {
        this.apply(name);
      });
  }

  private apply(name: string): void {
    const behavior = this.flag('scroll-with-animation') ? 'smooth' : 'instant';
    if (name === 'scroll-top' && this.value(name) !== undefined)
      this.scrollTo({ top: this.number(name, 0), behavior });
    else if (name === 'scroll-left' && this.value(name) !== undefined)
      this.scrollTo({ left: this.number(name, 0), behavior });
    else if (name === 'scroll-into-view' && this.text(name) !== '') {
      this.querySelector(`[id="${CSS.escape(this.text(name))}"]`)?.scrollIntoView({
        block: 'start',
        behavior,
      });
    }
  }

  private told(): void {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = this;
    const deltas = { deltaY: this.last.top - scrollTop, deltaX: this.last.left - scrollLeft };
    this.last = { top: scrollTop, left: scrollLeft };
    this.emit('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, ...deltas });
    const upper = scrollTop <= this.number('upper-threshold', 50);
    const lower = scrollTop + this.clientHeight >= scrollHeight - this.number('lower-threshold', 50);
    if (upper && !this.atEnd.upper) this.emit('scrolltoupper', { direction: 'top' });
    if (lower && !this.atEnd.lower) this.emit('scrolltolower', { direction: 'bottom' });
    this.atEnd = { upper, lower };
  }
}

/** `swiper`: its items snap; dots where asked for. */
export class SwiperElement extends PreviewElement {
  private current = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    this.addEventListener('scrollend', () => {
      this.settle('touch');
    });
    this.run();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  protected update(name: string): void {
    if (name === 'vertical') this.toggleAttribute(name, this.flag(name));
    if (name === 'current')
      queueMicrotask(() => {
        this.show(this.number('current', 0));
      });
    if (this.isConnected) this.run();
  }

  private run(): void {
    clearInterval(this.timer);
    if (!this.flag('autoplay')) return;
    this.timer = setInterval(
      () => {
        this.show((this.current + 1) % Math.max(1, this.children.length));
      },
      this.number('interval', 5000),
    );
  }

  private show(index: number): void {
    const item = this.children[index];
    if (item instanceof HTMLElement)
      this.scrollTo({ left: item.offsetLeft, top: item.offsetTop, behavior: 'smooth' });
  }

  private settle(source: string): void {
    const vertical = this.flag('vertical');
    const index = Math.round(
      vertical ? this.scrollTop / this.clientHeight : this.scrollLeft / this.clientWidth,
    );
    if (index === this.current) return;
    this.current = index;
    this.emit('change', { current: index, currentItemId: '', source });
  }
}
