/** A browser: dedicated workers, and the thread above one. */
import { WorkerStartError } from '../core/worker-errors.js';
import type { HostThreads, HostWorkerOptions } from '../host/host.js';
import type { HostWorker, Pipe } from '../host/pipe.js';
import type { WebEndpoint } from './ambient-elsewhere.js';
import type { Ambient } from './ambient.js';
import { Inbox, toError } from './inbox.js';
import { createNoThreads } from './no-threads.js';
import { acceptSharedRing, offerSharedRing } from './shared-ring-pipe.js';
import { isWeb } from './web.js';

/** Whether this page or worker may share memory with others; missing in browsers that do not ask for isolation. */
declare const crossOriginIsolated: boolean | undefined;

const traits = { binary: true, transfer: true, bare: true };

function send(endpoint: WebEndpoint, message: unknown, transfer?: readonly ArrayBuffer[]): void {
  if (transfer === undefined || transfer.length === 0) endpoint.postMessage(message);
  else endpoint.postMessage(message, transfer);
}

function startError(url: string, cause: unknown): WorkerStartError {
  const reason = cause instanceof Error ? cause.message : 'the script could not be loaded';
  return new WorkerStartError(
    'ERR_WORKER_START',
    `Cannot start the worker ${JSON.stringify(url)}: ${reason}.`,
    {
      cause,
      value: url,
    },
  );
}

function startRaw(ambient: Ambient, url: string, options: HostWorkerOptions): WebEndpoint {
  const { Worker } = ambient;
  if (Worker === undefined) return createNoThreads('web').createWorker(url, options) as never;
  try {
    return new Worker(url, { type: options.type ?? 'classic', name: options.name ?? '' });
  } catch (cause) {
    throw startError(url, cause);
  }
}

function createWorkerPipe(raw: WebEndpoint, url: string): HostWorker {
  const inbox = new Inbox();
  let tellError: ((error: Error) => void) | null = null;
  raw.addEventListener('message', (event) => inbox.receive(event.data));
  raw.addEventListener('messageerror', () =>
    tellError?.(new Error('A message of the worker could not be read.')),
  );
  raw.addEventListener('error', (event) => {
    if (!inbox.isOpen) return;
    event.preventDefault?.(); // It is reported by whoever listens; not a second time by the browser.
    // A script that was not found gives a plain Event, one that threw while loading never answers: both never started.
    if (inbox.heard) {
      tellError?.(toError(event));
    } else {
      raw.terminate?.();
      inbox.end(startError(url, event.message === undefined ? undefined : toError(event)));
    }
  });
  return {
    traits,
    send: (message, transfer) => send(raw, message, transfer),
    listen: (events) => inbox.listen(events),
    close() {
      if (inbox.close()) raw.terminate?.();
    },
    onError(listener) {
      tellError = listener;
    },
  };
}

function createParentPipe(scope: WebEndpoint): Pipe {
  const inbox = new Inbox();
  scope.addEventListener('message', (event) => inbox.receive(event.data));
  return {
    traits,
    send: (message, transfer) => send(scope, message, transfer),
    listen: (events) => inbox.listen(events),
    close() {
      if (inbox.close()) scope.close?.();
    },
  };
}

function startWorker(ambient: Ambient, url: string, options: HostWorkerOptions): HostWorker {
  const worker = createWorkerPipe(startRaw(ambient, url, options), url);
  const isIsolated = typeof crossOriginIsolated === 'boolean' && crossOriginIsolated;
  return options.sharedMemory === true && isIsolated ? offerSharedRing(worker) : worker;
}

/** The threads of a window or of a dedicated worker; `null` elsewhere. */
export function createWebThreads(ambient: Ambient): HostThreads | null {
  if (!isWeb(ambient)) return null;
  const { self } = ambient;
  // A dedicated worker's scope can post to its parent; a window's `postMessage` is something else.
  const inWorker =
    self !== undefined && ambient.document === undefined && typeof self.postMessage === 'function';
  const parent = inWorker ? acceptSharedRing(createParentPipe(self)) : null;
  return {
    createWorker: (url, options) => startWorker(ambient, url, options),
    parent: () => parent,
  };
}
