/**
 * The workers of a mini-program, as its logic layer has them. One may live at a time, but for clients with the standard
 * workers of mini-games, which also move buffers.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/worker/wx.createWorker.html
 * @see https://developers.weixin.qq.com/minigame/dev/guide/base-ability/new-worker.html
 */
import { WorkerLostError, WorkerStartError } from '../core/worker-errors.js';
import type { HostThreads, HostWorkerOptions } from '../host/host.js';
import type { HostWorker } from '../host/pipe.js';
import type { Ambient, MiniProgramApi, MiniProgramWorker } from './ambient.js';
import { readCarried, textCarriers, toText } from './carrier.js';
import { Inbox, toError } from './inbox.js';
import { findMiniProgram } from './mini-program.js';

function startError(url: string, cause: unknown): WorkerStartError {
  const reason = toError(cause).message;
  return new WorkerStartError(
    'ERR_WORKER_START',
    `Cannot start the worker ${JSON.stringify(url)}: ${reason}. ` +
      'Is it a .js file inside the directory that "workers" in app.json names, given relative to the project root?',
    { cause, value: url },
  );
}

/** Starts the platform's worker; what it throws or fails to return becomes one kind of error. */
function startRaw(api: MiniProgramApi, url: string, options: HostWorkerOptions): MiniProgramWorker {
  let raw: MiniProgramWorker | null | undefined;
  try {
    if (typeof api.createWorker !== 'function') throw new Error('this client has no createWorker');
    raw = options.useExperimentalWorker
      ? api.createWorker(url, { useExperimentalWorker: true })
      : api.createWorker(url);
  } catch (cause) {
    throw startError(url, cause);
  }
  // Alipay returns something falsy instead of throwing.
  if (!raw || typeof raw.postMessage !== 'function')
    throw startError(url, new Error('createWorker returned nothing'));
  return raw;
}

const none: readonly never[] = [];

/** Hands a message over, with a list of what is moved where the client has said that it takes one. */
function send(raw: MiniProgramWorker, message: unknown, transfer: readonly ArrayBuffer[] = none): void {
  if (transfer.length === 0) return raw.postMessage(message);
  try {
    raw.postMessage(message, transfer);
  } catch {
    // It does not after all: then they are copied.
    raw.postMessage(message);
  }
}

/** Our end of a started worker. `onOver` is called once when it no longer lives. */
function createWorkerPipe(
  raw: MiniProgramWorker,
  url: string,
  asText: boolean,
  transfer: boolean,
  onOver: () => void,
): HostWorker {
  const inbox = new Inbox();
  let tellError: ((error: Error) => void) | null = null;

  function end(error: unknown): void {
    if (!inbox.isOpen) return;
    onOver();
    inbox.end(error);
  }
  raw.onMessage?.((message) => inbox.receive(readCarried(message)));
  raw.onError?.((payload) => {
    if (!inbox.isOpen) return;
    // Nothing heard yet: the script is missing or failed while loading, and will never answer.
    if (!inbox.heard) {
      raw.terminate?.();
      end(startError(url, payload));
    } else tellError?.(toError(payload));
  });
  raw.onProcessKilled?.(() => {
    const message = `The system killed the worker ${JSON.stringify(url)}.`;
    end(new WorkerLostError('ERR_WORKER_LOST', message, { value: url }));
  });
  return {
    traits: { binary: !asText, transfer, bare: false },
    send: (message, moved) => send(raw, asText ? toText(message) : message, transfer ? moved : none),
    listen: (events) => inbox.listen(events),
    close() {
      if (!inbox.close()) return;
      onOver();
      raw.terminate?.();
    },
    onError(listener) {
      tellError = listener;
    },
  };
}

/**
 * Fetches the subpackage that all workers lie in, where the client can; once.
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/base/subpackage/wx.preDownloadSubpackage.html
 */
function createFetch(api: MiniProgramApi): NonNullable<HostThreads['fetchSubpackage']> {
  let isThere = typeof api.preDownloadSubpackage !== 'function';
  return (url, onProgress, onEnd) => {
    if (isThere) return onEnd(null);
    const fail = (cause: unknown): void => {
      const message =
        `Cannot fetch the subpackage of the worker ${JSON.stringify(url)}: ${toError(cause).message}. ` +
        'Does app.json say "workers": {"path": "…", "isSubpackage": true}?';
      onEnd(new WorkerStartError('ERR_WORKER_START', message, { cause, value: url }));
    };
    const success = (): void => {
      isThere = true;
      onEnd(null);
    };
    try {
      const task = api.preDownloadSubpackage?.({ packageType: 'workers', success, fail });
      task?.onProgressUpdate?.((progress) =>
        onProgress(progress.totalBytesWritten, progress.totalBytesExpectedToWrite),
      );
    } catch (cause) {
      fail(cause);
    }
  };
}

/** The threads of a mini-program's logic layer; `null` elsewhere. */
export function createMiniProgramThreads(ambient: Ambient): HostThreads | null {
  const found = findMiniProgram(ambient);
  if (found === undefined) return null;
  const { name, api } = found;
  let liveUrl: string | null = null;
  return {
    fetchSubpackage: createFetch(api),
    createWorker(url, options) {
      const isStandard = Boolean(api.env?.isSupportStandardWorker);
      if (liveUrl !== null && !isStandard) {
        throw new WorkerStartError(
          'ERR_WORKER_BUSY',
          `Cannot start the worker ${JSON.stringify(url)}: ${JSON.stringify(liveUrl)} is running, and a mini-program may ` +
            'have one worker at a time. Share it with shareWorker(), expose both APIs in one worker, or call terminate() ' +
            'on that one first.',
          { value: url },
        );
      }
      const raw = startRaw(api, url, options);
      liveUrl = url;
      return createWorkerPipe(raw, url, textCarriers.has(name), isStandard, () => {
        liveUrl = null;
      });
    },
    parent: () => null,
  };
}
