/** The preview's server: the page, the threads' scripts, the compiled mini-program, fonts, and the way to the network. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bundle, isBundleName } from './bundle.js';
import { openProject } from './compile/project.js';
import type { Project } from './compile/project.js';
import { forward } from './proxy.js';

export interface ServerOptions {
  /** The folder with `app.json`. */
  readonly root: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Whether the threads hide what only a browser has. */
  readonly strict: boolean;
  /** What `wx.getExtConfigSync()` answers. @defaultValue an empty object */
  readonly ext?: Readonly<Record<string, unknown>>;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

const fontFolder = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json'));
const page = fileURLToPath(new URL('./view/index.html', import.meta.url));

/** Listens; rejects with the socket's error (`EADDRINUSE`) where the port is taken. */
export function startServer(options: ServerOptions): Promise<RunningServer> {
  const app = createApp(openProject(options.root), options);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port: options.port, hostname: options.host }, ({ port }) => {
      resolve({
        url: `http://${options.host}:${String(port)}/`,
        close: () =>
          new Promise((done) => {
            server.close(() => {
              done();
            });
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', reject);
  });
}

/** The routes, apart from the socket. */
export function createApp(project: Project, options: Pick<ServerOptions, 'strict' | 'ext'>): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    // Shared memory between the threads needs an isolated page.
    context.header('Cross-Origin-Opener-Policy', 'same-origin');
    context.header('Cross-Origin-Embedder-Policy', 'require-corp');
    context.header('Cross-Origin-Resource-Policy', 'same-origin');
    if (!context.req.path.startsWith('/fonts/')) context.header('Cache-Control', 'no-store');
  });
  app.onError((error, context) => {
    console.error(error.message);
    return context.text(error.message, 500);
  });
  const isStrict = (context: Context): boolean => options.strict && context.req.query('strict') !== '0';
  app.get('/', (context) => {
    const html = readFileSync(page, 'utf8').replace(
      '<html ',
      `<html data-strict="${String(isStrict(context))}" `,
    );
    return send(context, html, '.html');
  });
  app.get('/runtime/:name', (context) => sendRuntime(context, isStrict(context)));
  app.get('/app/app.js', (context) => send(context, appScript(project, options.ext ?? {}), '.js'));
  app.get('/app/script/*', async (context) => {
    const text = await project.script(rest(context, '/app/script/'), isStrict(context));
    return text === null ? context.notFound() : send(context, text, '.js');
  });
  app.get('/app/style/*', (context) =>
    send(context, project.pageStyle(rest(context, '/app/style/')), '.css'),
  );
  app.get('/app/file/*', (context) => sendAsset(context, project.asset(rest(context, '/app/file/'))));
  app.get('/fonts/*', (context) => sendFont(context, rest(context, '/fonts/')));
  app.all('/proxy', forward);
  app.get('/favicon.ico', (context) => context.body(null, 204));
  return app;
}

function rest(context: Context, prefix: string): string {
  return decodeURIComponent(context.req.path.slice(prefix.length));
}

function send(context: Context, body: string | Buffer, extension: string): Response {
  const type = contentTypes[extension] ?? 'application/octet-stream';
  return context.body(typeof body === 'string' ? body : new Uint8Array(body), 200, { 'Content-Type': type });
}

async function sendRuntime(context: Context, strict: boolean): Promise<Response> {
  const name = context.req.param('name')?.replace(/\.js$/, '') ?? '';
  if (!isBundleName(name)) return context.notFound();
  const response = send(context, await bundle(name), '.js');
  // Without 'unsafe-eval' the browser itself refuses eval and new Function in the thread, as a device does.
  if (strict && (name === 'logic' || name === 'worker')) {
    response.headers.set('Content-Security-Policy', "script-src 'self'");
  }
  return response;
}

function sendAsset(context: Context, bytes: Buffer | null): Response {
  return bytes === null
    ? context.text('no such file', 404)
    : send(context, bytes, extname(context.req.path).toLowerCase());
}

function sendFont(context: Context, path: string): Response {
  if (!/^(?:files\/)?[\w-]+\.(?:css|woff2?)$/.test(path)) return context.text('no such font', 404);
  context.header('Cache-Control', 'max-age=86400');
  return send(context, readFileSync(join(fontFolder, path)), extname(path));
}

/** What the logic thread loads before the scripts. Problems of templates are told in the terminal and the console. */
function appScript(project: Project, ext: Readonly<Record<string, unknown>>): string {
  const { expression, problems } = project.templates();
  const lines = problems.map(({ path, line, message }) => `${path}:${String(line)} ${message}`);
  for (const line of lines) console.error(line);
  const complaints = lines.map((line) => `console.warn(${JSON.stringify(line)});`).join('');
  return `${complaints}__preview.load(${JSON.stringify({ ...project.manifest(), ext })}, ${expression});`;
}
