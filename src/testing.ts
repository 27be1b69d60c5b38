/**
 * `mp-lanes/testing`: a deterministic host to test mini-programs on, and pipes within one thread.
 */
import { detectHost } from './adapters/detect.js';
import { connectPipes } from './adapters/pipe-pair.js';
import type { PipePair, PipePairOptions } from './adapters/pipe-pair.js';
import type { VirtualHost } from './adapters/virtual-host.js';
import type { Host } from './host/host.js';
import { currentRuntime, provideHost } from './host/runtime.js';

export { createVirtualHost } from './adapters/virtual-host.js';
export { seedSelect } from './go/chance.js';
export { installHost } from './host/runtime.js';
export type { PipeFault, PipePair, PipePairOptions } from './adapters/pipe-pair.js';
export type { TurnKind } from './adapters/virtual-turns.js';
export type { VirtualHost, VirtualHostOptions } from './adapters/virtual-host.js';
export type { VirtualWorker } from './adapters/virtual-threads.js';
export type { Host } from './host/host.js';
export type { HostWorker, Pipe, PipeEvents, PipeTraits } from './host/pipe.js';
export type { PumpOptions } from './core/pump.js';
export { createLinkedEnds } from './worker/linked-ends.js';
export type { LinkFault, LinkedEnds, LinkedEndsOptions } from './worker/linked-ends.js';
export type { WorkerScope } from './worker/worker-scope.js';

provideHost(detectHost);

function isVirtual(host: Host): host is VirtualHost {
  return host.name === 'virtual';
}

/**
 * Two pipes that are each other's other end, on the host in force: virtual time where a virtual host is installed.
 *
 * @example
 * const { a, b } = createPipePair({ binary: false, faults: (message, { index }) => (index === 2 ? 'drop' : undefined) });
 * b.listen({ message: (message) => console.log(message), end: () => undefined });
 * a.send({ hello: 1 });
 */
export function createPipePair(options?: PipePairOptions): PipePair {
  const { host } = currentRuntime();
  const now = (): number => host.time.now();
  if (isVirtual(host)) return connectPipes(host.deliver, now, options);
  const deliver = (delayMs: number, run: () => void): void => {
    if (delayMs > 0) host.time.setTimer(run, delayMs);
    else host.turns.macrotask(run);
  };
  return connectPipes(deliver, now, options);
}
