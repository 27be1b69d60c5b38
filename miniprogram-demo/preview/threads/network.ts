/**
 * The thread that stands for the client's native network stack: the logic layer's turns do not pay for receiving a
 * body, only for what the base library does with it.
 */
import type { NetworkReply, NetworkRequest } from '../shared/network.js';

const underway = new Map<number, AbortController>();

self.addEventListener('message', ({ data }: MessageEvent<NetworkRequest>) => {
  if (data.type === 'abort') underway.get(data.id)?.abort();
  else
    void perform(data).then((reply) => {
      post(reply);
    });
});

function post(reply: NetworkReply): void {
  const { body } = reply.type === 'done' ? reply : { body: '' };
  self.postMessage(reply, body instanceof ArrayBuffer ? [body] : []);
}

async function perform(request: Extract<NetworkRequest, { type: 'request' }>): Promise<NetworkReply> {
  const { id, url, method, header, body, timeoutMs, binary } = request;
  const controller = new AbortController();
  underway.set(id, controller);
  const timer = setTimeout(() => {
    controller.abort(new Error('timeout'));
  }, timeoutMs);
  try {
    const response = await fetch('/proxy', {
      method,
      headers: { ...header, 'x-preview-target': url },
      ...(body === null ? {} : { body }),
      signal: controller.signal,
      cache: 'no-store',
    });
    const refused = response.headers.get('x-preview-failure');
    if (refused !== null) return { type: 'failed', id, reason: decodeURIComponent(refused) };
    const headers = Object.fromEntries(response.headers);
    post({ type: 'headers', id, header: headers });
    const content = binary ? await response.arrayBuffer() : await response.text();
    return { type: 'done', id, status: response.status, header: headers, body: content };
  } catch (error) {
    return { type: 'failed', id, reason: reasonOf(error, controller.signal) };
  } finally {
    clearTimeout(timer);
    underway.delete(id);
  }
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (!signal.aborted) return error instanceof Error ? error.message : String(error);
  return signal.reason instanceof Error && signal.reason.message === 'timeout' ? 'timeout' : 'abort';
}
