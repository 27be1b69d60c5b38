/**
 * Where `wx.request` really goes. A device asks any server without the browser's rules between origins, so the preview
 * server asks in its place. Only the preview's own scripts may use this: other pages of the browser cannot set the
 * header without a permission that is never given.
 */
import type { Context } from 'hono';

const targetHeader = 'x-preview-target';
const dropped = new Set([
  'host',
  'connection',
  'origin',
  'referer',
  'cookie',
  'content-length',
  'accept-encoding',
  targetHeader,
]);
const droppedFromReply = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'set-cookie',
]);

/** Forwards the request of the context to the address its header names. */
export async function forward(context: Context): Promise<Response> {
  const target = context.req.header(targetHeader);
  if (target === undefined || !/^https?:\/\//.test(target)) return context.text('no target', 400);
  const { method } = context.req;
  const withBody = method !== 'GET' && method !== 'HEAD';
  try {
    const reply = await fetch(target, {
      method,
      headers: headersFor(context.req.raw.headers),
      signal: context.req.raw.signal,
      ...(withBody ? { body: await context.req.arrayBuffer() } : {}),
    });
    return new Response(reply.body, { status: reply.status, headers: headersOf(reply.headers) });
  } catch (error) {
    return context.body(null, 502, { 'x-preview-failure': encodeURIComponent(reasonOf(error)) });
  }
}

function headersFor(given: Headers): Headers {
  const kept = new Headers();
  given.forEach((value, name) => {
    if (!dropped.has(name) && !name.startsWith('sec-')) kept.set(name, value);
  });
  return kept;
}

function headersOf(given: Headers): Headers {
  const kept = new Headers();
  given.forEach((value, name) => {
    if (!droppedFromReply.has(name)) kept.append(name, value);
  });
  return kept;
}

/** `fetch` hides the reason in the cause: `connect ECONNREFUSED 127.0.0.1:1`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error
    ? cause.message || ('code' in cause ? String(cause.code) : cause.name)
    : String(cause);
}
