/**
 * Which environment this is. Entries hand `detectHost` to `provideHost`; it looks when a host is first needed.
 */
import type { Host } from '../host/host.js';
import { readAmbient } from './ambient.js';
import type { Ambient, MiniProgramApi } from './ambient.js';
import { createEcmascriptHost } from './ecmascript.js';
import { createMiniProgramWorkerHost } from './mini-program-worker.js';
import { createMiniProgramHost, miniProgramNames } from './mini-program.js';
import { createNodeHost } from './node.js';
import { createWebHost } from './web.js';

/**
 * Whether `api` belongs to a mini-program. A web page inside WeChat has a `wx` too (the JS-SDK), which can do none of
 * these; and a mini-program without workers (Taobao) still tells when it goes to the background.
 */
function isMiniProgramApi(api: MiniProgramApi | undefined): api is MiniProgramApi {
  return typeof api?.createWorker === 'function' || typeof api?.onAppHide === 'function';
}

/**
 * The host of the environment that `ambient` describes: a mini-program's logic layer, a mini-program's worker, Node, the
 * web, plain ECMAScript, in this order. Mini-programs first, because DevTools and previews run them in browsers; Node
 * before the web, because test environments put a `window` into Node.
 */
export function detectHost(ambient: Ambient = readAmbient()): Host {
  for (const name of miniProgramNames) {
    const api = ambient[name];
    if (isMiniProgramApi(api)) return createMiniProgramHost(name, api, ambient);
  }
  const { worker, process, self } = ambient;
  if (typeof worker?.postMessage === 'function' && typeof worker.onMessage === 'function') {
    return createMiniProgramWorkerHost(worker, ambient);
  }
  if (process?.versions?.node !== undefined) return createNodeHost(ambient);
  if (typeof self?.addEventListener === 'function') return createWebHost(ambient);
  return createEcmascriptHost(ambient);
}
