/** `MessageEvent`. https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface */
import { Event, ofOurOwn } from '../core/event.js';
import {
  defineInterface,
  dictionary,
  domString,
  internalSlot,
  isObject,
  notA,
  required,
  sequence,
} from '../core/webidl.js';
import type { EventInit } from '../core/event.js';
import type { Members, Slot } from '../core/webidl.js';

/** What a message event may be told at its making. `P` is the class of ports. */
export interface MessageEventInit<T = unknown, P extends object = object> extends EventInit {
  /** @defaultValue `null` */
  readonly data?: T;
  /** @defaultValue `''` */
  readonly origin?: string;
  /** @defaultValue `''` */
  readonly lastEventId?: string;
  /** @defaultValue `null` */
  readonly source?: object | null;
  /** @defaultValue no ports */
  readonly ports?: Iterable<P>;
}

interface MessageSlot extends Slot {
  data: unknown;
  origin: string;
  lastEventId: string;
  source: object | null;
  ports: readonly object[];
}

/** The ports of a message that brings none. */
export const noPorts: readonly never[] = Object.freeze([]);

/**
 * What a message event of the library's own is made of: nothing in it needs to be converted or checked, and `undefined`
 * stays what it is, for it is a message too.
 */
export class Arrived {
  /** See `core/task.ts`. */
  static readonly kept = new Arrived(null, noPorts);

  constructor(
    readonly data: unknown,
    readonly ports: readonly object[],
  ) {}
}

const messageSlot = internalSlot<MessageSlot>();

/**
 * A message that arrived at a port or a worker.
 * @example
 * ```js
 * port.onmessage = (event) => console.log(event.data, event.ports.length);
 * ```
 * @see https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface
 */
export class MessageEvent<T = unknown, P extends object = object> extends Event {
  constructor(type: string, eventInitDict: MessageEventInit<T, P> = {}) {
    required(arguments.length, 1);
    if (eventInitDict instanceof Arrived) {
      super(type, ofOurOwn);
      const { data, ports } = eventInitDict as Arrived;
      messageSlot.put({ owner: this, data, lastEventId: '', origin: '', ports, source: null });
      return;
    }
    super(type, eventInitDict);
    const init: Members = dictionary(eventInitDict);
    const { data } = init;
    messageSlot.put({
      owner: this,
      data: data === undefined ? null : data,
      lastEventId: stringOr(init['lastEventId']),
      origin: wellFormed(stringOr(init['origin'])),
      ports: portsOf(init['ports']),
      source: sourceOf(init['source']),
    });
  }

  /** The message. */
  get data(): T {
    return messageSlot.of(this).data as T;
  }

  /** Always `''` for messages of ports and workers. */
  get origin(): string {
    return messageSlot.of(this).origin;
  }

  get lastEventId(): string {
    return messageSlot.of(this).lastEventId;
  }

  get source(): object | null {
    return messageSlot.of(this).source;
  }

  /** The ports sent with the message: one frozen array, the same at each reading. */
  get ports(): readonly P[] {
    return messageSlot.of(this).ports as readonly P[];
  }

  /** The legacy way to set up a message event; does nothing while the event is dispatched. */
  initMessageEvent(
    type: string,
    bubbles = false,
    cancelable = false,
    data: unknown = null,
    origin = '',
    lastEventId = '',
    source: object | null = null,
    ports: Iterable<object> = noPorts,
  ): void {
    const state = messageSlot.of(this);
    required(arguments.length, 1);
    const name = domString(type);
    const given = wellFormed(domString(origin));
    const id = domString(lastEventId);
    const from = sourceOf(source);
    const list = portsOf(ports);
    if (this.eventPhase !== Event.NONE) return;
    this.initEvent(name, bubbles, cancelable);
    Object.assign(state, { data, origin: given, lastEventId: id, source: from, ports: list });
  }
}

defineInterface(MessageEvent, 'MessageEvent');

function stringOr(value: unknown): string {
  return value === undefined ? '' : domString(value);
}

/** https://webidl.spec.whatwg.org/#js-USVString: a surrogate without its pair becomes U+FFFD. */
function wellFormed(text: string): string {
  if (text === '') return text;
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) =>
    found.length > 1 ? found : '\uFFFD',
  );
}

/** By its public members, so that the platform's own ports are accepted too. */
function isPort(value: unknown): value is object {
  return isObject(value) && typeof (value as { postMessage?: unknown }).postMessage === 'function';
}

function portOf(value: unknown): object {
  if (!isPort(value)) throw notA('a MessagePort', value);
  return value;
}

function portsOf(value: unknown): readonly object[] {
  return value === undefined ? noPorts : Object.freeze(sequence(value, portOf));
}

function sourceOf(value: unknown): object | null {
  return value === undefined || value === null ? null : portOf(value);
}
