/**
 * `wx.request`. The body is received on the network thread; what the base library does with it (parsing JSON) happens
 * in the logic layer's turn, as on a device, and counts as block time there.
 */
import type { NetworkReply, NetworkRequest } from '../../shared/network.js';
import { native } from '../native.js';
import { runTurn } from '../turns.js';
import { settle } from './callbacks.js';
import type { Callbacks, Outcome } from './callbacks.js';

interface RequestOptions extends Callbacks {
  readonly url: string;
  readonly method?: string;
  readonly data?: unknown;
  readonly header?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly dataType?: string;
  readonly responseType?: string;
}

interface Underway {
  readonly options: RequestOptions;
  readonly message: Extract<NetworkRequest, { type: 'request' }>;
  readonly headersListeners: Set<(result: unknown) => void>;
  readonly end: (outcome: (to: Outcome) => void) => void;
}

/** What a device has in flight at once; the rest waits, first in first out. */
const maxConcurrent = 10;
const defaultTimeoutMs = 60_000;

let network: Worker | null = null;
let lastId = 0;
const inFlight = new Map<number, Underway>();
const queued: Underway[] = [];

/** Starts the network thread. */
export function startNetwork(): void {
  network = new native.Worker('/runtime/network.js', { name: 'network' });
  network.onmessage = ({ data }: MessageEvent<NetworkReply>) => {
    runTurn('request', () => {
      receive(data);
    });
  };
}

/** `wx.request(options)`. */
export function request(options: RequestOptions): unknown {
  const id = ++lastId;
  const headersListeners = new Set<(result: unknown) => void>();
  settle('request', { ...options, complete: options.complete ?? ignore }, (outcome) => {
    const invalid = invalidUrl(options.url);
    if (invalid !== null) outcome.fail(invalid);
    else
      enqueue({
        options,
        message: messageOf(id, options),
        headersListeners,
        end: (how) => {
          how(outcome);
        },
      });
  });
  const task = {
    abort: () => {
      abort(id);
    },
    onHeadersReceived: (listener: (result: unknown) => void) => headersListeners.add(listener),
    offHeadersReceived: (listener: (result: unknown) => void) => headersListeners.delete(listener),
  };
  return task;
}

/** With a callback there is no promise: `wx.request` returns its task, always. */
function ignore(): void {
  // Nobody asked.
}

function invalidUrl(url: unknown): string | null {
  return typeof url === 'string' && /^https?:\/\/[^/]/.test(url) ? null : `invalid url "${String(url)}"`;
}

function messageOf(id: number, options: RequestOptions): Underway['message'] {
  const method = (options.method ?? 'GET').toUpperCase();
  const header = lowerCaseKeys(options.header ?? {});
  const withBody = method !== 'GET' && method !== 'HEAD';
  if (withBody) header['content-type'] ??= 'application/json';
  return {
    type: 'request',
    id,
    url: withBody ? options.url : addQuery(options.url, options.data),
    method,
    header,
    body: withBody ? encodeBody(options.data, header['content-type'] ?? '') : null,
    timeoutMs: options.timeout ?? defaultTimeoutMs,
    binary: options.responseType === 'arraybuffer',
  };
}

function lowerCaseKeys(header: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]));
}

function formEncode(data: object): string {
  return Object.entries(data)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join('&');
}

function addQuery(url: string, data: unknown): string {
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${formEncode(data)}`;
}

function encodeBody(data: unknown, contentType: string): string | ArrayBuffer | null {
  if (data === undefined || data === null) return null;
  if (typeof data === 'string' || data instanceof ArrayBuffer) return data;
  return contentType.includes('x-www-form-urlencoded') ? formEncode(data) : JSON.stringify(data);
}

function enqueue(item: Underway): void {
  queued.push(item);
  fill();
}

function fill(): void {
  while (inFlight.size < maxConcurrent) {
    const next = queued.shift();
    if (next === undefined) return;
    inFlight.set(next.message.id, next);
    network?.postMessage(next.message);
  }
}

function abort(id: number): void {
  const index = queued.findIndex(({ message }) => message.id === id);
  if (index >= 0)
    queued.splice(index, 1)[0]?.end((to) => {
      to.fail('abort');
    });
  else if (inFlight.has(id)) network?.postMessage({ type: 'abort', id });
}

function receive(reply: NetworkReply): void {
  const item = inFlight.get(reply.id);
  if (item === undefined) return;
  if (reply.type === 'headers') {
    for (const listener of item.headersListeners) listener({ header: reply.header });
    return;
  }
  inFlight.delete(reply.id);
  fill();
  if (reply.type === 'failed')
    item.end((to) => {
      to.fail(reply.reason);
    });
  else {
    const data = decode(reply.body, item.options);
    item.end((to) => {
      to.succeed({ data, statusCode: reply.status, header: reply.header, cookies: [] });
    });
  }
}

/** JSON is the default; what does not parse is handed over as the text it is, with no error. */
function decode(body: string | ArrayBuffer, { dataType = 'json' }: RequestOptions): unknown {
  if (typeof body !== 'string' || dataType !== 'json') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
