/**
 * Uses the previewed mini-program like a person: finds things as they are written in WXML, taps, types, scrolls, reads,
 * and asks the preview what it measured meanwhile. Input is real browser input, so a blocked logic layer is felt.
 */
import type { Locator, Page } from 'playwright-core';
import { convertSelector } from './compile/style.js';
import type {} from './shared/preview-api.js';
import type { LogLine, TurnSample, WorkerFaults, WorkerState } from './shared/protocol.js';

/** How long something may take to be there. */
export interface WaitOptions {
  /** @defaultValue 10000 milliseconds */
  readonly timeoutMs?: number;
  /** What is said when it took longer. */
  readonly message?: string;
}

/** What happened since a mark. */
export interface Samples {
  /** Turns of the logic layer: `[start, length, kind]`, milliseconds. */
  readonly turns: readonly TurnSample[];
  /** Milliseconds of the longest turn, 0 without any. */
  readonly longestBlockMs: number;
  /** Milliseconds from each tap to the view having applied what it led to. */
  readonly tapAnswersMs: readonly number[];
  /** The same for what was typed. */
  readonly inputAnswersMs: readonly number[];
  /** Frames a second that the view drew. */
  readonly viewFps: number;
  /** Milliseconds of the longest time between two frames of the view. */
  readonly longestFrameGapMs: number;
}

/** Samples arrive up to 100 ms late, and a turn's end a little after that. */
const sampleDelayMs = 250;
const defaultTimeoutMs = 10_000;
const pollMs = 25;
const longPressMs = 500;

/** Drives one preview page. Selectors are of WXML (`#id`, `.class`, `button`), within the page on top. */
export class Driver {
  private readonly problems: string[] = [];

  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    page.on('pageerror', (error) => this.problems.push(`view: ${error.message}`));
  }

  /** Launches the mini-program anew and opens `path` (with query) as its first page. */
  async open(path: string): Promise<void> {
    const [page = '', query = ''] = path.split('?');
    await this.page.goto(`${this.url}?page=${encodeURI(page)}`);
    await this.waitForPage(page);
    if (query !== '') {
      await this.navigate('reLaunch', `/${path}`);
      await this.waitForPage(page);
    }
  }

  /** Goes to a page as the mini-program's own code would. */
  async navigate(action: 'navigateTo' | 'switchTab' | 'reLaunch' | 'back', url = ''): Promise<void> {
    await this.page.evaluate(
      ([how, where]) => {
        window.__preview.route(how, where);
      },
      [action, url] as const,
    );
  }

  /** Waits until `path` is on top and drawn. */
  async waitForPage(path: string, options?: WaitOptions): Promise<void> {
    await this.page
      .locator(`.page-on.page-styled[data-path="${path}"]`)
      .waitFor({ state: 'visible', timeout: options?.timeoutMs ?? defaultTimeoutMs });
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
  }

  /** The path of the page on top. */
  currentPage(): Promise<string> {
    return this.page.evaluate(() => window.__preview.page());
  }

  /** Taps the first match, or the one at `index`. Does not wait for any answer. */
  async tap(selector: string, index = 0): Promise<void> {
    await this.find(selector).nth(index).click();
  }

  /** Taps the first match of `selector` that contains `text`. */
  async tapText(selector: string, text: string): Promise<void> {
    await this.find(selector).filter({ hasText: text }).first().click();
  }

  /** Taps what is at the same place again and again, without looking whether it is ready: as an impatient person. */
  async tapRepeatedly(selector: string, times: number, everyMs: number): Promise<void> {
    const box = await this.find(selector).first().boundingBox();
    if (box === null) throw new Error(`${selector} is not shown`);
    for (let time = 0; time < times; time++) {
      await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await this.pause(everyMs);
    }
  }

  async longPress(selector: string): Promise<void> {
    await this.find(selector).first().click({ delay: longPressMs });
  }

  /** Types into an `input` or `textarea`, key by key. */
  async type(selector: string, text: string, options: { readonly keyDelayMs?: number } = {}): Promise<void> {
    const control = this.control(selector);
    await control.press('End');
    await control.pressSequentially(text, { delay: options.keyDelayMs ?? 60 });
  }

  /** Empties an `input` or `textarea`. */
  async clear(selector: string): Promise<void> {
    await this.control(selector).fill('');
  }

  /** Presses a key in an `input`, such as `Enter` for `confirm`. */
  async press(selector: string, key: string): Promise<void> {
    await this.control(selector).press(key);
  }

  /** Moves a `slider` by so many of its steps, to the right or (below zero) to the left. */
  async slide(selector: string, steps: number): Promise<void> {
    const range = this.control(selector);
    for (let step = 0; step < Math.abs(steps); step++)
      await range.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft');
  }

  /** Scrolls the page, or a `scroll-view` where a selector is given, by so many pixels. */
  async scroll(byPx: number, selector?: string): Promise<void> {
    const target =
      selector === undefined ? this.page.locator('.page-on .page-scroll') : this.find(selector).first();
    await target.hover({ position: { x: 20, y: 20 } });
    await this.page.mouse.wheel(0, byPx);
  }

  /** The text shown by the first match. */
  async text(selector: string): Promise<string> {
    return (await this.find(selector).first().innerText()).trim();
  }

  /** The texts of all matches. */
  async texts(selector: string): Promise<string[]> {
    return (await this.find(selector).allInnerTexts()).map((text) => text.trim());
  }

  count(selector: string): Promise<number> {
    return this.find(selector).count();
  }

  isVisible(selector: string): Promise<boolean> {
    return this.find(selector).first().isVisible();
  }

  /** What was typed so far. */
  inputValue(selector: string): Promise<string> {
    return this.control(selector).inputValue();
  }

  /** The value at a path of the page's data (`list[0].name`), the whole data without one. Waits for the logic layer. */
  data(path = ''): Promise<unknown> {
    return this.page.evaluate((where) => window.__preview.inspect({ what: 'data', path: where }), path);
  }

  /** `getCurrentPages()` as paths. */
  async pages(): Promise<readonly string[]> {
    return (await this.page.evaluate(() => window.__preview.inspect({ what: 'pages' }))) as string[];
  }

  setData(data: Record<string, unknown>): Promise<unknown> {
    return this.page.evaluate((values) => window.__preview.inspect({ what: 'set-data', data: values }), data);
  }

  /** Asks again and again until the answer is true. */
  async waitUntil(
    condition: () => Promise<boolean>,
    { timeoutMs = defaultTimeoutMs, message = 'waited in vain' }: WaitOptions = {},
  ): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`${message} (${String(timeoutMs)} ms)`);
      await this.pause(pollMs);
    }
  }

  /** Waits until the first match shows `text`. */
  async waitForText(selector: string, text: string | RegExp, options: WaitOptions = {}): Promise<void> {
    const timeout = options.timeoutMs ?? defaultTimeoutMs;
    try {
      await this.find(selector).filter({ hasText: text }).first().waitFor({ state: 'visible', timeout });
    } catch {
      const shown = (await this.texts(selector).catch(() => [])).join(' | ').slice(0, 300);
      throw new Error(
        `${options.message ?? `${selector} did not show ${String(text)}`} (${String(timeout)} ms; shown: ${shown})`,
      );
    }
  }

  /** Waits until `selector` matches something that is shown. */
  async waitFor(selector: string, options: WaitOptions = {}): Promise<void> {
    await this.find(selector)
      .first()
      .waitFor({ state: 'visible', timeout: options.timeoutMs ?? defaultTimeoutMs });
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** A moment to measure from; give it to `samples`. */
  mark(): Promise<number> {
    return this.page.evaluate(() => window.__preview.mark());
  }

  /** What was measured since `mark`; first waits until samples that are on their way have arrived. */
  async samples(mark: number): Promise<Samples> {
    await this.pause(sampleDelayMs);
    return this.page.evaluate((since) => {
      const { turns, longestBlock, answers, frames } = window.__preview;
      const times = frames(since);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
      const seconds = times.length < 2 ? 1 : ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
      return {
        turns: turns(since),
        longestBlockMs: longestBlock(since),
        tapAnswersMs: answers(since, 'tap').map(({ lengthMs }) => lengthMs),
        inputAnswersMs: answers(since, 'input').map(({ lengthMs }) => lengthMs),
        viewFps: (times.length - 1) / seconds,
        longestFrameGapMs: Math.max(0, ...gaps),
      };
    }, mark);
  }

  /** Waits until every event the view has sent was answered by a change of the page. */
  waitForAnswers(options: WaitOptions = {}): Promise<void> {
    const none = (): Promise<boolean> => this.page.evaluate(() => window.__preview.unanswered() === 0);
    return this.waitUntil(none, { message: 'events without an answer', ...options });
  }

  /** Errors so far: of the view, and what logic layer and worker threw or wrote with `console.error`. */
  async errors(): Promise<string[]> {
    const lines = await this.log();
    return [
      ...this.problems,
      ...lines.filter(({ level }) => level === 'error').map(({ thread, text }) => `${thread}: ${text}`),
    ];
  }

  /** The console of all threads. */
  log(): Promise<readonly LogLine[]> {
    return this.page.evaluate(() => window.__preview.log());
  }

  /** Makes the worker's messages slow, chooses their carrier, or kills the worker. */
  async faults(faults: WorkerFaults): Promise<void> {
    await this.page.evaluate((change) => {
      window.__preview.faults(change);
    }, faults);
  }

  workerState(): Promise<{ state: WorkerState; detail: string }> {
    return this.page.evaluate(() => window.__preview.worker());
  }

  /** Puts the app into the background (`true`) or back. */
  async setHidden(hidden: boolean): Promise<void> {
    await this.page.evaluate((value) => {
      window.__preview.setHidden(value);
    }, hidden);
  }

  /** One PNG of phone and panel, or of the phone alone. */
  async screenshot(path: string, options: { readonly phoneOnly?: boolean } = {}): Promise<void> {
    const target = options.phoneOnly === true ? this.page.locator('.phone') : this.page;
    await target.screenshot({ path });
  }

  /** The playwright locator for a selector of WXML, for what this driver has no word for. */
  find(selector: string): Locator {
    return this.page.locator(`.page-on .page-scroll >> css=${convertSelector(selector)}`);
  }

  private control(selector: string): Locator {
    return this.find(selector).first().locator('input, textarea').first();
  }
}

/** The value below which the fraction `p` (0 to 1) of the values lies; 0 without any. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? 0;
}
