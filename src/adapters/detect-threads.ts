/**
 * Which other threads this environment has. Apart from `detect.ts`, because an entry that only schedules should not carry
 * how workers are started.
 *
 * Invariant: the environment's threads are made once, at their first use.
 */
import type { HostThreads } from '../host/host.js';
import { currentRuntime } from '../host/runtime.js';
import { readAmbient } from './ambient.js';
import type { Ambient } from './ambient.js';
import { createMiniProgramWorkerThreads } from './mini-program-parent.js';
import { createMiniProgramThreads } from './mini-program-threads.js';
import { createNoThreads } from './no-threads.js';
import { createNodeThreads } from './node-threads.js';
import { createWebThreads } from './web-threads.js';

/** The threads of the environment that `ambient` describes, looked for in the order of `detectHost`. */
export function detectThreads(ambient: Ambient = readAmbient()): HostThreads {
  return (
    createMiniProgramThreads(ambient) ||
    createMiniProgramWorkerThreads(ambient) ||
    createNodeThreads(ambient) ||
    createWebThreads(ambient) ||
    createNoThreads('ecmascript')
  );
}

let detected: HostThreads | undefined;

/** The threads of the host in force if it brings its own, as the virtual one does; else those of the environment. */
export function currentThreads(): HostThreads {
  return currentRuntime().host.threads ?? (detected ??= detectThreads());
}
