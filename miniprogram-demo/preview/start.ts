/** `npm start`: the demo service, the preview's server, and what was asked of them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadScenarios, runCheck, takeScreenshots } from './check.js';
import { openInBrowser } from './open-browser.js';
import { readOptions, usage } from './options.js';
import type { StartOptions } from './options.js';
import { startServer } from './server.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Something that listens. */
interface Running {
  readonly url: string;
  close(): Promise<void>;
}

interface ServiceModule {
  startService(options: { port: number; host: string }): Promise<Running>;
}

async function startService({ servicePort, host }: StartOptions): Promise<Running> {
  const { startService: start } = (await import(
    pathToFileURL(here('../service/service.ts')).href
  )) as ServiceModule;
  return explainPort('demo service', '--service-port', servicePort, () => start({ port: servicePort, host }));
}

/** A port that cannot be had is the user's to change: one line that says how. */
async function explainPort<T>(
  what: string,
  option: string,
  port: number,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const reason = code === 'EADDRINUSE' ? 'is taken (EADDRINUSE)' : 'is not allowed (EACCES)';
    throw new UserError(
      `Port ${String(port)} for the ${what} ${reason}: choose another with "npm start -- ${option} N", 0 for any free one.`,
    );
  }
}

/** An error whose message is all the user needs. */
class UserError extends Error {}

async function main(): Promise<number | null> {
  const options = parse();
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const service = await startService(options);
  const { port, host, strict } = options;
  const preview = await explainPort('preview', '--port', port, () =>
    startServer({ root: here('../miniprogram'), port, host, strict, ext: { serviceUrl: service.url } }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all([preview.close(), service.close()]);
  };
  if (options.check || options.screenshots !== '') {
    const good = await runHeadless(options, preview.url);
    await stop();
    return good ? 0 : 1;
  }
  process.stdout.write(`${preview.url}\n`);
  if (options.open) await openInBrowser(preview.url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
  return null;
}

function parse(): StartOptions {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${usage}`);
  }
}

async function runHeadless({ check, screenshots, only }: StartOptions, url: string): Promise<boolean> {
  const scenarios = await loadScenarios(here('./scenarios'), only);
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const good = check ? await runCheck({ url, scenarios, print }) : true;
  if (screenshots !== '') await takeScreenshots({ url, scenarios, print }, pagesOf(only), screenshots);
  return good;
}

function pagesOf(only: string): string[] {
  const file = here('../miniprogram/app.json');
  const { pages } = JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : '{"pages":[]}') as {
    pages: string[];
  };
  return pages.filter((page) => page.includes(only));
}

main().then(
  (code) => {
    if (code !== null) process.exit(code);
  },
  (error: unknown) => {
    process.stderr.write(
      error instanceof UserError
        ? `${error.message}\n`
        : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
