/**
 * `mp-lanes/channel`: HTML's channel messaging and structured clone, in one thread and across threads.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';

export { MessageChannel, MessagePort } from './channel/message-port.js';
export { MessageEvent } from './channel/message-event.js';
export type { MessageEventInit } from './channel/message-event.js';
export type { MessageHandler } from './channel/message-target.js';
export { structuredClone } from './codec/clone.js';
export type { StructuredSerializeOptions } from './codec/clone.js';
export { decode, encode } from './codec/carrier.js';
export type { DecodeCarrierOptions, EncodeCarrierOptions } from './codec/carrier.js';
export type { Encoded } from './codec/encode.js';
export type { Limits } from './codec/limits.js';
export { registerType } from './codec/registered-types.js';
export type { TypeDescription } from './codec/registered-types.js';
export { DOMException } from './core/dom-exception.js';
export type { DOMExceptionOptions } from './core/dom-exception.js';
export { Event } from './core/event.js';
export type { EventInit } from './core/event.js';
export { EventTarget } from './core/event-target.js';
export type {
  AddEventListenerOptions,
  EventHandler,
  EventListener,
  EventListenerOptions,
} from './core/event-target.js';
export { LanesError } from './core/errors.js';
export type { ErrorCode, LanesErrorOptions } from './core/errors.js';

provideHost(detectHost);
