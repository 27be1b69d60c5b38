/** Runs scenarios in a headless browser, prints what they found, takes pictures. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { Driver } from './driver.js';
import type { Scenario } from './scenario.js';
import { RowReport, formatTable } from './table.js';

/** What to run, and where. */
export interface CheckOptions {
  /** The preview's address. */
  readonly url: string;
  readonly scenarios: readonly Scenario[];
  readonly print: (text: string) => void;
}

/** Wide enough for phone and panel; twice the density, so that small text can be read on pictures. */
const viewport = { width: 1120, height: 900 };
const defaultTimeoutMs = 120_000;

/** Reads `scenarios/*.ts`, in the order of their names. */
export async function loadScenarios(folder: string, only = ''): Promise<Scenario[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const loaded: Scenario[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { scenario?: Scenario };
    if (module.scenario === undefined) throw new Error(`scenarios/${file} does not export "scenario"`);
    if (`${file} ${module.scenario.page}`.includes(only)) loaded.push(module.scenario);
  }
  return loaded;
}

/** Runs each scenario on a freshly launched mini-program. @returns whether all was as it should be */
export async function runCheck({ url, scenarios, print }: CheckOptions): Promise<boolean> {
  if (scenarios.length === 0) {
    print('There is no scenario to run.');
    return false;
  }
  const browser = await launchBrowser();
  try {
    print(`Chromium ${browser.version()}, headless\n`);
    let good = true;
    for (const scenario of scenarios) good = (await runOne(browser, url, scenario, print)) && good;
    print(good ? 'All good.' : 'Not as it should be: see ✗ above.');
    return good;
  } finally {
    await browser.close();
  }
}

async function runOne(
  browser: Browser,
  url: string,
  scenario: Scenario,
  print: CheckOptions['print'],
): Promise<boolean> {
  const report = new RowReport();
  const context = await newContext(browser);
  const driver = new Driver(await context.newPage(), url);
  const limitMs = scenario.timeoutMs ?? defaultTimeoutMs;
  try {
    await within(limitMs, async () => {
      await driver.open(scenario.page);
      await scenario.run(driver, report);
    });
  } catch (error) {
    report.check(
      'the scenario ran to its end',
      false,
      error instanceof Error ? error.message : String(error),
    );
    for (const line of await driver.errors().catch(() => [])) report.note('on the console', line);
  } finally {
    await context.close();
  }
  print(`${formatTable(`${scenario.title}  (${scenario.page})`, report.rows)}\n`);
  return !report.failed;
}

async function within(limitMs: number, act: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`took longer than ${String(limitMs)} ms`));
    }, limitMs);
  });
  try {
    await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One PNG a page, named as the page is. Pages without a scenario are taken as they open. */
export async function takeScreenshots(
  options: CheckOptions,
  pages: readonly string[],
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const page of pages) {
      const context = await newContext(browser);
      const driver = new Driver(await context.newPage(), options.url);
      const scenario = options.scenarios.find((each) => each.page.split('?')[0] === page);
      await driver.open(scenario?.page ?? page);
      await (scenario?.pose === undefined ? driver.pause(1000) : scenario.pose(driver));
      const file = join(folder, `${page.split('/').at(-1) ?? page}.png`);
      await driver.screenshot(file);
      options.print(file);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport, deviceScaleFactor: 2, locale: 'zh-CN' });
}
