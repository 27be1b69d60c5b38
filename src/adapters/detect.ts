/**
 * Which environment this is. Entries hand `detectHost` to `provideHost`; it looks when a host is first needed.
 */
import type { Host } from '../host/host.js';
import { readAmbient } from './ambient.js';
import type { Ambient } from './ambient.js';
import { createEcmascriptHost } from './ecmascript.js';
import { createMiniProgramWorkerHost } from './mini-program-worker.js';
import { createMiniProgramHost } from './mini-program.js';
import { createNodeHost } from './node.js';
import { createWebHost } from './web.js';

/**
 * The host of the environment that `ambient` describes: a mini-program's logic layer, a mini-program's worker, Node, the
 * web, plain ECMAScript, in this order. Mini-programs first, because DevTools and previews run them in browsers; Node
 * before the web, because test environments put a `window` into Node.
 */
export function detectHost(ambient: Ambient = readAmbient()): Host {
  return (
    createMiniProgramHost(ambient) ||
    createMiniProgramWorkerHost(ambient) ||
    createNodeHost(ambient) ||
    createWebHost(ambient) ||
    createEcmascriptHost(ambient)
  );
}
