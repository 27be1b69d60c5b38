/** One end of a link as an application sees it: a target of messages on the implicit port. */
import { Link } from '../../src/channel/link.js';
import type { MessageEvent } from '../../src/channel/message-event.js';
import { MessagePort, portTraits, postThrough } from '../../src/channel/message-port.js';
import { deliverTo } from '../../src/channel/message-target.js';
import { EventTarget } from '../../src/core/event-target.js';
import type { Pipe } from '../../src/host/pipe.js';

/** What an end hears on its implicit port. */
export type Heard = MessageEvent<unknown, MessagePort>;

/** One end, open and listening from its making. */
export class LinkedEnd extends EventTarget {
  readonly link: Link;
  /** How often the implicit port said that nothing more comes. */
  closes = 0;
  /** Every fault that the link told. */
  readonly faults: Error[] = [];
  /** Called with what arrives at the implicit port. */
  heard: (event: Heard) => void = () => undefined;
  /** Called with the error of a message at the implicit port that could not be read. */
  unreadable: (error: unknown) => void = () => undefined;

  constructor(pipe: Pipe, waits = true) {
    super();
    this.link = new Link(pipe, portTraits, waits);
    this.link.root.setOwner({
      deliver: (parcel) => deliverTo(this, parcel),
      closed: () => this.closes++,
    });
    this.link.events.on('fault', (error) => this.faults.push(error));
    this.addEventListener('message', (event: Heard) => this.heard(event));
    this.addEventListener('messageerror', (event: Heard) => this.unreadable(event.data));
    this.link.root.enable();
    this.link.open();
  }

  /** Posts through the implicit port, moving what `transfer` lists. */
  post(value: unknown, transfer: readonly object[] = []): void {
    const ports = transfer.filter((object) => object instanceof MessagePort);
    const buffers = transfer.filter((object) => object instanceof ArrayBuffer);
    postThrough(this.link.root, value, { ports, buffers: new Set(buffers) });
  }
}
