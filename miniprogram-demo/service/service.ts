/** The small HTTP service that the demo's requests go to. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import type { AddressInfo } from 'node:net';
import { allCities, cityPage } from './cities.js';

/** What a test may ask of the service. */
export interface ServiceOptions {
  /**
   * Gives `true` for the requests whose answer is to be cut off in the middle, so that it is no JSON any more.
   * @defaultValue no request
   */
  readonly malformed?: (path: string) => boolean;
}

/** Where to listen. */
export interface ListenOptions extends ServiceOptions {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** @defaultValue `127.0.0.1`: this machine alone */
  readonly host?: string;
}

/** A service that listens. */
export interface RunningService {
  /** Without a slash at the end: `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends the connections. */
  close(): Promise<void>;
}

/** The service as a `hono` app: `createService().request('/api/hello')` needs no socket. */
export function createService(options: ServiceOptions = {}): Hono {
  const app = new Hono();
  app.use(cors({ origin: '*', exposeHeaders: ['ETag'] }));
  app.use(async (c, next) => {
    await next();
    // The preview's pages are cross-origin isolated (COEP) and may load only what says so.
    c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  });
  app.use(compress({ encoding: 'gzip' }));
  app.use(etag({ weak: true })); // Weak: the same data, gzipped or not.
  app.use(async (c, next) => {
    await next();
    if (options.malformed?.(c.req.path) === true) c.res = await cutOff(c.res);
  });
  addRoutes(app);
  return app;
}

function addRoutes(app: Hono): void {
  app.get('/api/hello', (c) => c.json({ message: '你好，小程序！ Hello, mini-program!' }));
  app.get('/api/cities', (c) => sendCities(c));
  // For the demo's page of bad input: what a proxy or a full disk does to an answer.
  app.get('/api/malformed', (c) => c.body('{"total": 135233, "cities": [["Shang', 200, json));
  app.notFound((c) => fail(c, 404, 'ERR_NOT_FOUND', `Nothing is served at ${c.req.path}`, c.req.path));
  app.onError((error, c) => fail(c, 500, 'ERR_INTERNAL', error.message, c.req.path));
}

const json = { 'content-type': 'application/json; charset=UTF-8' };

function sendCities(c: Context): Response {
  const total = allCities().length;
  const offset = wholeNumber(c.req.query('offset'), 0);
  if (offset === null || offset > total) {
    return badParameter(c, 'offset', `a whole number from 0 to ${total}`);
  }
  const limit = wholeNumber(c.req.query('limit'), total);
  if (limit === null || limit < 1) return badParameter(c, 'limit', 'a whole number from 1');
  c.header('Cache-Control', 'public, max-age=3600');
  return c.json(cityPage(offset, limit));
}

/** The number that `text` spells in at most nine digits, `fallback` without text, `null` for everything else. */
function wholeNumber(text: string | undefined, fallback: number): number | null {
  if (text === undefined) return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function badParameter(c: Context, name: string, wanted: string): Response {
  const value = c.req.query(name) ?? '';
  return fail(
    c,
    400,
    'ERR_BAD_PARAMETER',
    `"${name}" must be ${wanted}; it is "${value.slice(0, 80)}"`,
    value,
  );
}

function fail(c: Context, status: 400 | 404 | 500, code: string, message: string, value: string): Response {
  c.header('Cache-Control', 'no-store');
  return c.json({ code, message, value: value.slice(0, 80) }, status);
}

async function cutOff(response: Response): Promise<Response> {
  const text = await response.text();
  return new Response(text.slice(0, Math.ceil(text.length / 2)), response);
}

/**
 * Starts the service.
 * @throws the system's error (`EADDRINUSE`, `EACCES`) when the port cannot be had.
 */
export function startService(options: ListenOptions): Promise<RunningService> {
  const { port, host = '127.0.0.1' } = options;
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: createService(options).fetch, port, hostname: host });
    server.once('error', reject);
    server.once('listening', () => {
      const taken = (server.address() as AddressInfo).port;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({
        url: `http://${name}:${taken}`,
        port: taken,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed());
            // Idle keep-alive connections would hold `close` for seconds.
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
  });
}
