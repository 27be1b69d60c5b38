/** An endpoint: anything with `postMessage` and `addEventListener`. Our ports, workers and `self`, and native ones. */
import { controlSteps, foreignKey } from '../channel/control-form.js';
import type { ControlListener, ControlPort, HasControl } from '../channel/control-form.js';
import type { Outgoing } from '../channel/entangled.js';
import { readForeign } from '../channel/foreign-control.js';
import { portTraits } from '../channel/message-port.js';
import { postForeign } from '../channel/post-foreign.js';
import { LanesError } from '../core/errors.js';
import { isObject } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';

/** What a listener of an endpoint is told. */
export interface EndpointEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly ports?: readonly object[];
}

/** One end of a way to post messages, as `wrap` and `expose` take it. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: object[]): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  removeEventListener(type: string, listener: (event: never) => void): void;
  /** A port's: lets messages in. */
  start?(): void;
}

/** @throws TypeError for what has no `postMessage` and `addEventListener` */
export function requireEndpoint(who: string, endpoint: unknown): asserts endpoint is Endpoint {
  const { postMessage, addEventListener } = Object(endpoint) as Partial<Endpoint>;
  if (isObject(endpoint) && typeof postMessage === 'function' && typeof addEventListener === 'function')
    return;
  throw new TypeError(
    `${who}: not an endpoint, which has postMessage and addEventListener: ${String(endpoint)}`,
  );
}

/** The way of control messages through `endpoint`. */
export function controlPortOf(endpoint: Endpoint): ControlPort {
  return controlSteps in endpoint
    ? (endpoint as unknown as HasControl)[controlSteps]
    : new ForeignPort(endpoint);
}

/** Somebody else's endpoint: control messages travel as members of plain ones, each at once. */
class ForeignPort implements ControlPort {
  readonly isReady = true;
  readonly bufferedAmount = 0;

  constructor(private readonly endpoint: Endpoint) {}

  post(message: Outgoing): void {
    postForeign(message, this.endpoint, portTraits);
  }

  flush(): void {
    // Everything has left.
  }

  listen(listener: ControlListener): void {
    const { endpoint } = this;
    endpoint.addEventListener('message', ({ data, ports = [] }: EndpointEvent) => {
      // Cheap first: what is not for us is somebody else's, and stays as it is.
      if (!isObject(data) || !(foreignKey in data)) return;
      const message = readForeign(data, ports, portTraits);
      // The host's turn that brought the message is used for it.
      if (message !== null) currentRuntime().pump.runSlice(() => listener.take(message));
    });
    endpoint.addEventListener('close', () =>
      listener.closed(new LanesError('ERR_PORT_CLOSED', 'the port was closed at the other end')),
    );
    endpoint.start?.();
  }
}
