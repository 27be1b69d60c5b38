/**
 * How a message of `wx.createWorker` is copied. Clients differ (some clone, some only know JSON), so the preview's
 * default is the harshest that still occurs: JSON, with an `ArrayBuffer` kept where it is a member of the message or
 * one level below. Anything else loses what JSON loses: `undefined`, `NaN`, `Map`, `Date`, typed arrays, cycles.
 */
import type { Carrier, Packet } from './protocol.js';

const bufferKey = '__preview_buffer__';

/** Packs `message` for the other thread; throws what the carrier throws, as on a device. */
export function pack(message: unknown, carrier: Carrier): Packet {
  if (carrier === 'clone') return { carrier, value: message };
  const buffers: ArrayBuffer[] = [];
  const text = JSON.stringify(liftBuffers(message, buffers, 2)) as string | undefined;
  return { carrier, text: text ?? 'null', buffers };
}

/** The message as the other side receives it. */
export function unpack(packet: Packet): unknown {
  if (packet.carrier === 'clone') return packet.value;
  const value: unknown = JSON.parse(packet.text);
  return packet.buffers.length === 0 ? value : lowerBuffers(value, packet.buffers);
}

function liftBuffers(value: unknown, buffers: ArrayBuffer[], depth: number): unknown {
  if (value instanceof ArrayBuffer) return { [bufferKey]: buffers.push(value) - 1 };
  if (depth === 0 || !hasBuffer(value, depth)) return value;
  const lift = (item: unknown): unknown => liftBuffers(item, buffers, depth - 1);
  if (Array.isArray(value)) return value.map(lift);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lift(item)]));
}

function hasBuffer(value: unknown, depth: number): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const items: unknown[] = Object.values(value);
  return items.some((item) => item instanceof ArrayBuffer || (depth > 1 && hasBuffer(item, depth - 1)));
}

function lowerBuffers(value: unknown, buffers: readonly ArrayBuffer[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (bufferKey in value) return buffers[Number(value[bufferKey])];
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) record[key] = lowerBuffers(record[key], buffers);
  return value;
}
