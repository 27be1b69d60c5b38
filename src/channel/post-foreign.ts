/** Messages of ours through somebody else's endpoint. */
import { isArrayBuffer } from '../codec/buffers.js';
import { DOMException } from '../core/dom-exception.js';
import { foreignKey } from './control-form.js';
import type { Outgoing } from './entangled.js';
import type { PortTraits } from './message.js';
import { bridgeAway } from './native-port.js';

interface Poster {
  postMessage(message: unknown, transfer?: object[]): void;
}

/**
 * Posts a control message through an endpoint that is not ours; its buffers move, and its ports become the platform's.
 * @throws DOMException `DataCloneError` where there are ports and the platform has none
 */
export function postForeign(outgoing: Outgoing, endpoint: Poster, traits: PortTraits): void {
  const { data, ports } = outgoing.clone().open();
  const { buffers } = (data as Record<typeof foreignKey, { readonly buffers: readonly unknown[] }>)[
    foreignKey
  ];
  const moved: object[] = buffers.filter(isArrayBuffer);
  for (const port of ports) {
    const away = bridgeAway(port, traits);
    if (away === null)
      throw new DOMException('a port cannot be sent through this endpoint', 'DataCloneError');
    moved.push(away);
  }
  if (moved.length === 0) endpoint.postMessage(data);
  else endpoint.postMessage(data, moved);
}
