/**
 * The contract of a page's scenario: what `npm start -- --check` does with a page, like a person, and what it holds it
 * to. One file a page in `scenarios/`, each with `export const scenario: Scenario = …`; they run in the order of their
 * file names, in one browser, each on a freshly launched mini-program.
 */
import type { Driver } from './driver.js';

/** Bounds of a measured value, both inclusive. */
export interface Limits {
  readonly max?: number;
  readonly min?: number;
}

/** Collects what one scenario found. */
export interface Report {
  /**
   * Adds a row to the table; outside its limits it fails the check, the rest still runs.
   * @param unit for instance `ms`; shown after the value
   */
  measure(name: string, value: number, unit?: string, limits?: Limits): void;
  /** Adds a row that is met or not; `detail` says what was seen. Gives `ok` back. */
  check(name: string, ok: boolean, detail?: string): boolean;
  /** Adds a row that is only said. */
  note(name: string, text: string): void;
}

/** One page's check. */
export interface Scenario {
  /** Path as in `app.json`, a query may follow: `pages/city/city`. The page is open when `run` is called. */
  readonly page: string;
  /** How the page is called in the table. */
  readonly title: string;
  /** @defaultValue 120000 milliseconds */
  readonly timeoutMs?: number;
  /** Uses the page. What it throws fails the check with that message. */
  run(driver: Driver, report: Report): Promise<void>;
  /** Brings the page to where its picture is taken for `--screenshots`; without it the page is taken as it opens. */
  pose?(driver: Driver): Promise<void>;
}
