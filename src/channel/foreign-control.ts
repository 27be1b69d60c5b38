/** Control messages where only plain messages can travel: ports of the platform's, and whatever a user made. */
import { isArrayBuffer } from '../codec/buffers.js';
import { isObject } from '../core/webidl.js';
import { foreignKey, isSessionItem } from './control-form.js';
import { ControlMessage } from './control-message.js';
import type { PortTraits } from './message.js';

/** The control message in what somebody else's port brought; `null` where it is none. */
export function readForeign(
  data: unknown,
  ports: readonly object[],
  traits: PortTraits,
): ControlMessage | null {
  if (!isObject(data)) return null;
  const content = (data as Record<string, unknown>)[foreignKey];
  if (!isObject(content)) return null;
  const { text, buffers } = content as { readonly text?: unknown; readonly buffers?: unknown };
  if (typeof text !== 'string' || !Array.isArray(buffers) || !buffers.every(isArrayBuffer)) return null;
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isSessionItem(fields)) return null;
  const queues = ports.map((port) => traits.detach(port));
  const beside = { buffers: buffers, queues, traits, taken: null, hops: 0 };
  return new ControlMessage(fields[0], fields, 1, beside);
}
