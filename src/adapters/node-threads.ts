/** Node: `worker_threads`, reached at run time, so that a bundler for another platform sees no import. */
import { WorkerLostError, WorkerStartError } from '../core/worker-errors.js';
import type { HostThreads, HostWorkerOptions } from '../host/host.js';
import type { HostWorker, Pipe } from '../host/pipe.js';
import type { Ambient } from './ambient.js';
import { Inbox, toError } from './inbox.js';
import { createNoThreads } from './no-threads.js';
import { isNode } from './node.js';
import { acceptSharedRing, offerSharedRing } from './shared-ring-pipe.js';

interface NodeEndpoint {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  on(type: string, listener: (value: unknown) => void): unknown;
  ref(): void;
  unref(): void;
}
interface NodeWorker extends NodeEndpoint {
  terminate(): unknown;
}
interface NodeParentPort extends NodeEndpoint {
  close(): void;
}
interface WorkerThreads {
  readonly Worker: new (file: unknown, options: object) => NodeWorker;
  readonly parentPort: NodeParentPort | null;
}

const traits = { binary: true, transfer: true, bare: true };

/**
 * `process.getBuiltinModule` from Node 20.16 and 22.3 on, before that the `require` of a CommonJS main module. Never a
 * bare `require`: bundlers warn of one that they cannot resolve.
 */
function loadBuiltin(ambient: Ambient, id: string): unknown {
  const { process } = ambient;
  if (typeof process?.getBuiltinModule === 'function') return process.getBuiltinModule(id);
  return process?.mainModule?.require(id);
}

function startError(url: string, cause: unknown): WorkerStartError {
  const message = `Cannot start the worker ${JSON.stringify(url)}: ${toError(cause).message}.`;
  return new WorkerStartError('ERR_WORKER_START', message, { cause, value: url });
}

function startRaw(
  ambient: Ambient,
  threads: WorkerThreads,
  url: string,
  name: string | undefined,
): NodeWorker {
  try {
    const { URL } = loadBuiltin(ambient, 'url') as { URL: new (url: string) => unknown };
    const file = /^file:/.test(url) ? new URL(url) : url;
    return new threads.Worker(file, name === undefined ? {} : { name });
  } catch (cause) {
    throw startError(url, cause);
  }
}

function createWorkerPipe(raw: NodeWorker, url: string): HostWorker {
  const inbox = new Inbox();
  let tellError: ((error: Error) => void) | null = null;
  let failure: unknown;
  raw.on('message', (message) => inbox.receive(message));
  raw.on('messageerror', () => tellError?.(new Error('A message of the worker could not be read.')));
  // In Node an uncaught error always ends the thread; `exit` follows.
  raw.on('error', (error) => {
    failure = error;
    if (inbox.isOpen && inbox.heard) tellError?.(toError(error));
  });
  raw.on('exit', (code) => {
    if (failure === undefined && code === 0) inbox.end();
    else if (!inbox.heard)
      inbox.end(startError(url, failure ?? new Error(`it exited with code ${String(code)}`)));
    else {
      const message = `The worker ${JSON.stringify(url)} ended with code ${String(code)}.`;
      inbox.end(new WorkerLostError('ERR_WORKER_LOST', message, { cause: failure, value: url }));
    }
  });
  return {
    traits,
    send: (message, transfer) => raw.postMessage(message, transfer ?? []),
    listen: (events) => inbox.listen(events),
    close() {
      if (inbox.close()) void raw.terminate();
    },
    onError(listener) {
      tellError = listener;
    },
    keepAlive: (on) => (on ? raw.ref() : raw.unref()),
  };
}

function createParentPipe(port: NodeParentPort): Pipe {
  const inbox = new Inbox();
  port.on('message', (message) => inbox.receive(message));
  port.on('close', () => inbox.end());
  return {
    traits,
    send: (message, transfer) => port.postMessage(message, transfer ?? []),
    listen: (events) => inbox.listen(events),
    close() {
      if (inbox.close()) port.close();
    },
  };
}

/** The threads of Node's main thread or of one of its workers; `null` elsewhere. */
export function createNodeThreads(ambient: Ambient): HostThreads | null {
  if (!isNode(ambient)) return null;
  const threads = loadBuiltin(ambient, 'worker_threads') as WorkerThreads | undefined;
  if (threads === undefined) return createNoThreads('node');
  const { parentPort } = threads;
  let parent: Pipe | null = null;
  return {
    createWorker(url: string, options: HostWorkerOptions) {
      const worker = createWorkerPipe(startRaw(ambient, threads, url, options.name), url);
      return options.sharedMemory === true ? offerSharedRing(worker) : worker;
    },
    // Made when asked for: a listener on the port keeps the thread alive.
    parent: () => (parent ??= parentPort === null ? null : acceptSharedRing(createParentPipe(parentPort))),
  };
}
