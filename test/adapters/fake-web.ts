/** The globals of a browser's window whose workers are functions, over Node's own `MessageChannel`. */
import { MessageChannel } from 'node:worker_threads';
import type { MessageLike, WebEndpoint } from '../../src/adapters/ambient-elsewhere.js';
import type { Ambient } from '../../src/adapters/ambient.js';
import { createWebThreads } from '../../src/adapters/web-threads.js';
import { readAmbient } from '../../src/adapters/ambient.js';
import type { Pipe } from '../../src/host/pipe.js';

type Listener = (event: MessageLike) => void;

/** An endpoint with listeners, over one end of a channel. */
function createEndpoint(port: InstanceType<typeof MessageChannel>['port1'], onClose: () => void) {
  const listeners = new Map<string, Listener[]>();
  const fire = (type: string, event: MessageLike): void =>
    (listeners.get(type) ?? []).forEach((each) => each(event));
  port.on('message', (data: unknown) => fire('message', { data }));
  const endpoint: WebEndpoint = {
    postMessage: (message, transfer) => port.postMessage(message, transfer as ArrayBuffer[] | undefined),
    addEventListener: (type, listener) =>
      void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    terminate: onClose,
    close: onClose,
  };
  return { endpoint, fire };
}

/** A window; `mains` says which worker scripts there are. */
export function createFakeWeb(mains: Record<string, (pipe: Pipe) => void>): Partial<Ambient> {
  class Worker implements WebEndpoint {
    private readonly endpoint: WebEndpoint;

    constructor(url: string) {
      const { port1, port2 } = new MessageChannel();
      const close = (): void => {
        port1.close();
        port2.close();
      };
      const { endpoint, fire } = createEndpoint(port1, close);
      this.endpoint = endpoint;
      const main = mains[url];
      setTimeout(() => {
        // A script that cannot be loaded: a plain event, without a message.
        if (main === undefined) fire('error', {});
        else this.run(main, createEndpoint(port2, close).endpoint);
      });
    }

    private run(main: (pipe: Pipe) => void, self: WebEndpoint): void {
      main(createWebThreads({ ...readAmbient(), self, document: undefined })!.parent()!);
    }

    postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void {
      this.endpoint.postMessage(message, transfer);
    }

    addEventListener(type: string, listener: Listener): void {
      this.endpoint.addEventListener(type, listener);
    }

    terminate(): void {
      this.endpoint.terminate?.();
    }
  }
  const document = { visibilityState: 'visible', addEventListener: () => undefined };
  const requestIdleCallback = (callback: (deadline: unknown) => void): unknown =>
    setTimeout(() => callback({ didTimeout: false, timeRemaining: () => 7 }), 1);
  const cancelIdleCallback = (id: unknown): void => clearTimeout(id as NodeJS.Timeout);
  const self = { addEventListener: () => undefined, postMessage: () => undefined };
  return { Worker, self, document, requestIdleCallback, cancelIdleCallback };
}
